"""`make chaos`: the full doses, then every broken build in a middle one; 1 if a promise was broken or a build got by."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace

from tests.chaos import away, inbound, outbound
from tests.chaos.controls import broken
from tests.chaos.verdict import Control, Verdict

_EXPERIMENTS: dict[str, Callable[[int], Verdict]] = {
    "sending": lambda seed: outbound.run(outbound.FULL, seed=seed),
    "receiving": lambda seed: inbound.run(inbound.FULL, seed=seed),
    "away": lambda seed: away.run(away.FULL, seed=seed),
}
#: Enough that a broken build is convicted nearly always; one that gets by is tried once more.
_MIDDLE = (
    replace(outbound.FULL, sends=400, kills=32, stops=1),
    replace(inbound.FULL, webhooks=1_000, kills=20),
    replace(away.FULL, seconds=12, people=60, pause=1.0, kills=6),
)


def _show(verdict: Verdict) -> None:
    print(f"\n{verdict.name}")
    for name, figure in {**verdict.figures, **verdict.broken}.items():
        print(f"  {name:28}{figure:>10}", flush=True)


def _main() -> int:
    parser = argparse.ArgumentParser("python -m tests.chaos", description=__doc__)
    parser.add_argument("only", nargs="*", help=f"{', '.join(_EXPERIMENTS)}, controls (all of them)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    wanted = arguments.only or [*_EXPERIMENTS, "controls"]
    if unknown := set(wanted) - {*_EXPERIMENTS, "controls"}:
        parser.error(f"there is no experiment {', '.join(sorted(unknown))}")
    good = True
    for name, experiment in _EXPERIMENTS.items():
        if name in wanted:
            verdict = experiment(arguments.seed)
            _show(verdict)
            good &= verdict.kept
    if "controls" in wanted:
        for build in broken(*_MIDDLE):
            control = build.try_it((arguments.seed, arguments.seed + 1))
            _show(control.verdict)
            print(f"  -> {_sentence(control)}")
            good &= control.convicted
    print("\nEvery promise was kept." if good else "\nNOT every promise was kept.")
    return 0 if good else 1


def _sentence(control: Control) -> str:
    wanted = " or ".join(control.must_break)
    return f"convicted, as it must be: {wanted}" if control.convicted else f"NOT convicted: no {wanted}"


if __name__ == "__main__":
    sys.exit(_main())
