"""The sound of the panel, made here: two soft strokes of a bell. `python -m tests.admin.bell` writes the file anew."""

import math
import struct
from pathlib import Path

FILE = Path(__file__).parents[2] / "admin" / "static" / "bell.wav"
_RATE, _SECONDS = 8_000, 1.1
#: When each stroke falls, and its tone.
_STROKES = ((0.0, 880.0), (0.35, 659.3))


def sound() -> bytes:
    """A WAV file, 8 bits and 8,000 samples a second: the least that sounds like a bell."""
    samples = bytes(128 + round(90 * _height(number / _RATE)) for number in range(int(_RATE * _SECONDS)))
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, _RATE, _RATE, 1, 8, b"data", len(samples))  # fmt: skip
    return head + samples


def _height(at: float) -> float:
    strokes = (_stroke(at - begins, tone) for begins, tone in _STROKES if at >= begins)
    return max(-1.0, min(1.0, sum(strokes)))


def _stroke(since: float, tone: float) -> float:
    attack = min(1.0, since / 0.005)
    partials = 0.65 * math.sin(math.tau * tone * since) + 0.25 * math.sin(math.tau * 2.76 * tone * since)
    return attack * math.exp(-5.0 * since) * partials


if __name__ == "__main__":
    FILE.write_bytes(sound())
