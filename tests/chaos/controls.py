"""Which experiment a broken build goes through, and what it must break there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.chaos import away, inbound, outbound
from tests.chaos.verdict import Control, Verdict


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken build, the experiment that shows it, in the same dose as the house as it is, and what must break."""

    build: str
    run: Callable[[str, int], Verdict]
    must_break: Sequence[str]

    def try_it(self, seeds: Sequence[int]) -> Control:
        """Run until it is convicted, with each of these seeds at most; the last run."""
        for seed in seeds:
            control = Control(self.run(self.build, seed), self.must_break)
            if control.convicted:
                break
        return control


def broken(sending: outbound.Dose, receiving: inbound.Dose, without: away.Dose) -> list[Broken]:
    """All broken builds, in these doses."""
    return [
        Broken("SendsAgain", lambda build, seed: outbound.run(sending, build, seed), ["sent twice"]),
        Broken("GivesUp", lambda build, seed: outbound.run(sending, build, seed), ["lost"]),
        Broken("AnswersFirst", lambda build, seed: inbound.run(receiving, build, seed), ["acknowledged and lost"]),
        Broken("SpoolsInMemory", lambda build, seed: away.run(without, build, seed), ["acknowledged and lost"]),
        Broken("TakesTurns", lambda build, seed: away.run(without, build, seed), ["out of order"]),
    ]
