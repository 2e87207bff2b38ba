"""What words, presses and missed calls lead to: a talk, a report, more on the last one, a call-back."""

from dataclasses import astuple
from datetime import timedelta
from typing import Any
from uuid import UUID

from bot import talks
from bot.casework import reports
from bot.casework.call_backs import ask_call_back
from bot.casework.codes import new_code
from bot.casework.duty.hours import KnownHours
from bot.casework.reports import Filing, Source
from bot.conversation.coded import CodedReport, read_coded
from bot.conversation.commands import is_greeting, recognise
from bot.conversation.lexicon import Lexicon
from bot.conversation.questions import Media, Reading, Said, Shown
from bot.conversation.words import closing
from bot.intake.turn import Turn
from bot.languages.catalogue import Catalogues
from bot.languages.text import is_in_arabic_letters
from bot.messages import Inbound, InboundKind
from bot.places.gazetteer import Gazetteer, Level
from bot.places.matching import find, find_in_sentence
from bot.store.tables import TalkStatus
from bot.store.types import new_id
from bot.talks import Spoken, Talk, Talks

#: Free text within this time of the address's last report is added to it.
SAME_EVENT = timedelta(hours=24)
#: An open question older than this no longer claims a longer text for itself.
STALE_QUESTION = timedelta(hours=24)
#: Words that are not an answer to the open question, so many or more, are a text to keep.
_TEXT_WORDS = 3


class Hearing:
    """Understands everything but commands, and says what the turn answers."""

    def __init__(
        self,
        conversations: Talks,
        catalogues: Catalogues,
        gazetteer: Gazetteer,
        lexicon: Lexicon,
        hours: KnownHours,
        *,
        demo: bool,
    ) -> None:
        self._talks = conversations
        self._catalogues = catalogues
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._hours = hours
        self._demo = demo

    def tell(self, turn: Turn) -> Spoken:
        """Words that answer nothing: a coded line, a greeting, more on the last report, or a new report."""
        coded = self._coded_line(turn)
        if coded:
            return self._coded(turn, coded.place_words, kind=coded.kind, answer_needed=coded.answer_needed)
        if _only_greets(turn):
            return self.start(turn, "menu")
        same = self._same_event(turn)
        return self._add(turn, same) if same else self._report(turn)

    def answer(self, turn: Turn, said: Said) -> Spoken:
        """A reply to the open question; words that answer nothing are kept with the report, or begin a new one."""
        heard = turn.talk
        assert heard is not None
        assert heard.asked is not None
        if self._coded_line(turn):
            return self.tell(turn)
        if heard.flow == "menu" and not heard.answers and _only_greets(turn):
            return self._talks.ask_again(heard, turn)
        return self._read(turn, heard, heard.asked, said)

    def _read(self, turn: Turn, heard: Talk, asked: Shown, said: Said) -> Spoken:
        text = self._is_text(turn.text) or (heard.report_id is None and bool(turn.inbound.media))
        stale = text and turn.now - heard.heard_at > STALE_QUESTION
        if stale and asked.takes_words:
            return self._leave(turn, heard)
        before = heard.status, asked, heard.tries
        spoken = self._talks.hear(heard, said, turn)
        turn.outcome = spoken.outcome
        if spoken.understood:
            if asked.takes_words:
                self._keep_wording(turn, heard, asked)
            elif asked.yes or asked.no:
                self._keep_what_is_told_beside(turn, heard)
            return spoken
        if text:
            if stale or heard.report_id is None:
                return self._leave(turn, heard)
            heard.status, heard.asked, heard.tries = before
            self.add_words(turn)
            return self._talks.ask_again(heard, turn)
        if spoken.gave_up:
            turn.acts.append(lambda: self._call_back(turn, heard, rang=False))
        return spoken

    def _leave(self, turn: Turn, heard: Talk) -> Spoken:
        """The words have nothing to do with the open question, which is let go."""
        heard.status, heard.asked = TalkStatus.LEFT, None
        talks.save(turn.session, heard, turn.now)
        turn.talk = None
        if _only_greets(turn):
            # The menu begins: a talk that the choice of a language had interrupted does not go on beside it.
            talks.leave_open(turn.session, turn.sender.id, turn.now)
        return self.tell(turn)

    def _keep_wording(self, turn: Turn, heard: Talk, asked: Shown) -> None:
        """An answer in words that says more than the place in clear is kept with the report: nothing is lost."""
        if heard.report_id is None or heard.answers.get(asked.key) is None:
            return
        so_far = self._talks.draft(heard)
        asks_on = heard.asked is not None and heard.asked.takes_words
        tells = self._lexicon.suggest(turn.text).kind is not None
        # Who must not hear of it stays out of what is told; the answer itself is kept by whoever asked.
        if tells or (asked.kind == "text" and asked.key != "not_to"):
            self.add_words(turn)
        elif so_far and so_far.place_words and not asks_on and not self._is_kept(so_far.place_words, so_far.place):
            self.add_words(turn, so_far.place_words)

    def _keep_what_is_told_beside(self, turn: Turn, heard: Talk) -> None:
        """ "Oui, attaque à Konna": the yes is an answer, and what is told beside it is kept or begins a report."""
        if len(turn.text.split()) < _TEXT_WORDS or self._lexicon.suggest(turn.text).kind is None:
            return
        if heard.report_id:
            self.add_words(turn)
            return
        self._tell_silently(turn)
        assert turn.talk is not None
        talks.save(turn.session, turn.talk, turn.now)
        turn.talk = heard

    def _is_kept(self, words: str, place: str | None) -> bool:
        """Whether the place in clear is what the words say; of a village or locality it is what lies around it."""
        smaller = (Level.VILLAGE, Level.LOCALITY)
        return place is not None and not any(each.level in smaller for each in find(self._gazetteer, words).places)

    def pressed(self, turn: Turn) -> Spoken:
        """A pressed button counts only for the question it was shown with."""
        press, heard = turn.inbound.press, turn.talk
        assert press is not None
        if heard and heard.asked and heard.id.hex == press.talk and heard.asked.key == press.key:
            return self.answer(turn, Said(pressed=press.value))
        if heard and heard.asked:
            return self._talks.ask_again(heard, turn)
        return self.start(turn, "menu")

    def missed_call(self, turn: Turn) -> Spoken:
        """Somebody rang and hung up: a call-back task at once, and two questions that make it easier."""
        if turn.talk and turn.talk.asked:
            heard = turn.talk
            turn.acts.append(lambda: self._call_back(turn, heard))
            return self._talks.ask_again(heard, turn)
        spoken = self.start(turn, "call_back")
        opened = turn.talk
        assert opened is not None
        turn.acts.append(lambda: self._call_back(turn, opened))
        return spoken

    def park(self, turn: Turn) -> None:
        """A short code, a sender's name, or words that a machine wrote: kept, never answered."""
        self.new_talk(turn, "parked").status = TalkStatus.LEFT

    def keep_silent(self, turn: Turn) -> None:
        """Whose budget is used up, or where no SMS goes: all is kept, nothing is answered, no talk moves on."""
        heard = turn.talk or self.new_talk(turn, "silent")
        if heard.fresh:
            heard.status = TalkStatus.LEFT
        if turn.inbound.kind is InboundKind.MISSED_CALL:
            turn.acts.append(lambda: self._call_back(turn, heard))
        elif self._tells(turn, heard):
            self._tell_silently(turn)

    def _tells(self, turn: Turn, heard: Talk | None) -> bool:
        """Whether these are words to keep in a report, as far as that can be told without answering."""
        if is_greeting(turn.text) or recognise(turn.text):
            return False
        if heard and heard.asked and not heard.asked.takes_words:
            return self._is_text(turn.text)
        return has_words(turn.text) or bool(turn.inbound.media)

    def _tell_silently(self, turn: Turn) -> None:
        same = self._same_event(turn)
        if same:
            turn.talk = same
            self.add_words(turn)
            return
        self._file_unasked(turn, TalkStatus.LEFT)

    def break_off(self, turn: Turn) -> Talk:
        """A flow raised: its talk ends as broken; what was sent is kept, and as a report where it tells something."""
        heard = turn.talk if turn.talk and turn.talk.asked else None
        tells = self._tells(turn, heard)
        if heard is not None:
            heard.status, heard.asked = TalkStatus.BROKEN, None
        if heard is not None and heard.report_id and tells:
            self.add_words(turn)
        elif tells:
            if heard is not None:
                talks.save(turn.session, heard, turn.now)
            heard = self._file_unasked(turn, TalkStatus.BROKEN)
        elif heard is None:
            heard = self.new_talk(turn, "broken")
            heard.status = TalkStatus.BROKEN
        if turn.inbound.kind is InboundKind.MISSED_CALL:
            turn.acts.append(lambda: self._call_back(turn, heard))
        return heard

    def _file_unasked(self, turn: Turn, status: TalkStatus) -> Talk:
        """A report of this message's words in a talk of its own that asks nothing."""
        place, _homonyms = self._told_place(turn)
        filing = self.filing(turn, place=place)
        opened = self.new_talk(turn, "report", code=filing.code, urgency=filing.urgency)
        opened.status = status
        self.file(turn, filing)
        return opened

    def start(self, turn: Turn, flow: str, *, filing: Filing | None = None, **facts: Any) -> Spoken:
        """Begin a flow; with a filing, the talk carries that report."""
        code = filing.code if filing else facts.pop("code", new_code())
        opened = self.new_talk(turn, flow, code=code, **facts)
        if filing:
            self.file(turn, filing)
        spoken = self._talks.begin(opened, turn)
        turn.outcome = spoken.outcome
        return spoken

    def new_talk(self, turn: Turn, flow: str, **facts: Any) -> Talk:
        """A talk that begins with this message, and what is known at its start."""
        opened = talks.open_talk(
            turn.now,
            turn.sender.id,
            flow,
            {
                "language": turn.sender.language,
                "stranger": turn.sender.language is None,
                "arabic_letters": is_in_arabic_letters(turn.text),
                "hears_calls": turn.wire.hears_calls,
                "has_media": turn.wire.has_media,
                "reading": astuple(self.reading(turn)),
                **facts,
            },
        )
        turn.talk = opened
        return opened

    def words(self, turn: Turn, text: str, **values: object) -> Spoken:
        """A message outside any flow; it belongs to the newest talk, or to one of its own."""
        return self.said(turn, self._talks.gettext(turn.language)(text, **values))

    def said(self, turn: Turn, text: str) -> Spoken:
        """The same, worded already in the language of the turn."""
        if turn.talk is None:
            self.new_talk(turn, "command").status = TalkStatus.DONE
        return Spoken(self._talks.as_shown(text, turn.language, turn.wire))

    def reading(self, turn: Turn) -> Reading:
        """When the desk reads what is told now."""
        return self._hours.now.reading(turn.now)

    def filing(self, turn: Turn, **known: Any) -> Filing:
        """A report of this message's words, with an id and a code of its own."""
        text = turn.text or _names_of(turn.inbound)
        return Filing(new_id(), text, self._lexicon.suggest(turn.text), new_code(), **known)

    def file_told(self, turn: Turn) -> None:
        """A flow that began without a report has been told something: from now on the talk carries one."""
        kept = turn.talk
        so_far = self._talks.draft(kept) if kept and kept.report_id is None else None
        if kept is None or so_far is None or not so_far.text:
            return
        filing = Filing(
            new_id(),
            so_far.text,
            self._lexicon.suggest(so_far.text),
            str(kept.facts["code"]),
            place=so_far.place,
            kind=so_far.kind,
            answer_needed=so_far.answer_needed,
            half_told=turn.outcome is None,
            suggested_incident_id=UUID(so_far.incident) if so_far.incident else None,
        )
        # The talk has said its number already, or is about to: it can't have another.
        self.file(turn, filing, over=turn.again)

    def file(self, turn: Turn, filing: Filing, *, over: bool = False) -> None:
        """Let the turn's talk carry the report, written after the talk itself; `over` takes its number from another."""
        opened = turn.talk
        assert opened is not None
        opened.report_id = filing.id
        source = Source(
            opened.id,
            opened.data_key,
            turn.sender.id,
            turn.sender.hash,
            turn.wire.name,
            turn.sender.language,
            turn.wire.name == "simulator" and not self._demo,
        )
        turn.acts.append(lambda: reports.file(turn.session, turn.now, source, filing, over=over))

    def add_words(self, turn: Turn, words: str | None = None) -> None:
        """More words for the report that the talk carries: those of this message, or others."""
        kept = turn.talk
        assert kept is not None
        assert kept.report_id is not None
        text = words or turn.text or _names_of(turn.inbound)
        reports.add_text(turn.session, turn.now, kept.report_id, text, self._lexicon.suggest(text))

    def _same_event(self, turn: Turn) -> Talk | None:
        """The talk that carries this address's last report, if that is younger than a day."""
        if turn.sender.fresh:
            return None
        latest = reports.latest(turn.session, turn.sender.id)
        if latest is None or turn.now - latest.made_at > SAME_EVENT:
            return None
        if turn.talk and turn.talk.id == latest.talk_id:
            return turn.talk
        return talks.load(turn.session, latest.talk_id)

    def _report(self, turn: Turn) -> Spoken:
        place, homonyms = self._told_place(turn)
        filing = self.filing(turn, place=place)
        facts = {"urgency": filing.urgency, "place": place, "homonyms": homonyms}
        if not turn.sender.fresh:
            # Another event: a question on an older one, under a choice of language, would catch the next answer.
            talks.leave_open(turn.session, turn.sender.id, turn.now)
        return self.start(turn, "report", filing=filing, **facts)

    def _told_place(self, turn: Turn) -> tuple[str | None, list[str]]:
        """The place that the message names, or those of its name among which somebody has to choose."""
        match = find_in_sentence(self._gazetteer, turn.text)
        settled = self._gazetteer.settled(match.places)
        return settled, [] if settled else [place.id for place in match.places]

    def _is_text(self, text: str) -> bool:
        """Whether words that answer no question are a text to keep: three or more, or one that is of the lexicon."""
        return has_words(text) and (len(text.split()) >= _TEXT_WORDS or self._lexicon.suggest(text).kind is not None)

    def _coded_line(self, turn: Turn) -> CodedReport | None:
        """The coded line that this is; a text that only begins like one is none."""
        coded = read_coded(turn.text)
        if coded is None or coded.certain or find(self._gazetteer, coded.place_words).places:
            return coded
        return None

    def _coded(self, turn: Turn, place_words: str, **known: Any) -> Spoken:
        match = find(self._gazetteer, place_words)
        settled = self._gazetteer.settled(match.places)
        filing = self.filing(turn, place=settled, **known)
        self.new_talk(turn, "coded", code=filing.code, urgency=filing.urgency)
        self.file(turn, filing)
        assert turn.talk is not None
        turn.talk.status = TalkStatus.DONE
        return Spoken(self._closing(turn, filing.code))

    def _add(self, turn: Turn, carrier: Talk) -> Spoken:
        turn.talk = carrier
        self.add_words(turn)
        if carrier.asked:
            return self._talks.ask_again(carrier, turn)
        return Spoken(self._closing(turn, str(carrier.facts.get("code", ""))))

    def _closing(self, turn: Turn, code: str) -> str:
        text = closing(self._catalogues.translator(turn.language).gettext, code, self.reading(turn))
        return self._talks.as_shown(text, turn.language, turn.wire)

    def _call_back(self, turn: Turn, heard: Talk, *, rang: bool = True) -> None:
        language = heard.language_known or turn.sender.language
        ask_call_back(turn.session, turn.now, turn.sender.id, heard.id, heard.report_id, language=language, rang=rang)


def media_of(inbound: Inbound) -> tuple[Media, ...]:
    """The photos and voice notes of a message, as a question reads them."""
    return tuple(Media(each.kind, each.reference) for each in inbound.media)


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(character.isalnum() for character in text)


def _only_greets(turn: Turn) -> bool:
    """Whether the message is a greeting, or has no words and nothing else that tells."""
    return is_greeting(turn.text) or not (has_words(turn.text) or turn.inbound.media)


def _names_of(inbound: Inbound) -> str:
    """What came without words, by name: `[photo]`; nothing for a call."""
    return "".join(f"[{each.kind}]" for each in inbound.media)
