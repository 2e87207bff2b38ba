"""Loading villages and finding one among 17,300 and 24,500 names: `python -m bench places` prints what it costs."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.places.gazetteer import Gazetteer, Level
from bot.places.matching import find, find_in_sentence
from bot.places.villages import read_villages

#: With the packaged places and localities 17,000, and what a secretariat may load at most.
_HOW_MANY = (2_500, 15_000)
_SYLLABLES = "ba bou dia dou fa ga kou la ma na ngo nia sa sou ta tou wa yo ni ko di".split()
_SENTENCE = "hier soir des gens sont venus prendre les animaux du hameau pres de {} et on ne sait pas quoi faire"


def measure() -> None:
    """Print seconds of loading, and milliseconds of a match (median, dearest) of four sorts, from the first one on."""
    for how_many in _HOW_MANY:
        _measure(how_many)


def _measure(how_many: int) -> None:
    chance = random.Random(7)
    packaged = Gazetteer.load()
    communes = [place.id for place in packaged if place.level is Level.COMMUNE]
    rows = [f"{_name(chance)},{chance.choice(communes)}" for _ in range(how_many)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "villages.csv"
        path.write_text("name,commune\n" + "\n".join(rows), encoding="utf-8")
        start = time.perf_counter()
        loaded = read_villages(path, packaged)
        read = time.perf_counter() - start
    start = time.perf_counter()
    larger = packaged.with_places(loaded.villages)
    built = time.perf_counter() - start
    print(
        f"{len(loaded.villages)} villages read in {read:.1f} s, indexed in {built:.1f} s; {larger.names.count()} names"
    )
    names = [chance.choice(loaded.villages).name for _ in range(300)]
    for what, texts, look in (
        ("as it stands", names, find),
        ("one letter wrong", [_wrong(chance, name) for name in names], find),
        ("no place at all", ["zz" + name[::-1] for name in names], find),
        ("in a sentence", [_SENTENCE.format(_wrong(chance, name)) for name in names], find_in_sentence),
    ):
        print(f"  {what:18} {_cost(larger, texts, look)}")


def _cost(gazetteer: Gazetteer, texts: list[str], look: Callable[[Gazetteer, str], object]) -> str:
    """Of this thread's own CPU: what else runs on the machine doesn't count."""
    taken = []
    for text in texts:
        start = time.thread_time()
        look(gazetteer, text)
        taken.append((time.thread_time() - start) * 1000)
    return f"{statistics.median(taken):6.2f} ms   dearest {max(taken):6.2f} ms"


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4))).capitalize()


def _wrong(chance: random.Random, name: str) -> str:
    at = chance.randrange(1, len(name))
    return name[:at] + chance.choice("aeioubdgklmnst") + name[at + 1 :]
