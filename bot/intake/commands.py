"""What each command does. They are understood before any flow, and never inside a sentence."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from bot import talks
from bot.casework import members, reports
from bot.casework.keeping import forgetting
from bot.casework.reports import Standing
from bot.casework.telling import answers
from bot.conversation.commands import Command, Word
from bot.conversation.words import found_out
from bot.delivery.receipts import opt_out
from bot.intake.hearing import Hearing
from bot.intake.turn import Turn, cause
from bot.store.audit import Action, note
from bot.store.tables import ReportStatus, TalkStatus, Veracity, address
from bot.talks import Spoken, Talks

#: So many wrong codes in a day, then STATUS answers as if every code were wrong.
CODE_TRIES = 5


class Commands:
    """Does what a command asks, with the same words and talks as everything else."""

    def __init__(self, hearing: Hearing, conversations: Talks) -> None:
        self._hearing = hearing
        self._talks = conversations

    def obey(self, turn: Turn, command: Command) -> Spoken:
        """Do it, and what to say."""
        return _ACTS[command.word](self, turn, command)

    def _stop(self, turn: Turn, _command: Command) -> Spoken:
        turn.acts.append(lambda: opt_out(turn.session, turn.sender.id, turn.now, "sender"))
        _ = mark
        return self._hearing.words(
            turn,
            _("Done, you will get no more messages. If you write to us, we will always read you. To come back: START."),
        )

    def _restart(self, turn: Turn, command: Command) -> Spoken:
        if turn.sender.opted_out:
            turn.acts.append(lambda: _opt_in(turn))
        return self._menu(turn, command)

    def _help(self, turn: Turn, _command: Command) -> Spoken:
        _ = mark
        if turn.wire.hears_calls:
            reading = self._hearing.reading(turn)
            return self._hearing.words(
                turn,
                _(
                    "Public service: information, advice, opinions. MENU = services, LANGUAGE = language, STOP = no "
                    "more messages. A missed call and we call you back, %(hours)sh. Emergencies: 17, 18, 15."
                ),
                hours=f"{reading.opens}-{reading.closes}",
            )
        return self._hearing.words(
            turn,
            _(
                "Public service: information, advice, opinions. MENU = services, LANGUAGE = language, STOP = no more "
                "messages. Emergencies: 17, 18, 15."
            ),
        )

    def _menu(self, turn: Turn, _command: Command) -> Spoken:
        # Whoever looks through the services goes back to the first page; what was told or asked of them stays asked.
        browses = turn.talk and turn.talk.flow == "menu" and turn.talk.report_id is None
        if turn.talk and turn.talk.asked and not browses:
            return self._talks.ask_again(turn.talk, turn)
        if browses:
            talks.leave_open(turn.session, turn.sender.id, turn.now)
        return self._hearing.start(turn, "menu")

    def _language(self, turn: Turn, _command: Command) -> Spoken:
        if turn.talk and turn.talk.flow == "welcome" and turn.talk.asked:
            return self._talks.ask_again(turn.talk, turn)
        return self._hearing.start(turn, "welcome")

    def _back(self, turn: Turn, command: Command) -> Spoken:
        if turn.talk and turn.talk.asked:
            return self._talks.back(turn.talk, turn)
        return self._menu(turn, command)

    def _status(self, turn: Turn, command: Command) -> Spoken:
        _ = mark
        found = self._find_code(turn, command.argument) if command.argument else None
        if found is None:
            return self._hearing.words(turn, _("Send STATUS and your number, for example STATUS 12345."))
        is_done = found.status in (ReportStatus.CLOSED, ReportStatus.SET_ASIDE)
        if found.veracity and (found.veracity.is_settled or not is_done):
            return self._hearing.said(turn, self._found_out(turn, found, found.veracity, command.argument))
        if is_done:
            return self._hearing.words(turn, _("No %(code)s: done."), code=command.argument)
        return self._hearing.words(turn, _("No %(code)s: open."), code=command.argument)

    def _found_out(self, turn: Turn, found: Standing, veracity: Veracity, code: str) -> str:
        settled = found.incident_id if veracity.is_settled else None
        sentence = answers.told(turn.session, turn.now, settled, turn.language)
        return found_out(self._talks.gettext(turn.language), veracity, code, sentence.text if sentence else None)

    def _find_code(self, turn: Turn, code: str) -> Standing | None:
        if not self._may_try(turn):
            return None
        found = reports.status_of(turn.session, turn.sender.hash, code)
        if found is None:
            turn.sender.code_tries += 1
        return found

    def _join(self, turn: Turn, command: Command) -> Spoken:
        _ = mark
        invitation = self._invitation(turn, command.argument) if command.argument else None
        if invitation is None:
            return self._hearing.words(
                turn, _("Send JOIN and the number that you were given, for example JOIN 12345678.")
            )
        person = members.person_joining(turn.session, turn.sender.id, invitation)
        # A question that was open would catch the answer to this one.
        talks.leave_open(turn.session, turn.sender.id, turn.now)
        return self._hearing.start(turn, "join", invitation=str(invitation), person=person)

    def _invitation(self, turn: Turn, code: str) -> UUID | None:
        """Wrong codes count like those of STATUS: five a day, then every code is wrong."""
        if not self._may_try(turn):
            return None
        found = members.invited(turn.session, turn.now, code)
        if found is None:
            turn.sender.code_tries += 1
        return found

    @staticmethod
    def _may_try(turn: Turn) -> bool:
        sender = turn.sender
        if sender.code_tried_at is None or turn.now - sender.code_tried_at > timedelta(days=1):
            sender.code_tries, sender.code_tried_at = 0, turn.now
        return sender.code_tries < CODE_TRIES

    def _forget(self, turn: Turn, _command: Command) -> Spoken:
        _ = mark
        turn.acts.append(lambda: _forgotten(turn))
        self._hearing.new_talk(turn, "command").status = TalkStatus.DONE
        return Spoken(
            self._talks.words(turn.language, turn.wire, _("Done. We no longer know your number or what you wrote."))
        )


_ACTS: dict[Word, Callable[[Commands, Turn, Command], Spoken]] = {
    Word.STOP: Commands._stop,
    Word.START: Commands._restart,
    Word.HELP: Commands._help,
    Word.MENU: Commands._menu,
    Word.LANGUAGE: Commands._language,
    Word.BACK: Commands._back,
    Word.STATUS: Commands._status,
    Word.FORGET_ME: Commands._forget,
    Word.JOIN: Commands._join,
}


def mark(text: str) -> str:
    """Mark a message for the catalogue; it is looked up when the language is known."""
    return text


def _forgotten(turn: Turn) -> None:
    forgetting.forget(turn.session, turn.now, turn.sender.id, cause(turn.inbound))
    turn.sender.language = turn.sender.same_reply = None


def _opt_in(turn: Turn) -> None:
    turn.session.run(update(address).where(address.c.id == turn.sender.id).values(opted_out_at=None))
    note(turn.session, turn.now, "sender", Action.ADDRESS_OPTED_IN, turn.sender.id)
