"""Rumours: what is said, whether it is true, and the answer that doesn't repeat it."""
