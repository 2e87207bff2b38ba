"""What `main` hands the panel, and where a view finds it."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app

from bot.casework.thread import Means
from bot.channels.simulator import Mailbox
from bot.config import Settings
from bot.conversation.lexicon import Lexicon
from bot.delivery.queue import Doorbell
from bot.languages import Catalogues
from bot.languages.cost import Tariff
from bot.people.addresses import Telephone
from bot.places.gazetteer import Gazetteer
from bot.store import Store
from bot.walks import Budgets, Transcripts

_NAME = "kunnafoni"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The rooms that the panel speaks to.

    `catalogues` are those of the domain admin, `spoken` what the bot says, `lexicon` what triage is suggested by,
    `budgets` and `transcripts` what the flows would say, `means` what a reporter is written to with. `sms_channels` are
    the wires whose texts are counted in SMS, `telephone` is how a number told at the desk is reached. `simulate` is
    what a simulated phone does without JavaScript: phone, text, whether it is a missed call; the reply or None.
    """

    store: Store
    settings: Settings
    gazetteer: Gazetteer
    catalogues: Catalogues
    spoken: Catalogues
    lexicon: Lexicon
    budgets: Budgets
    transcripts: Transcripts
    tariffs: Sequence[Tariff]
    doorbell: Doorbell
    means: Means
    clock: Callable[[], datetime]
    sms_channels: Set[str]
    telephone: Telephone
    mailbox: Mailbox
    simulate: Callable[[str, str, bool], str | None]


def keep(extensions: dict[str, object], services: Services) -> None:
    """Let the views of an application find these."""
    extensions[_NAME] = services


def services() -> Services:
    """Those of the application that answers now."""
    return cast(Services, current_app.extensions[_NAME])


def now() -> datetime:
    """The time by the panel's clock, in UTC."""
    return services().clock()
