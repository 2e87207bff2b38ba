"""People who write: each sends the next message when the last one got its 2xx; the provider repeats what got none."""

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bot.delivery import outbox as box
from bot.store.tables import message, outbox, report
from tests.chaos.house import House
from tests.chaos.verdict import out_of_order
from tests.providers import inbound_fields
from tests.providers.fake_twilio import sid

#: A stranger tells of a theft, answers three questions, and then adds something as often as needed.
WORDS = ("On a vole des boeufs pres de Konna cette nuit", "1", "1", "1")
MORE = "Ils sont encore la, message {}"
#: How often the provider repeats a webhook that got no 2xx.
TRIES = 12


@dataclass
class Traffic:
    """What people have sent so far, and the ids that were acknowledged, in their order for each person."""

    house: House
    at_once: int = 16
    posted: int = 0
    refused: int = 0
    acknowledged: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    _turns: Counter[int] = field(default_factory=Counter)

    async def batch(self, people: Sequence[int]) -> None:
        """Each of these people sends one message."""
        room = asyncio.Semaphore(self.at_once)

        async def one(person: int) -> None:
            async with room:
                await self.write(person)

        await asyncio.gather(*map(one, people))

    async def chat(self, people: Sequence[int], pause: float, ended: threading.Event) -> None:
        """Each of these people sends one message after the other, with pauses, until it has ended."""

        async def one(person: int) -> None:
            while not ended.is_set():
                await self.write(person)
                await asyncio.sleep(self.house.chance.uniform(0.5, 1.5) * pause)

        await asyncio.gather(*map(one, people))

    async def write(self, person: int) -> None:
        """The next message of this person."""
        turn = self._turns[person]
        self._turns[person] += 1
        name = sid()
        text = WORDS[turn] if turn < len(WORDS) else MORE.format(turn)
        form = inbound_fields(self.house.settings, f"+2236{person:07d}", text, message=name)
        self.posted += 1
        if await self.house.provider.insist(form, tries=TRIES):
            self.acknowledged[person].append(name)
        else:
            self.refused += 1

    @property
    def taken(self) -> int:
        """How many were acknowledged."""
        return sum(map(len, self.acknowledged.values()))

    def judge(self) -> dict[str, int]:
        """How often a promise to people who write was broken."""
        with self.house.store.reading() as session:
            theirs = select(message.c.provider_id).where(message.c.outbound.is_(False)).order_by(message.c.id)
            kept = list(session.run(theirs).scalars())
            reports = int(session.run(select(func.count()).select_from(report)).scalar_one())
        counted = Counter(kept)
        places = {
            name: (person, place) for person, names in self.acknowledged.items() for place, name in enumerate(names)
        }
        orders: dict[int, list[int]] = defaultdict(list)
        for name in kept:
            if name in places:
                person, place = places[name]
                orders[person].append(place)
        return {
            "acknowledged and lost": sum(name not in counted for name in places),
            "kept twice": sum(number - 1 for number in counted.values()),
            "never taken": self.refused,
            "out of order": sum(map(out_of_order, orders.values())),
            "reports too many": reports - len(self._turns) if reports > len(self._turns) else 0,
            **_replies(self.house),
        }


def _replies(house: House) -> dict[str, int]:
    """Each reply that we have is at the provider, once."""
    with house.store.reading() as session:
        ids = list(session.run(select(outbox.c.id)).scalars())
        rows = [each for first in range(0, len(ids), 1000) for each in box.load(session, ids[first : first + 1000])]
    ours = Counter((row.outbound.address.removeprefix("tel:"), row.outbound.text) for row in rows)
    theirs = Counter((accepted.to, accepted.body) for accepted in house.provider.ledger)
    return {"replies lost": (ours - theirs).total(), "replies sent twice": (theirs - ours).total()}
