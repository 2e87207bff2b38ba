"""Twilio SMS: what is genuine, what is read, what is answered."""

import base64
import hmac
from contextlib import suppress
from dataclasses import replace
from itertools import accumulate
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from bot.channels.twilio_signing import MAX_BODY, Signing, pairs_of
from bot.channels.twilio_sms import TwilioSms
from bot.errors import NotGenuine, Unreadable
from bot.messages import Delivery, Inbound, Outbound, Receipt, Request
from tests.providers import inbound_fields, receipt_fields, signature, signed_form
from tests.providers.settings import SETTINGS

INBOUND = "/channels/twilio-sms/inbound"
RECEIPT = "/channels/twilio-sms/receipt"
SENDER = "+22376123456"
MESSAGE = "SM" + "a" * 32
WIRE = TwilioSms(SETTINGS)


def posted(fields, path=INBOUND, query="", signer=SETTINGS):
    headers, body = signed_form(signer, path + ("?" + query if query else ""), fields)
    return Request("POST", path, query, body, headers)


def heard(text="Bonjour", sender=SENDER, **more):
    return inbound_fields(SETTINGS, sender, text, message=MESSAGE, **more)


def received(request, wire=WIRE):
    wire.verify(request)
    return wire.read(request)


# signatures


def test_a_genuine_sms_becomes_an_inbound():
    expected = Inbound("twilio-sms", MESSAGE, "tel:+22376123456", "I ni ce, aw ka kɛnɛ?")
    assert received(posted(heard("I ni ce, aw ka kɛnɛ?"))) == expected


@settings(max_examples=300, deadline=None)
@given(
    token=st.text(st.characters(codec="ascii", exclude_characters="\0"), min_size=1),
    fields=st.lists(
        st.tuples(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")))
    ),
    query=st.text("abc=&%01", max_size=10),
)
def test_our_signature_is_the_one_that_the_library_computes(token, fields, query):
    signing = Signing(replace(SETTINGS, twilio_auth_token=token, twilio_auth_token_previous=""))
    url = SETTINGS.public_url + INBOUND + ("?" + query if query else "")
    form = Repeating(fields)
    signed = RequestValidator(token).compute_signature(url, form)
    body = urlencode(fields).encode()
    request = Request("POST", INBOUND, query, body, {"x-twilio-signature": signed})
    assert signing.signed(request, [(name.encode(), value.encode()) for name, value in fields])


class Repeating(dict):
    """A form with repeated fields, as the library reads them."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.pairs = pairs

    def getlist(self, name):
        return [value for found, value in self.pairs if found == name]


def test_the_token_of_before_the_rotation_is_accepted_and_any_other_refused():
    received(posted(heard(), signer=replace(SETTINGS, twilio_auth_token="token-of-yesterday")))
    with pytest.raises(NotGenuine):
        received(posted(heard(), signer=replace(SETTINGS, twilio_auth_token="token-of-a-stranger")))


def test_an_empty_token_never_signs():
    for wire in (
        TwilioSms(replace(SETTINGS, twilio_auth_token_previous="")),
        TwilioSms(replace(SETTINGS, twilio_auth_token="")),
    ):
        with pytest.raises(NotGenuine):
            wire.verify(posted(heard(), signer=replace(SETTINGS, twilio_auth_token="")))


def test_every_flipped_bit_of_the_signature_is_refused():
    request = posted(heard())
    signed = request.headers["x-twilio-signature"].encode()
    for place in range(len(signed)):
        for bit in range(8):
            changed = bytearray(signed)
            changed[place] ^= 1 << bit
            headers = {**request.headers, "x-twilio-signature": changed.decode("latin-1")}
            with pytest.raises(NotGenuine):
                WIRE.verify(replace(request, headers=headers))


def test_every_flipped_bit_of_the_body_is_refused_or_read_the_same():
    # A plus and a coded space are one octet for Twilio too: another spelling of the same form is the same form.
    request = posted(heard("a b"))
    expected = received(request)
    for place in range(len(request.body)):
        for bit in range(8):
            changed = bytearray(request.body)
            changed[place] ^= 1 << bit
            with suppress(NotGenuine, Unreadable):
                assert received(replace(request, body=bytes(changed))) == expected


@pytest.mark.parametrize("header", [None, "", "=", "é", "\ud800", "a" * 100_000])
def test_a_missing_or_odd_signature_is_refused(header):
    request = posted(heard())
    headers = {name: value for name, value in request.headers.items() if name != "x-twilio-signature"}
    with pytest.raises(NotGenuine):
        WIRE.verify(replace(request, headers=headers if header is None else {**headers, "x-twilio-signature": header}))


@pytest.mark.parametrize(
    "changed",
    [
        {"path": RECEIPT},
        {"query": "o=1&a=1"},
        {"method": "GET"},
        {"body": b""},
        {"path": INBOUND.upper()},
    ],
)
def test_a_signature_serves_for_one_address_and_method_only(changed):
    with pytest.raises(NotGenuine):
        WIRE.verify(replace(posted(heard()), **changed))


def test_the_signed_address_is_the_configured_one_whatever_host_the_request_names():
    request = posted(heard(), signer=replace(SETTINGS, public_url="https://evil.example.com"))
    forged = {**request.headers, "host": "evil.example.com", "x-forwarded-host": "evil.example.com"}
    with pytest.raises(NotGenuine):
        WIRE.verify(replace(request, headers=forged))


def test_the_raw_query_is_what_was_signed():
    query = "o=1&a=%31&x=%C3%A9%2B~"
    WIRE.verify(posted(receipt_fields(SETTINGS, SENDER, MESSAGE, "sent"), RECEIPT, query))


@pytest.mark.parametrize(
    ("configured", "signs"),
    [
        ("https://bot.example.org", "https://bot.example.org:443"),
        ("https://bot.example.org:8443", "https://bot.example.org"),
        ("https://bot.example.org:8443/prefix", "https://bot.example.org:8443/prefix"),
        ("http://bot.example.org", "http://bot.example.org:80"),
    ],
)
def test_twilio_may_sign_with_or_without_the_port(configured, signs):
    wire = TwilioSms(replace(SETTINGS, public_url=configured))
    request = posted(heard(), signer=replace(SETTINGS, public_url=signs))
    assert received(request, wire).provider_id == MESSAGE
    assert RequestValidator(SETTINGS.twilio_auth_token).validate(
        configured + INBOUND, heard(), request.header("x-twilio-signature")
    )


def test_json_is_refused_even_with_a_form_signature_or_the_hash_of_its_body():
    request = posted(heard())
    with pytest.raises(NotGenuine):
        WIRE.verify(replace(request, headers={**request.headers, "content-type": "application/json"}))
    hashed = posted({}, INBOUND, "bodySHA256=" + "0" * 64)
    with pytest.raises(NotGenuine):
        WIRE.verify(replace(hashed, body=b'{"any": "thing"}'))
    # Control: given the form and not the raw body, the library takes any JSON under that signature.
    url = SETTINGS.public_url + INBOUND + "?" + hashed.query
    assert RequestValidator(SETTINGS.twilio_auth_token).validate(url, {}, hashed.header("x-twilio-signature"))


@pytest.mark.parametrize(
    "fields",
    [
        heard(AccountSid="AC" + "6" * 32),
        heard(To="+22320000001"),
        {name: value for name, value in heard().items() if name != "AccountSid"},
        {name: value for name, value in heard().items() if name != "To"},
        [*heard().items(), ("To", "+22320000001")],
    ],
)
def test_another_account_or_number_is_refused_though_signed(fields):
    with pytest.raises(NotGenuine):
        WIRE.verify(posted(fields))


def test_a_messaging_service_is_recognised_by_its_own_field():
    service = "MG" + "7" * 32
    wire = TwilioSms(replace(SETTINGS, twilio_from=service))
    assert received(posted(heard(MessagingServiceSid=service, To="+22320000009")), wire).text == "Bonjour"
    for fields in (heard(), heard(MessagingServiceSid="MG" + "8" * 32)):
        with pytest.raises(NotGenuine):
            wire.verify(posted(fields))


def test_a_sender_name_has_no_number_to_compare():
    wire = TwilioSms(replace(SETTINGS, twilio_from="KUNNAFONI"))
    receipt = receipt_fields(replace(SETTINGS, twilio_from="KUNNAFONI"), SENDER, MESSAGE, "sent")
    assert received(posted(receipt, RECEIPT, "o=1&a=1"), wire).status is Delivery.SENT


# re-split forms: the signature of finding 7 stays valid


def joined(pairs):
    return "".join(name + value for name, value in sorted(set(pairs)))


def resplit(changes, original=None):
    """A form whose joined text, and so whose signature, is that of the original."""
    original = original or heard("Attaque. Djenne brule. FromZip")
    changed = {name: value for name, value in (original | changes).items() if value is not None}
    assert joined(changed.items()) == joined(original.items()), "the forgery must have the genuine signature"
    return changed


LONG = heard("Ne venez pasFrom+22366000000FromCity")
FORGERIES = {
    "the id swallows the next field": resplit({"MessageSid": MESSAGE + "NumMedia0", "NumMedia": None}),
    "the count of pictures swallows the next field": resplit({"NumMedia": "0NumSegments1", "NumSegments": None}),
    "the text swallows the sender": resplit({"Body": "Attaque. Djenne brule. FromZipFrom+22376123456", "From": None}),
    "a word of the text becomes a field": resplit({"Body": "Attaque. ", "Djenne": " brule. FromZip"}),
    "the text names another sender": resplit(
        {
            "Body": "Ne venez pas",
            "From": "+22366000000",
            "FromCity": "From+22376123456FromCity",
        },
        LONG,
    ),
    "the text names another sender, the true one hides in a new field": resplit(
        {"Body": "Ne venez pas", "From": "+22366000000", "FromAb": "From+22376123456"},
        heard("Ne venez pasFrom+22366000000FromAb"),
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_resplit_form_is_refused_though_its_signature_is_valid(name):
    forged = posted(FORGERIES[name])
    WIRE.verify(forged)  # the control: a check of the signature alone, ours or the library's, lets it pass
    assert RequestValidator(SETTINGS.twilio_auth_token).validate(
        SETTINGS.public_url + INBOUND, FORGERIES[name], forged.header("x-twilio-signature")
    )
    with pytest.raises(Unreadable):
        WIRE.read(forged)


def test_a_field_that_stands_twice_is_refused_though_the_signature_can_not_tell():
    fields = heard()
    once = posted(fields)
    twice = replace(once, body=once.body + b"&" + urlencode({"Body": fields["Body"]}).encode())
    WIRE.verify(twice)
    with pytest.raises(Unreadable):
        WIRE.read(twice)


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_no_resplit_of_a_signed_form_changes_who_said_what(data):
    """The signed text cut at other names than the genuine ones: what still reads, reads as before."""
    other = "From+22366000000"
    words = ["hi", other, other + "FromAb", "FromAb", "MessageSid" + "SM" + "b" * 32, other + "FromCity"]
    fields = heard("".join(data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=3))))
    text = joined(fields.items())
    ends = list(accumulate(len(name + fields[name]) for name in sorted(fields)))
    starts = {
        place
        for name in ("From", "FromAb", "MessageSid")
        for place in range(len(text))
        if text[place:].startswith(name)
    }
    toggled = data.draw(st.sets(st.sampled_from(sorted(starts)), max_size=4))
    cuts = sorted({0, *ends[:-1]} ^ (toggled - {0}))
    names = sorted([*fields, "FromAb"], key=len, reverse=True)
    parts = [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    pairs = [next((name, part[len(name) :]) for name in [*names, ""] if part.startswith(name)) for part in parts]
    if joined(pairs) == text:
        WIRE.verify(posted(pairs))
        with suppress(Unreadable):
            read = WIRE.read(posted(pairs))
            assert (read.provider_id, read.address) == (MESSAGE, "tel:" + SENDER)


# reading


@pytest.mark.parametrize("name", ["Body", "From", "MessageSid", "NumMedia", "SmsSid"])
def test_a_form_without_a_required_field_is_unreadable(name):
    with pytest.raises(Unreadable):
        received(posted({found: value for found, value in heard().items() if found != name}))


@pytest.mark.parametrize(
    "changed",
    [
        {"MessageSid": MESSAGE + "\n"},
        {"MessageSid": MESSAGE.upper()},
        {"MessageSid": "SM" + "c" * 32},  # not the SmsSid
        {"NumMedia": "٣"},
        {"NumMedia": "11"},
        {"NumMedia": "1"},  # and no picture
        {"From": ""},
        {"From": "<script>"},
        {"FromCity": "From+223"},
        {"OptOutType": "MAYBE"},
        {"bad name": "x"},
        {"Extra": "one hump"},
        {"ExtraField": "x" * 2_001},
    ],
)
def test_a_field_of_the_wrong_form_is_unreadable(changed):
    with pytest.raises(Unreadable):
        received(posted(heard() | changed))


def test_a_field_that_twilio_adds_tomorrow_does_no_harm():
    assert received(posted(heard(RiskScoreOfTomorrow="low", WaId="22376123456"))).text == "Bonjour"


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("+22376123456", "tel:+22376123456"),
        ("+22320224455", "tel:+22320224455"),
        ("+33612345678", "tel:+33612345678"),
        ("+2250700000000", "tel:+2250700000000"),
        ("36111", "unanswerable:36111"),
        ("Orange ML", "unanswerable:Orange ML"),
        ("+2237", "unanswerable:+2237"),
        ("22376123456", "unanswerable:22376123456"),
    ],
)
def test_only_a_number_in_full_can_be_answered(sender, address):
    assert received(posted(heard(sender=sender))).address == address


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("", ""),
        ("a\0b", "a b"),
        ("e\u0301", "é"),
        ("ߒߞߏ", "ߒߞߏ"),
        ("ⵜⴰⵎⴰⵛⴰⵇ", "ⵜⴰⵎⴰⵛⴰⵇ"),
        ("\u202egnorw", "\u202egnorw"),
        ("a&b=c+d%41", "a&b=c+d%41"),
        ("👩‍🌾" * 300, "👩‍🌾" * 300),
        ("x" * 1_600, "x" * 1_600),
    ],
)
def test_a_text_is_read_as_it_was_written_but_for_what_no_one_can_store(sent, read):
    assert received(posted(heard(sent))).text == read


@pytest.mark.parametrize(
    ("octets", "text"), [(b"caf%E9", "caf\ufffd"), (b"%ZZ%", "%ZZ%"), (b"%ED%A0%80", "\ufffd" * 3)]
)
def test_broken_encoding_is_read_with_replacements(octets, text):
    pairs = [(name.encode(), value.encode()) for name, value in heard("").items()]
    fields = sorted((name, unquote_to_bytes(octets) if name == b"Body" else value) for name, value in pairs)
    url = (SETTINGS.public_url + INBOUND).encode()
    signed = hmac.digest(SETTINGS.twilio_auth_token.encode(), url + b"".join(n + v for n, v in fields), "sha1")
    body = urlencode([pair for pair in pairs if pair[0] != b"Body"]).encode() + b"&Body=" + octets
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": base64.b64encode(signed).decode(),
    }
    assert received(Request("POST", INBOUND, "", body, headers)).text == text


def test_an_oversized_or_endless_form_is_unreadable_before_it_is_parsed():
    for body in (b"a" * (MAX_BODY + 1), b"a=1&" * 200):
        with pytest.raises(Unreadable):
            WIRE.verify(replace(posted(heard()), body=body))


@pytest.mark.parametrize(("kind", "expected"), [("STOP", "STOP"), ("START", "START"), ("HELP", "HELP")])
def test_a_keyword_that_twilio_has_taken_as_a_command_is_that_command(kind, expected):
    assert received(posted(heard("ARRETEZ TOUT", OptOutType=kind))).text == expected


def test_a_picture_is_named_by_its_ids_and_never_by_an_address():
    message, media = "MM" + "b" * 32, "ME" + "c" * 32
    account = SETTINGS.twilio_account_sid
    url = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}"
    fields = inbound_fields(SETTINGS, SENDER, "", message=message, NumMedia="1", MediaContentType0="image/jpeg")
    (photo,) = received(posted(fields | {"MediaUrl0": url})).media
    assert (photo.kind, photo.reference, photo.content_type) == ("photo", f"{message}/{media}", "image/jpeg")
    for address in (
        url.replace("api.twilio.com", "169.254.169.254"),
        url.replace(account, "AC" + "9" * 32),
        url + "/x",
    ):
        with pytest.raises(Unreadable):
            received(posted(fields | {"MediaUrl0": address}))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("queued", Delivery.SENT),
        ("accepted", Delivery.SENT),
        ("scheduled", Delivery.SENT),
        ("sending", Delivery.SENT),
        ("sent", Delivery.SENT),
        ("delivered", Delivery.DELIVERED),
        ("read", Delivery.DELIVERED),
        ("failed", Delivery.FAILED),
        ("undelivered", Delivery.FAILED),
        ("canceled", Delivery.FAILED),
    ],
)
def test_a_status_callback_names_our_attempt(status, expected):
    request = posted(receipt_fields(SETTINGS, SENDER, MESSAGE, status), RECEIPT, "o=41&a=2")
    assert received(request) == Receipt("twilio-sms", expected, MESSAGE, 41, 2)


def test_a_callback_without_our_ids_is_found_by_its_sid_and_one_with_odd_ids_is_unreadable():
    fields = receipt_fields(SETTINGS, SENDER, MESSAGE, "sent")
    assert received(posted(fields, RECEIPT)).id is None
    for query in ("o=1", "o=1&a=x", "o=1&a=1&b=2", "o=-1&a=1", "o=" + "9" * 19 + "&a=1", "o=%31&a=1", "o=1&a=1\n"):
        with pytest.raises(Unreadable):
            received(posted(fields, RECEIPT, query))


def test_an_unknown_status_needs_no_act():
    assert received(posted(receipt_fields(SETTINGS, SENDER, MESSAGE, "teleported"), RECEIPT, "o=1&a=1")) is None


def test_the_person_who_told_twilio_to_stop_is_named_in_the_receipt():
    fields = receipt_fields(SETTINGS, SENDER, MESSAGE, "failed", 21610)
    receipt = received(posted(fields, RECEIPT, "o=1&a=1"))
    assert (receipt.code, receipt.opted_out) == ("21610", True)
    other = received(posted(receipt_fields(SETTINGS, SENDER, MESSAGE, "failed", 30003), RECEIPT, "o=1&a=1"))
    assert (other.code, other.opted_out) == ("30003", False)


@settings(max_examples=300, deadline=None)
@given(body=st.one_of(st.binary(max_size=60), st.text("a=&+%4é;", max_size=40).map(str.encode)))
def test_our_octets_are_those_of_the_standard_library(body):
    found = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    assert pairs_of(body) == [(name.encode("latin-1"), value.encode("latin-1")) for name, value in found]


# whatever comes

BYTES = st.one_of(
    st.binary(max_size=300),
    st.lists(
        st.tuples(
            st.one_of(st.sampled_from([*heard(), "MediaUrl0", "MessageStatus", "OptOutType"]), st.text(max_size=8)),
            st.one_of(st.sampled_from(list(heard().values())), st.text(max_size=20), st.text("0123456789+SMAC")),
        )
    ).map(lambda pairs: urlencode(pairs, errors="replace").encode()),
)


@settings(max_examples=2_000, deadline=None)
@given(
    body=BYTES,
    path=st.sampled_from([INBOUND, RECEIPT]),
    query=st.one_of(st.just(""), st.just("o=1&a=1"), st.text(max_size=20)),
    headers=st.dictionaries(st.sampled_from(["content-type", "x-twilio-signature"]), st.text(max_size=30)),
    genuine=st.booleans(),
)
@example(body=b"", path=INBOUND, query="\ud800", headers={}, genuine=True)
@example(body=b"NumMedia=1&MessageSid=%00", path=INBOUND, query="", headers={}, genuine=True)
def test_nothing_that_arrives_raises_anything_but_a_refusal(body, path, query, headers, genuine):
    request = Request("POST", path, query, body, headers)
    try:
        WIRE.verify(request)
    except (NotGenuine, Unreadable):
        if not genuine:
            return
    with suppress(Unreadable):
        WIRE.read(request)


# the answer


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@example(text="<Redirect>&'\"\0\x0b\ufffe]]>")
def test_any_text_makes_valid_twiml(text):
    answer = WIRE.reply(Outbound(7, 3, "tel:+22376123456", text))
    (message,) = ET.fromstring(answer.body)  # noqa: S314 - our own
    assert message.tag == "Message"
    assert len(message) == 0
    assert message.attrib == {"action": f"{SETTINGS.public_url}{RECEIPT}?o=7&a=3", "method": "POST"}
    kept = "".join(letter for letter in text if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff"))
    assert (message.text or "") == kept.replace("\r\n", "\n").replace("\r", "\n")
    assert answer.content_type == "text/xml; charset=utf-8"


def test_the_empty_answer_says_nothing():
    answer = WIRE.reply(None)
    assert list(ET.fromstring(answer.body)) == []  # noqa: S314 - our own
    assert answer.status == 200


def test_the_signing_helper_is_the_library_too():
    fields = heard("é")
    assert signature("t", "https://x.y", list(fields.items())) == RequestValidator("t").compute_signature(
        "https://x.y", fields
    )
