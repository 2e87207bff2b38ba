"""Ratios of interleaved pairs: what may be believed on a machine whose speed drifts."""

from dataclasses import dataclass
from statistics import median

from bench.load import Round


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rounds, one right after the other."""

    ours: Round
    other: Round

    @property
    def ratio(self) -> float:
        """Our requests per second over the other's."""
        return self.ours.per_second / self.other.per_second


@dataclass(frozen=True, slots=True)
class Ratios:
    """The pairs of one comparison."""

    pairs: tuple[Pair, ...]

    @property
    def median(self) -> float:
        """The median of the pairs' ratios."""
        return median(pair.ratio for pair in self.pairs)

    def __str__(self) -> str:
        found = [pair.ratio for pair in self.pairs]
        ours, other = ([getattr(pair, side) for pair in self.pairs] for side in ("ours", "other"))
        speeds = [median(each.per_second for each in rounds) for rounds in (ours, other)]
        rates = f"{speeds[0]:6.0f}/s against {speeds[1]:6.0f}/s"
        line = f"{self.median:5.2f} ({min(found):.2f}..{max(found):.2f})  {rates}"
        if not ours[0].latencies:
            return line
        late = " and ".join(f"{1000 * median(each.latency(0.99) for each in side):5.1f}" for side in (ours, other))
        return f"{line}  p99 {late} ms"
