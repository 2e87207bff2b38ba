"""The doors of the wires as the Internet finds them: forged, cut off, mis-encoded, repeated, too big, or genuine."""

import json
import random
import secrets
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from flask.testing import FlaskClient
from sqlalchemy import select

from bot.config import Settings
from bot.store import Store
from bot.store.tables import message
from tests.fuzz.messages import Writer
from tests.fuzz.oracle import Broken
from tests.providers import call_fields, inbound_fields, pressed, receipt_fields, said, secret_json, signed_form
from tests.providers.fake_twilio import sid

_TWILIO, _VOICE, _TELEGRAM, _SIMULATOR = (
    f"/channels/{name}" for name in ("twilio-sms", "twilio-voice", "telegram", "simulator")
)
#: What a door may say; 503 belongs to a database that is away.
_ALLOWED = frozenset({200, 400, 403, 404, 405, 413, 415})
_JUNK: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    10**40,
    1.5,
    "",
    "x",
    [],
    [[]],
    {},
    {"id": "\ud800"},
    "\x00",
    "9" * 5000,
)


@dataclass
class Doors:
    """Knocks at every door. A 5xx, a lost message or a second row raises Broken."""

    client: FlaskClient
    store: Store
    settings: Settings
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    _taken: dict[str, bytes] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _updates: int = 1_000

    def __post_init__(self) -> None:
        self._writer = Writer(self.chance)

    def knock(self, most: int) -> None:
        """So many requests, then a look at what was kept of them."""
        doors = (self._twilio, self._call, self._telegram, self._simulator, self._receipt, self._nonsense)
        for _ in range(most):
            self.chance.choice(doors)()
        self._look()

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        answer = self.client.post(path, data=body, headers=headers)
        self.counts[f"{path.split('/')[2][:12]} {answer.status_code}"] += 1
        if answer.status_code not in _ALLOWED:
            raise Broken(f"{answer.status_code} for {path} {headers} {body[:500]!r}")
        return answer.status_code

    def _twilio(self) -> None:
        name, sender = sid(), f"+2237{self.chance.randrange(10**7):07d}"
        fields = inbound_fields(self.settings, sender, self._writer.text(), message=name)
        headers, body = signed_form(self.settings, f"{_TWILIO}/inbound", fields)
        if self.chance.random() < 0.5:
            self._genuine(f"{_TWILIO}/inbound", body, headers, name)
            return
        changed, headers = self._damaged(body), self._other_headers(headers)
        says_another = _fields(changed) != _fields(body)
        if self._post(f"{_TWILIO}/inbound", changed, headers) == 200 and says_another:
            raise Broken(f"a changed body was taken: {changed!r}")
        if says_another:
            self._refused.add(name)

    def _call(self) -> None:
        """Somebody rings, or a stranger says so."""
        name = sid("CA")
        fields = call_fields(self.settings, f"+2237{self.chance.randrange(10**7):07d}", call=name)
        headers, body = signed_form(self.settings, f"{_VOICE}/inbound", fields)
        if self.chance.random() < 0.5:
            self._genuine(f"{_VOICE}/inbound", body, headers, name)
            return
        changed = self._damaged(body)
        taken = self._post(f"{_VOICE}/inbound", changed, self._other_headers(headers)) == 200
        if taken and _fields(changed) != _fields(body):
            raise Broken(f"a changed call was taken: {changed!r}")

    def _telegram(self) -> None:
        self._updates += 1
        chat = self.chance.randrange(1, 10**9)
        text = self._writer.text().encode("utf-8", "replace").decode()
        update = (
            said(self._updates, chat, text) if self.chance.random() < 0.7 else pressed(self._updates, chat, text[:60])
        )
        headers, body = secret_json(self.settings, update)
        if "message" in update and text and self.chance.random() < 0.5:
            self._genuine(f"{_TELEGRAM}/inbound", body, headers, str(self._updates))
            return
        if self.chance.random() < 0.5:
            self._spoil(update)
            headers, body = secret_json(self.settings, update)
        self._post(f"{_TELEGRAM}/inbound", self._damaged(body), self._other_headers(headers))

    def _simulator(self) -> None:
        name = secrets.token_hex(16)
        text = self._writer.text().encode("utf-8", "replace").decode()
        payload: dict[str, object] = {"id": name, "phone": f"7{self.chance.randrange(10**7):07d}", "text": text}
        headers = {"content-type": "application/json", "x-kunnafoni-simulator": "1"}
        if self.chance.random() < 0.5:
            self._genuine(f"{_SIMULATOR}/inbound", json.dumps(payload).encode(), headers, name)
            return
        self._spoil(payload)
        self._post(f"{_SIMULATOR}/inbound", self._damaged(json.dumps(payload).encode()), self._other_headers(headers))

    def _receipt(self) -> None:
        query = self.chance.choice(("?o=1&a=1", "", "?o=&a=", "?o=99999999999999999999&a=1", "?o=1&a=1&o=2", "?a=%00"))
        status = self.chance.choice(("sent", "delivered", "failed", "undelivered", "queued", "x", ""))
        fields = receipt_fields(self.settings, "+22376000000", sid(), status, self.chance.choice((0, 30003, 21610)))
        headers, body = signed_form(self.settings, f"{_TWILIO}/receipt{query}", fields)
        if self.chance.random() < 0.4:
            body = self._damaged(body)
        self._post(f"{_TWILIO}/receipt{query}", body, headers)

    def _nonsense(self) -> None:
        path = self.chance.choice((_TWILIO, _VOICE, _TELEGRAM, _SIMULATOR, "/channels/no-such-wire"))
        body = self.chance.randbytes(self.chance.choice((0, 1, 30, 3000)))
        if self.chance.random() < 0.02:
            body = b"x=" + b"y" * 400_000
        self._post(path + self.chance.choice(("/inbound", "/receipt")), body, self._other_headers({}))

    def _genuine(self, path: str, body: bytes, headers: dict[str, str], name: str) -> None:
        for _ in range(2 if self.chance.random() < 0.1 else 1):
            if self._post(path, body, headers) != 200:
                raise Broken(f"a genuine message was refused: {body!r}")
        self._taken[name] = body

    def _spoil(self, payload: dict[str, object]) -> None:
        """Another value somewhere in it, however deep."""
        where = payload
        while True:
            key = self.chance.choice(list(where))
            deeper = where[key]
            if isinstance(deeper, dict) and deeper and self.chance.random() < 0.8:
                where = deeper
                continue
            where[key] = self.chance.choice(_JUNK)
            return

    def _damaged(self, body: bytes) -> bytes:
        place = self.chance.randrange(len(body) + 1)
        match self.chance.randrange(6):
            case 0:
                return body[:place]
            case 1:
                return body[:place] + self.chance.randbytes(3) + body[place:]
            case 2:
                return body + b"&Body=again&From=%2B22300000000"
            case 3:
                return body.replace(b"Body=", b"Body=x", 1)
            case 4:
                return body[::-1]
            case _:
                return body

    def _other_headers(self, headers: dict[str, str]) -> dict[str, str]:
        draw = self.chance.random()
        if draw < 0.3:
            return headers
        if draw < 0.5:
            return {
                **headers,
                "content-type": self.chance.choice(("", "text/plain", "multipart/form-data", "a/b; c=\x7f")),
            }
        if draw < 0.7:
            return {**headers, "x-twilio-signature": self.chance.choice(("", "AAAA", "=" * 28, "é"))}
        return {name: value for name, value in headers.items() if self.chance.random() < 0.5}

    def _look(self) -> None:
        with self.store.reading() as session:
            statement = select(message.c.provider_id).where(message.c.outbound.is_(False))
            kept = Counter(session.run(statement).scalars())
        for name, body in self._taken.items():
            if kept[name] != 1:
                raise Broken(f"taken once and kept {kept[name]} times: {body!r}")
        for name in self._refused:
            if kept[name]:
                raise Broken(f"refused and kept: {name}")


def _fields(body: bytes) -> list[tuple[str, str]]:
    """What a form says: without the last "=" of an empty field it says the same."""
    return parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
