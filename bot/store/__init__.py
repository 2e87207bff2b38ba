"""What is kept: tables, transactions, sealing, the audit, the spool, migrations.

Queries live in the room that owns the table; here are only the parts they are made with.
"""

from bot.store.session import Duplicate, Pending, Session, Store

__all__ = ["Duplicate", "Pending", "Session", "Store"]
