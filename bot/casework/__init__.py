"""Casework: reports, call-backs, and what the desk does with them."""
