"""What Twilio's wires share: whether a form is Twilio's own, and its fields, each matched in full.

A Twilio signature joins names and values without separators, so it does not say where a field ends: whoever holds one
signed request can move text between fields. Therefore every field is matched in full and the set of fields is fixed.
"""

import base64
import hmac
import re
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import unquote_to_bytes, urlsplit

import phonenumbers

from bot.config import Settings
from bot.errors import NotGenuine, Unreadable
from bot.messages import Request

#: Octets. 1,600 characters of N'Ko, each three octets written as nine, and ten pictures fit in a third of it.
MAX_BODY = 65_536
MAX_FIELDS = 100

#: The form's names and values as octets, which is what was signed.
Pairs = list[tuple[bytes, bytes]]

#: No digit and no plus: a number moved into the name of a town is no town.
_TOWN = "[^0-9+]{0,60}"
#: The fields that every form of Twilio's may have.
_FORMS = {
    "AccountSid": "AC[0-9a-f]{32}",
    "ApiVersion": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "ErrorCode": "[0-9]{0,6}",
    "FromCity": _TOWN,
    "FromCountry": "[A-Z]{0,2}",
    "FromState": _TOWN,
    "FromZip": "[0-9A-Z -]{0,12}",
    "ToCity": _TOWN,
    "ToCountry": "[A-Z]{0,2}",
    "ToState": _TOWN,
    "ToZip": "[0-9A-Z -]{0,12}",
}
#: Twilio adds fields without notice. Their names have two humps; a word of a text that was split off the body has one.
_EXTRA_NAME = re.compile("(?:[A-Z][a-z0-9]+){2,8}")
_EXTRA_LENGTH = 2_000


class Signing:
    """Knows the forms that Twilio has signed for our account. Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        """Reads the settings."""
        self._account = settings.twilio_account_sid
        tokens = (settings.twilio_auth_token, settings.twilio_auth_token_previous)
        self._keys = tuple(token.encode() for token in tokens if token)
        self._origins = _origins(settings.public_url)

    def verify(self, request: Request) -> Pairs:
        """The form's pairs. Raises NotGenuine unless Twilio signed it for our account; Unreadable if it is too big."""
        if len(request.body) > MAX_BODY:
            raise Unreadable("the body is too big")
        kind = request.header("content-type").partition(";")[0].strip().lower()
        if request.method != "POST" or kind != "application/x-www-form-urlencoded":
            raise NotGenuine("not a posted form")
        if "bodySHA256" in request.query:
            raise NotGenuine("a form is never signed by its hash")
        pairs = pairs_of(request.body)
        if not self.signed(request, pairs):
            raise NotGenuine("the signature is missing or wrong")
        if not only(pairs, "AccountSid", self._account):
            raise NotGenuine("not our account")
        return pairs

    def signed(self, request: Request, pairs: Pairs) -> bool:
        """Whether the request carries Twilio's signature of these pairs; compared in constant time."""
        given = request.header("x-twilio-signature").encode("utf-8", "replace")
        target = request.path + ("?" + request.query if request.query else "")
        # As Twilio does: sorted by name, then value, and a repeated pair counts once.
        form = b"".join(name + value for name, value in sorted(set(pairs)))
        for origin in self._origins:
            signed = (origin + target).encode("utf-8", "replace") + form
            for key in self._keys:
                if hmac.compare_digest(base64.b64encode(hmac.digest(key, signed, "sha1")), given):
                    return True
        return False


def only(pairs: Pairs, name: str, value: str) -> bool:
    """Whether the field has this value, and no other beside it."""
    return {found for found_name, found in pairs if found_name == name.encode()} == {value.encode()}


def pairs_of(body: bytes) -> Pairs:
    """The form as octets; `parse_qsl` takes three times as long. Raises Unreadable for more than MAX_FIELDS."""
    parts = [part for part in body.split(b"&") if part]
    if len(parts) > MAX_FIELDS:
        raise Unreadable("too many fields")
    return [(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in map(_halves, parts)]


def fields_of(body: bytes) -> dict[str, str]:
    """The form as text; Twilio repeats no field, so neither may this one."""
    pairs = pairs_of(body)
    fields = {name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in pairs}
    if len(fields) != len(pairs):
        raise Unreadable("a field stands twice")
    return fields


def forms(own: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """The pattern of each field: those of every form, and a wire's own."""
    return {name: re.compile(form) for name, form in {**_FORMS, **own}.items()}


def check(
    fields: Mapping[str, str],
    known: Mapping[str, re.Pattern[str]],
    required: frozenset[str],
    free: frozenset[str] = frozenset(),
) -> None:
    """Raise Unreadable unless all required fields are there and each but the free ones is of its form, in full."""
    if not required <= fields.keys():
        raise Unreadable("a field is missing")
    for name, value in fields.items():
        if name not in free and not _fits(name, value, known.get(name)):
            raise Unreadable("a field has the wrong form")


def e164(number: str) -> str | None:
    """The number in E.164 if it is one in full that a person may have; None for all else."""
    if number.startswith("+"):
        with suppress(phonenumbers.NumberParseException):
            parsed = phonenumbers.parse(number)
            if phonenumbers.is_possible_number(parsed):
                return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return None


def _fits(name: str, value: str, form: re.Pattern[str] | None) -> bool:
    # A text that holds "From+…" can be split so that it names another sender; the true one must then hide in a field.
    if "From" in value:
        return False
    if form:
        return form.fullmatch(value) is not None
    return _EXTRA_NAME.fullmatch(name) is not None and len(value) <= _EXTRA_LENGTH


def _halves(part: bytes) -> tuple[bytes, bytes, bytes]:
    return part.replace(b"+", b" ").partition(b"=")


def _origins(public_url: str) -> tuple[str, ...]:
    """The public address with and without the port that it names or implies: Twilio signs one or the other."""
    parts = urlsplit(public_url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    host = parts.netloc.removesuffix(f":{port}")
    with_port = parts._replace(netloc=f"{host}:{port}").geturl()
    without_port = parts._replace(netloc=host).geturl()
    return (public_url, *({with_port, without_port} - {public_url}))
