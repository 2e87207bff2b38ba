"""Every wrong setting stops the process with one sentence that names it; right ones are read as written."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from bot.config import Settings, read
from bot.errors import SettingError

TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_FROM": "+22370000000",
    "PUBLIC_URL": "https://desk.example.ml",
}
TELEGRAM = {
    "TELEGRAM_BOT_TOKEN": "123:abc",
    "TELEGRAM_SECRET": "s3cret",
    "PUBLIC_URL": "https://desk.example.ml",
}


def without(environment: dict[str, str], name: str) -> dict[str, str]:
    return {each: value for each, value in environment.items() if each != name}


WRONG = [
    ("DEMO", {"DEMO": "true"}),
    ("DEMO", {"DEMO": "2"}),
    ("PORT", {"PORT": "0"}),
    ("PORT", {"PORT": "65536"}),
    ("PORT", {"PORT": "http"}),
    ("PORT", {"PORT": "-1"}),
    ("PORT", {"PORT": "8.5"}),
    ("PORT", {"PORT": "²"}),
    ("PORT", {"PORT": "9" * 5000}),
    ("DATABASE_URL", {"DATABASE_URL": "mysql://desk/kunnafoni"}),
    ("DATABASE_URL", {"DATABASE_URL": "kunnafoni.sqlite"}),
    ("DATABASE_URL", {"DATABASE_URL": "sqlite:///"}),
    ("DATABASE_URL", {"DATABASE_URL": "postgresql://[desk/kunnafoni"}),
    ("DATABASE_URL", {"DATABASE_URL": "postgresql://desk:99999/kunnafoni"}),
    ("REDIS_URL", {"REDIS_URL": "localhost:6379"}),
    ("REDIS_URL", {"REDIS_URL": "http://localhost"}),
    ("REDIS_URL", {"REDIS_URL": "unix://"}),
    ("PUBLIC_URL", {"PUBLIC_URL": "desk.example.ml"}),
    ("PUBLIC_URL", {"PUBLIC_URL": "ftp://desk.example.ml"}),
    ("PUBLIC_URL", {"PUBLIC_URL": "https:desk.example.ml"}),
    ("PUBLIC_URL", {"PUBLIC_URL": "https:///prefix"}),
    ("PUBLIC_URL", {"PUBLIC_URL": "https://[desk"}),
    ("PUBLIC_URL", {"PUBLIC_URL": "https://desk.example.ml:99999"}),
    ("PUBLIC_URL", {"PUBLIC_URL": "https://desk.example.ml/?a=1"}),
    ("PUBLIC_URL", {"PUBLIC_URL": "https://desk.example.ml/#top"}),
    ("TWILIO_API_BASE", {"TWILIO_API_BASE": "relay"}),
    ("TELEGRAM_API_BASE", {"TELEGRAM_API_BASE": "relay"}),
    ("TELEGRAM_MODE", {"TELEGRAM_MODE": "push"}),
    ("TWILIO_ACCOUNT_SID", {**TWILIO, "TWILIO_ACCOUNT_SID": "SK" + "0" * 32}),
    ("TWILIO_FROM", {**TWILIO, "TWILIO_FROM": "00223 70 00 00 00"}),
    ("TELEGRAM_BOT_TOKEN", {**TELEGRAM, "TELEGRAM_BOT_TOKEN": "abc"}),
    ("TELEGRAM_SECRET", {**TELEGRAM, "TELEGRAM_SECRET": "with a space"}),
    ("TWILIO_VOICE", {**TWILIO, "TWILIO_VOICE": "yes"}),
    ("TWILIO_VOICE", {"TWILIO_VOICE": "1"}),
    ("TWILIO_VOICE", {**TWILIO, "TWILIO_VOICE": "1", "TWILIO_FROM": "KUNNAFONI"}),
    *[
        ("SMS_COUNTRIES", {"SMS_COUNTRIES": codes})
        for codes in ("Mali", "223,221", "0033", "22376123456", "+", "223 0")
    ],
    *[(name, without(TWILIO, name)) for name in ("TWILIO_AUTH_TOKEN", "TWILIO_FROM", "PUBLIC_URL")],
    *[(name, without(TELEGRAM, name)) for name in ("TELEGRAM_SECRET", "PUBLIC_URL")],
]


@pytest.mark.parametrize(("name", "environment"), WRONG)
def test_a_wrong_setting_stops_with_one_sentence_that_names_it(name: str, environment: dict[str, str]) -> None:
    with pytest.raises(SettingError) as stopped:
        read(environment)
    sentence = str(stopped.value)
    assert stopped.value.name == name
    assert sentence.startswith(f"{name}: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 160


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "TELEGRAM_BOT_TOKEN", "TELEGRAM_SECRET"])
def test_a_wrong_secret_is_not_repeated(name: str) -> None:
    with pytest.raises(SettingError) as stopped:
        read({**TELEGRAM, name: "wrong hunter2"})
    assert "hunter2" not in str(stopped.value)


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("DEMO", "yes"), ("DATABASE_URL", "x")])
def test_the_command_says_the_sentence_and_fails(name: str, value: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "run"],
        env={"DEMO": "1", "DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", name: value},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert re.fullmatch(rf"kunnafoni: {name}: .*\.\n", done.stderr), done.stderr
    assert not list(tmp_path.iterdir())


def test_sms_go_to_mali_and_its_neighbours_unless_other_countries_are_named() -> None:
    assert read({}).sms_countries == ("223", "213", "221", "222", "224", "225", "226", "227")
    assert read({"SMS_COUNTRIES": " 223  +33 "}).sms_countries == ("223", "33")


def test_an_empty_environment_is_production_on_sqlite_and_names_its_key_file() -> None:
    settings = read({})
    assert not settings.demo
    assert settings.database == "sqlite:///data/kunnafoni.sqlite"
    with pytest.raises(SettingError, match=r"^KEY_FILE: "):
        _ = settings.keys


def test_only_a_demo_may_make_its_own_key() -> None:
    assert read({"DEMO": "1", "DATA_DIR": "/srv/desk"}).keys == Path("/srv/desk/keys.json")
    assert read({"KEY_FILE": "/etc/kunnafoni.key"}).keys == Path("/etc/kunnafoni.key")


def test_everything_right_is_read_as_written() -> None:
    settings = read(
        {**TWILIO, **TELEGRAM, "REDIS_URL": "unix:///run/redis.sock", "PORT": "80", "PUBLIC_URL": "https://a.ml/k/"}
    )
    assert settings.twilio_from == "+22370000000"
    assert settings.redis_url == "unix:///run/redis.sock"
    assert settings.port == 80
    assert settings.public_url == "https://a.ml/k"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("postgres://u:p@desk/k", "postgresql://u:p@desk/k"),
        (
            "postgresql+psycopg://postgres@/k?host=/run/postgresql",
            "postgresql+psycopg://postgres@/k?host=/run/postgresql",
        ),
        ("sqlite:////srv/k.sqlite", "sqlite:////srv/k.sqlite"),
    ],
)
def test_a_database_address_reaches_sqlalchemy(written: str, read_as: str) -> None:
    assert read({"DATABASE_URL": written}).database == read_as


@pytest.mark.parametrize("sender", ["+22370000000", "36000", "KUNNAFONI"])
def test_a_sender_may_be_a_number_a_short_code_or_a_name(sender: str) -> None:
    assert read({**TWILIO, "TWILIO_FROM": sender}).twilio_from == sender


def test_polling_needs_neither_secret_nor_public_address() -> None:
    assert read({"TELEGRAM_BOT_TOKEN": "123:abc", "TELEGRAM_MODE": "polling"}).telegram_mode == "polling"


def test_a_blank_setting_is_no_setting() -> None:
    assert read({"PORT": " ", "PUBLIC_URL": ""}) == Settings()


def test_secrets_are_not_shown() -> None:
    shown = repr(read({**TWILIO, **TELEGRAM, "TWILIO_AUTH_TOKEN": "hunter2", "TELEGRAM_SECRET": "hunter2"}))
    assert "hunter2" not in shown


def test_every_setting_has_one_sentence() -> None:
    for each in fields(Settings):
        assert each.metadata["sentence"].endswith("."), each.name
