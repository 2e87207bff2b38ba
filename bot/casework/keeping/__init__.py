"""Keeping: how long what was told stays, and what goes at once when somebody asks or a number changes hands."""
