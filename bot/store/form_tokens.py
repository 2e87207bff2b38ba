"""Form tokens: what a form carries, so that whoever sends it twice acts once."""

from datetime import datetime

from sqlalchemy import insert, select

from bot.store.session import Session
from bot.store.tables import form_token


def use(session: Session, now: datetime, token: str) -> None:
    """Use a form's token up; raises Duplicate at the flush if the same form was sent before."""
    session.run(insert(form_token).values(token=token, used_at=now))


def is_used(session: Session, token: str) -> bool:
    """Whether the form of this token was sent."""
    return session.run(select(form_token.c.token).where(form_token.c.token == token)).first() is not None
