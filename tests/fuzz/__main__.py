"""`make fuzz`: a million messages in worlds of their own, on every processor; 1 if a promise was broken."""

import argparse
import logging
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.fuzz import worlds
from tests.fuzz.oracle import Broken


def _main() -> int:
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="messages and requests")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1, help="the first world; the next ones follow")
    parser.add_argument("--only", type=int, help="only this world, as a failure names it")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    many = -(-arguments.count // worlds.SIZE)
    seeds = [arguments.only] if arguments.only else range(arguments.seed, arguments.seed + many)
    began, done, counts = time.monotonic(), 0, Counter[str]()
    with ProcessPoolExecutor(arguments.processes) as pool:
        try:
            for found in pool.map(partial(worlds.run, size=worlds.SIZE), seeds):
                counts += found
                done += worlds.SIZE
                print(f"\r{done:>10,} in {time.monotonic() - began:.0f} s", end="", file=sys.stderr, flush=True)
        except Broken as failure:
            print(f"\nBROKEN in {failure}", flush=True)
            pool.shutdown(cancel_futures=True)
            return 1
    print(f"\n{done:,} messages and requests in {time.monotonic() - began:.0f} s, no promise broken")
    for name, number in sorted(counts.items()):
        print(f"  {name:28}{number:>10,}")
    return 0


if __name__ == "__main__":
    sys.exit(_main())
