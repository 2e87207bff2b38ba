"""Chaos: real processes killed with SIGKILL, a real database stopped at once, and the truth counted from outside.

`python -m tests.chaos` (`make chaos`) runs the full doses and prints a table; small doses are tests. What is lost or
sent twice is told by the provider's ledger and the list of webhooks that got a 2xx, never by our tables alone. Each
promise has its negative control: a build deliberately broken (`builds.py`) that the same harness must convict.
"""
