"""Bad input without end: people who write as people write, and worse, against the real intake on a real store.

`python -m tests.fuzz` (`make fuzz`) sends a million messages and prints what came of them; a small dose is a test. The
oracle knows nothing of the code: it remembers what was sent and looks whether all of it is kept, once, and whether each
answer is made of our own words.
"""
