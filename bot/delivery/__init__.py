"""The way out: outbox, pace, sender, receipts, sweep, and the doorbell between processes.

The database is the truth. What is to be sent is a row, written in the transaction that caused it; a wake-up may be
lost.
"""
