"""Telling: what the house says to somebody unasked, to whom it may, and when."""
