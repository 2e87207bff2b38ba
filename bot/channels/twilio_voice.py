"""Missed calls by Twilio: a call to our number is refused unheard, and its caller is the message.

A refused call is never picked up, so that there is nothing to charge for: `<Reject>` as the first verb is the only
answer with which Twilio neither answers a call nor bills it (https://www.twilio.com/docs/voice/twiml/reject). This wire
can't speak: what we have to say goes by SMS.
"""

from bot.channels.destinations import is_reached
from bot.channels.twilio_signing import Signing, check, e164, fields_of, forms, only
from bot.config import Settings
from bot.errors import NotGenuine, Refused
from bot.messages import Answer, Inbound, InboundKind, Outbound, Receipt, Request

PER_SECOND = 1.0
BURST = 1

#: A busy line is what a missed call sounds like; `rejected` would say that the number is not in service.
_REJECT = '<?xml version="1.0" encoding="UTF-8"?><Response><Reject reason="busy"/></Response>'

#: A number, a word for a withheld one, `sip:…`, `client:…`, or nothing.
_PARTY = "[^\x00-\x1f\x7f]{0,120}"
#: Signed tokens about the caller's network, which may be longer than any other field.
_PASSPORT = "[!-~]{0,16000}"
_FORMS = forms(
    {
        "CallSid": "CA[0-9a-f]{32}",
        "CallStatus": "[a-z-]{1,30}",
        "CallToken": _PASSPORT,
        "Called": _PARTY,
        "Caller": _PARTY,
        "Direction": "[a-z-]{1,30}",
        "Duration": "[0-9]{0,9}",
        "From": _PARTY,
        "StirPassportToken": _PASSPORT,
        "Timestamp": "[0-9A-Za-z,:+ -]{0,40}",
        "To": _PARTY,
    }
)
_FIELDS = frozenset({"AccountSid", "CallSid", "CallStatus", "Direction", "From", "To"})

#: Where a caller withholds their number, some networks spell the word on the keypad: +266696687 is ANONYMOUS, and +86…
#: looks like a number in China.
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_WITHHELD = frozenset(
    "+" + word.translate(_KEYPAD)
    for word in ("ANONYMOUS", "BLOCKED", "PRIVATE", "RESTRICTED", "UNAVAILABLE", "UNKNOWN", "WITHHELD")
)


class TwilioVoice:
    """The wire `twilio-voice`, which hears that somebody rang. Threads may share it."""

    name = "twilio-voice"
    address_kind = "tel"
    is_sms = True  # for what is said by `replies_by`
    has_buttons = False
    hears_calls = True
    has_media = False
    has_receipts = False
    answers_inline = False
    per_second = PER_SECOND
    burst = BURST

    def __init__(self, settings: Settings, *, replies_by: str) -> None:
        """`replies_by` names the SMS wire that reaches callers, "" where there is none: then nothing is said."""
        self.replies_by = replies_by
        self._signing = Signing(settings)
        self._number = settings.twilio_from
        self._countries = settings.sms_countries

    def reaches(self, address: str) -> bool:
        """Whether an SMS may go to this caller: to none where no wire writes, and to none far away."""
        return bool(self.replies_by) and is_reached(address, self._countries)

    # verify

    def verify(self, request: Request) -> None:
        """Raise NotGenuine unless Twilio signed this form for our account and number; Unreadable if it is too big."""
        pairs = self._signing.verify(request)
        if not (only(pairs, "To", self._number) or only(pairs, "From", self._number)):
            raise NotGenuine("not our number")

    # read

    def read(self, request: Request) -> Inbound | Receipt | None:
        """The missed call in a verified request; None where nobody rang us, or nobody whom we could call back."""
        fields = fields_of(request.body)
        check(fields, _FORMS, _FIELDS)
        rings = fields["CallStatus"] == "ringing" and fields["Direction"] == "inbound" and fields["To"] == self._number
        caller = _caller(fields["From"])
        if not rings or caller is None or caller == self._number or request.path.endswith("/receipt"):
            return None
        return Inbound(self.name, fields["CallSid"], f"tel:{caller}", kind=InboundKind.MISSED_CALL)

    # reply

    def reply(self, outbound: Outbound | None) -> Answer:
        """TwiML that refuses the call, whatever there is to say."""
        return Answer(_REJECT, "text/xml; charset=utf-8")

    # send

    def send(self, outbound: Outbound) -> str | None:
        """Refuse: a text can't be told by a call that is never picked up."""
        raise Refused("voice")

    # look up

    def look_up(
        self, outbound: Outbound, provider_id: str | None, since: float, others: frozenset[str] = frozenset()
    ) -> Receipt | None:
        """Nothing was ever sent."""
        raise NotImplementedError

    def fetch(self, reference: str) -> bytes:
        """A call that is refused has said nothing."""
        raise Refused("media")

    def close(self) -> None:
        """Nothing to give back."""


def _caller(sender: str) -> str | None:
    """The caller's number; None for whoever withholds it, and for what is no number in full."""
    return None if sender in _WITHHELD else e164(sender)
