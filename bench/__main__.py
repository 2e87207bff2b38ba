"""`make bench`: every figure of docs/performance.md, from one run."""

import argparse
from collections.abc import Sequence

from bench import contacts, outbound, panel, places, reading, start, turns
from bench.servers import CHOICES, CHOSEN

_PARTS = ("turns", "growth", "outbound", "start", "servers", "reading", "places", "contacts")
#: The houses whose turns are compared, in contacts.
_SMALL, _LARGE = 1_000, 100_000
#: The desks whose pages are compared, in reports.
_REPORTS = (10_000, 300_000)
#: The people of the file that is imported.
_PEOPLE = 100_000


def _turns(pairs: int, seconds: float) -> None:
    with turns.houses(10_000) as (house,), turns.benches([(CHOSEN, house, turns.copy(house))]) as (bench,):
        print(f"\nOne signed turn over HTTP ({CHOSEN}), ours against the floor, medians of {pairs} pairs")
        for turn in turns.TURNS:
            print(f"  {turn.name:14}{turns.against_floor(bench, turn, pairs, seconds)}", flush=True)


def _growth(pairs: int, seconds: float) -> None:
    print(
        f"\nThe same turn in a house of {_SMALL:,} contacts against one of {_LARGE:,}: cost per turn, 1.0 is the same"
    )
    with turns.two_houses(_SMALL, _LARGE) as (small, large):
        for turn in turns.TURNS:
            print(f"  {turn.name:14}{turns.larger_house(small, large, turn, pairs, int(seconds * 250))}", flush=True)


def _outbound(pairs: int, seconds: float) -> None:
    print(f"\nSending, {outbound.IN_FLIGHT} at once and 50 ms away, ours against a bare loop, medians of {pairs} pairs")
    for wire in outbound.WIRES:
        print(f"  {wire.name:14}{outbound.against_bare_loop(wire.name, pairs, int(seconds * 200))}", flush=True)


def _start(_pairs: int, _seconds: float) -> None:
    print(f"\n`make run` once it is installed\n{start.measure(1_000)}", flush=True)


def _servers(pairs: int, seconds: float) -> None:
    print("\nmid-talk on other servers, processes x threads, against the floor on the same server")
    with turns.houses(10_000) as (house,):
        other = turns.copy(house)
        for server in CHOICES:
            with turns.benches([(server, house, other)]) as (bench,):
                print(f"  {server!s:22}{turns.against_floor(bench, turns.MID_TALK, pairs, seconds)}", flush=True)


def _reading(_pairs: int, _seconds: float) -> None:
    print(f"\nReading one reply\n{reading.measure()}", flush=True)


def _places(_pairs: int, _seconds: float) -> None:
    print("\nPlaces", flush=True)
    places.measure()


def _contacts(pairs: int, _seconds: float) -> None:
    rounds = min(pairs, 3)
    print(f"\nImporting {_PEOPLE:,} contacts against a bare COPY of the same rows, sealed the same")
    print(f"  {contacts.measure(_PEOPLE, rounds)}", flush=True)


def _panel(pairs: int, sizes: Sequence[int]) -> None:
    print(
        f"\nThe panel at desks with {', '.join(f'{size:,}' for size in sizes)} reports: cost per page against the first"
    )
    with panel.desks(*sizes) as desks:
        for desk in desks:
            print(f"  {desk.reports:,} reports made in {desk.seconds:.0f} s", flush=True)
        for line in panel.compare(desks, pairs):
            print(line, flush=True)
        panel.keep_plans(desks[-1])


_MEASURE = dict(zip(_PARTS, (_turns, _growth, _outbound, _start, _servers, _reading, _places, _contacts), strict=True))


def _main() -> None:
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*_PARTS, "panel", []], help="these parts; all if none is named")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a round takes, about")
    parser.add_argument("--reports", type=int, nargs="+", default=_REPORTS, help="the desks that panel compares")
    arguments = parser.parse_args()
    for part in arguments.only or (*_PARTS, "panel"):
        if part == "panel":
            _panel(arguments.pairs, arguments.reports)
        else:
            _MEASURE[part](arguments.pairs, arguments.seconds)


if __name__ == "__main__":
    _main()
