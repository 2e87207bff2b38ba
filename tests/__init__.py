"""Tests mirror the tree of what they test; `services` starts real servers for them."""
