"""Providers that stand outside: real HTTP servers on 127.0.0.1 that behave as Twilio and Telegram do, and misbehave.

    with FakeTwilio(settings) as twilio:
        settings = replace(settings, twilio_api_base=twilio.url)

Each keeps a ledger of what it accepted: the truth from outside, to be compared with what our tables say. Faults are
scripted (`faults.add(Fault.DROP_AFTER_ACCEPT, times=3)`) or left to chance (`faults.chance(0.05, …)`); a fault meets
sends only. `latency` (seconds) is added to every answer. Each server is one asyncio thread: it takes more than 200
sends a second at 50 ms latency beside the program that it serves.

Tests, the benchmarks and the chaos runs share this package; it imports nothing of ours but settings.
"""

from tests.providers.fake_telegram import FakeTelegram, pressed, said, secret_json
from tests.providers.fake_twilio import (
    FakeTwilio,
    call_end,
    call_fields,
    inbound_fields,
    receipt_fields,
    signature,
    signed_form,
)
from tests.providers.faults import Fault, Faults
from tests.providers.served import free_port

__all__ = [
    "FakeTelegram",
    "FakeTwilio",
    "Fault",
    "Faults",
    "call_end",
    "call_fields",
    "free_port",
    "inbound_fields",
    "pressed",
    "receipt_fields",
    "said",
    "secret_json",
    "signature",
    "signed_form",
]
