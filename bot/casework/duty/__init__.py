"""Duty: when the desk is staffed and by whom, how soon it looks, and what it does while it is closed."""
