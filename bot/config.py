"""Settings: one frozen dataclass, read once from the environment, one sentence per field.

Nothing else in the project reads the environment. Whatever is wrong stops the process with one sentence.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from bot.errors import SettingError

#: Mali, Algeria, Senegal, Mauritania, Guinea, Côte d'Ivoire, Burkina Faso and Niger (their codes: ITU-T E.164).
MALI_AND_ITS_NEIGHBOURS = ("223", "213", "221", "222", "224", "225", "226", "227")


def _setting(sentence: str, default: object = "", *, secret: bool = False) -> Any:
    """A field with its sentence; Any, as dataclasses.field itself is typed, because the default fits its own field."""
    return field(default=default, metadata={"sentence": sentence, "secret": secret}, repr=not secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation runs. The names are those of the environment, in lower case."""

    demo: bool = _setting(
        "1 for a demonstration: made-up data, a key made at first run, an open phone simulator.", False
    )
    data_dir: Path = _setting("The folder for the embedded database, the spool and the demo's key.", Path("data"))
    database_url: str = _setting("Where the database is; empty means SQLite in DATA_DIR.", secret=True)
    redis_url: str = _setting(
        "Where Redis is, for wake-ups between processes; empty means none is needed.", secret=True
    )
    public_url: str = _setting("The address under which providers reach us, as https://host/prefix.")
    key_file: Path | None = _setting("The file with the keys, mode 0400, outside the database's backups.", None)
    twilio_account_sid: str = _setting("The Twilio account, AC and 32 hex digits; empty means no Twilio.")
    twilio_auth_token: str = _setting("The token that signs Twilio's requests and opens its API.", secret=True)
    twilio_auth_token_previous: str = _setting(
        "The token before the last rotation, still accepted in signatures.", secret=True
    )
    twilio_from: str = _setting("Our number at Twilio, in E.164, or a sender name or short code.")
    twilio_voice: bool = _setting(
        "1 where Twilio asks us about calls to TWILIO_FROM: they are refused unheard and become call-backs.", False
    )
    sms_countries: tuple[str, ...] = _setting(
        "The calling codes of the countries that SMS go to, with blanks between; who writes from elsewhere is heard.",
        MALI_AND_ITS_NEIGHBOURS,
    )
    twilio_api_base: str = _setting("Another host for the Twilio client, for tests and relays.")
    telegram_bot_token: str = _setting("The bot's token; empty means no Telegram.", secret=True)
    telegram_secret: str = _setting("The secret that Telegram repeats in a header of every webhook.", secret=True)
    telegram_mode: str = _setting("webhook, or polling for a machine without a public address.", "webhook")
    telegram_api_base: str = _setting("Another host for the Telegram client, for tests and relays.")
    port: int = _setting("The port that `run` and `web` listen on.", 8000)

    @property
    def database(self) -> str:
        """The database's URL, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'kunnafoni.sqlite'}"

    @property
    def keys(self) -> Path:
        """The key file, with the demo's default filled in; production must name one."""
        if self.key_file:
            return self.key_file
        if self.demo:
            return self.data_dir / "keys.json"
        raise SettingError("KEY_FILE", "name the file that holds the keys; production never makes one by itself.")

    @property
    def spool(self) -> Path:
        """The folder that keeps sealed inbound messages while the database is away."""
        return self.data_dir / "spool"


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in this environment; raises SettingError with the variable's name and the mend."""
    environment = os.environ if environment is None else environment
    found: dict[str, Any] = {}
    for each in fields(Settings):
        name = each.name.upper()
        text = environment.get(name, "").strip()
        if text:
            found[each.name] = _READERS.get(each.name, _text)(name, text)
    settings = Settings(**found)
    _check_together(settings)
    return settings


def _text(_name: str, text: str) -> str:
    return text


def _flag(name: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise SettingError(name, f"is {text!r}; write 1 for yes or 0 for no.")
    return text == "1"


def _path(_name: str, text: str) -> Path:
    return Path(text).expanduser()


def _port(name: str, text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise SettingError(name, f"is {text[:20]!r}; write a whole number from 1 to 65535.")
    return int(text)


def _form(pattern: str, meaning: str) -> Callable[[str, str], str]:
    def read_form(name: str, text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise SettingError(name, f"is not {meaning}.")
        return text

    return read_form


def _url(*schemes: str) -> Callable[[str, str], str]:
    def read_url(name: str, text: str) -> str:
        parts = _split(text)
        place = parts and (parts.path if parts.scheme == "unix" else parts.hostname)
        if not parts or parts.scheme not in schemes or not place or parts.query or parts.fragment:
            raise SettingError(name, f"is not an address that starts with {' or '.join(s + '://' for s in schemes)}.")
        return text.rstrip("/")

    return read_url


def _split(text: str) -> SplitResult | None:
    """The parts of an address, or None where it is none: brackets that don't close, a port that can't be."""
    try:
        parts = urlsplit(text)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _database(name: str, text: str) -> str:
    parts = _split(text)
    file = text.removeprefix("sqlite:///") if text.startswith("sqlite:///") else ""
    if not file and (not parts or not text.startswith(("postgresql://", "postgresql+psycopg://", "postgres://"))):
        raise SettingError(name, "is not a PostgreSQL or SQLite address (postgresql://… or sqlite:///…).")
    return text.replace("postgres://", "postgresql://", 1) if text.startswith("postgres://") else text


def _calling_codes(name: str, text: str) -> tuple[str, ...]:
    codes = tuple(each.removeprefix("+") for each in text.split())
    if not all(re.fullmatch("[1-9][0-9]{0,2}", code) for code in codes):
        raise SettingError(name, "is not a row of calling codes with blanks between, as 223 221 226.")
    return codes


def _mode(name: str, text: str) -> str:
    if text not in {"webhook", "polling"}:
        raise SettingError(name, f"is {text!r}; write webhook or polling.")
    return text


_READERS: dict[str, Callable[[str, str], object]] = {
    "demo": _flag,
    "twilio_voice": _flag,
    "data_dir": _path,
    "key_file": _path,
    "port": _port,
    "database_url": _database,
    "redis_url": _url("redis", "rediss", "unix"),
    "public_url": _url("http", "https"),
    "twilio_account_sid": _form("AC[0-9a-f]{32}", "a Twilio account, AC and 32 hex digits"),
    "twilio_from": _form(
        r"\+[1-9][0-9]{6,14}|[0-9]{3,8}|[A-Za-z0-9 ]{1,11}", "a number in E.164 (+223…), a short code or a sender name"
    ),
    "telegram_bot_token": _form("[0-9]+:[A-Za-z0-9_-]+", "a bot's token (digits, a colon, letters and digits)"),
    "telegram_secret": _form("[A-Za-z0-9_-]{1,256}", "1 to 256 letters, digits, _ or -"),
    "twilio_api_base": _url("http", "https"),
    "telegram_api_base": _url("http", "https"),
    "telegram_mode": _mode,
    "sms_countries": _calling_codes,
}


def _check_together(settings: Settings) -> None:
    if settings.twilio_account_sid:
        for name in ("twilio_auth_token", "twilio_from", "public_url"):
            if not getattr(settings, name):
                raise SettingError(name.upper(), "is needed as soon as TWILIO_ACCOUNT_SID is set.")
    if settings.twilio_voice and not (settings.twilio_account_sid and settings.twilio_from.startswith("+")):
        raise SettingError("TWILIO_VOICE", "needs a Twilio account, and in TWILIO_FROM a number that can be rung.")
    if settings.telegram_bot_token and settings.telegram_mode == "webhook":
        for name in ("telegram_secret", "public_url"):
            if not getattr(settings, name):
                raise SettingError(name.upper(), "is needed for Telegram's webhook; or set TELEGRAM_MODE=polling.")
