"""`make bench`: every figure of docs/performance.md, from one run."""

import argparse

from bench import turns
from bench.servers import CHOSEN


def _main() -> None:
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0)
    arguments = parser.parse_args()
    with turns.houses(10_000) as (house,), turns.benches([(CHOSEN, house, turns.copy(house))]) as (bench,):
        print(f"\nOne signed turn over HTTP ({CHOSEN}), ours against the floor, medians of {arguments.pairs} pairs")
        for turn in turns.TURNS:
            print(f"  {turn.name:14}{turns.against_floor(bench, turn, arguments.pairs, arguments.seconds)}", flush=True)


if __name__ == "__main__":
    _main()
