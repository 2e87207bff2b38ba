"""Our exceptions, drawn as a tree.

KunnafoniError
├── SettingError            a setting is missing or wrong: the process stops and says which
├── NotGenuine              a request that nobody we know has signed: 403
├── Unreadable              a genuine request that we can't read: 400
├── FlowError               a flow broke one of the rules of a conversation
├── SealError               a sealed value is missing its key, was moved or was changed
├── StoreAway               the database can't be reached now; nothing was kept
├── NotAllowed              this person may not do this
├── Stale                   what somebody wanted to change has changed since they looked
└── SendError               a message did not (surely) leave; the class is the instruction
    ├── Refused             never will: the provider says no to this message or number
    │   └── OptedOut        the person told the provider to stop: we stop too
    ├── RetryLater          was not taken; may be tried again after `seconds`
    └── Uncertain           may have been taken: ask the provider, never send again blindly
"""


class KunnafoniError(Exception):
    """Anything we raise ourselves; its text is one sentence without personal data."""


class SettingError(KunnafoniError):
    """A setting is missing or wrong; `name` is the variable and the text says how to mend it."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name}: {sentence}")
        self.name = name


class NotGenuine(KunnafoniError):
    """The request does not carry the proof that its sender is the provider."""


class Unreadable(KunnafoniError):
    """The request is genuine but a field of it is missing or has the wrong form."""


class FlowError(KunnafoniError):
    """A flow broke a rule of the conversation (a key asked twice, too many steps)."""


class SealError(KunnafoniError):
    """A sealed value can't be opened here: wrong key, wrong place, or changed."""


class StoreAway(KunnafoniError):
    """The database can't be reached; the caller may spool what it holds."""


class NotAllowed(KunnafoniError):
    """The person is known but may not do this."""


class Stale(KunnafoniError):
    """Somebody else was faster; look again."""


class SendError(KunnafoniError):
    """A message did not surely leave; `code` is the provider's word for why, never personal data."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(SendError):
    """The provider will never take this message; trying again is useless."""


class OptedOut(Refused):
    """The person told the provider to stop our messages."""


class RetryLater(SendError):
    """The provider did not take the message and it may be offered again in `seconds`."""

    def __init__(self, code: str, seconds: float = 30.0) -> None:
        super().__init__(code)
        self.seconds = seconds


class Uncertain(SendError):
    """Nobody knows whether the provider took the message."""
