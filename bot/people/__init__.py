"""People outside: contacts, how they are reached, the groups they are in; broadcasts will find their audience here.

Whoever calls names who acts (`actor`), as the audit writes it. Names are for secretaries, who can look at one; counts
are for the desk.
"""
