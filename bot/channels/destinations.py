"""Destinations: the countries that a wire of telephones writes to, so that nobody far away can run up our bill."""

from collections.abc import Collection


def is_reached(address: str, countries: Collection[str]) -> bool:
    """Whether an address is a number in one of these countries; a calling code never begins another."""
    kind, _, number = address.partition(":")
    return kind == "tel" and number.startswith(tuple(f"+{code}" for code in countries))
