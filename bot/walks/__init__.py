"""What the flows would say, before anybody hears it: every path of every language, within each wire's limits."""

from bot.walks.budget import Budget, Budgets
from bot.walks.transcripts import Line, Transcripts

__all__ = ["Budget", "Budgets", "Line", "Transcripts"]
