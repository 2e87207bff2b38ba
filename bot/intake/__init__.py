"""One message, one transaction: the conductor of everything that a person on a phone sets in motion.

A message is deduplicated, its address locked, its meaning decided (command > open question > coded report > free text),
and all that follows is written at once: message, talk, report, reply, audit. Then the reply may ride in the answer.
"""

from bot.intake.conductor import Intake, Verb

__all__ = ["Intake", "Verb"]
