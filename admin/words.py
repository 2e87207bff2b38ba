"""What a page says, in the language of whoever reads it: French first, English second; moments in the time of Mali."""

from datetime import UTC, date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import g, request, session

from admin.services import now, services
from bot.languages import Translator

LANGUAGES = {"fr": "Français", "en": "English"}
_LOCALES = {tag: Locale.parse(tag) for tag in LANGUAGES}
#: Mali keeps UTC all year (tz database: Africa/Bamako, a link to Africa/Abidjan).
BAMAKO = UTC


def language() -> str:
    """The language of this page: the member's own, or what the browser chose or asks for."""
    if "language" not in g:
        # An error page must come when the database is away, so it does not ask who is here.
        found = g.get("signed_in")
        chosen = found.member.language if found else session.get("language")
        g.language = chosen if chosen in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES), "fr")
    tag: str = g.language
    return tag


def _translator() -> Translator:
    return services().catalogues.translator(language())


def gettext(message: str, /, **values: object) -> str:
    """The message in the language of this page."""
    return _translator().gettext(message, **values)


def ngettext(singular: str, plural: str, n: int, /, **values: object) -> str:
    """The message in the form that `n` takes."""
    return _translator().ngettext(singular, plural, n, **values)


def when(moment: datetime) -> str:
    """The day and the minute, as "lundi 23 novembre 2026 à 14:05"."""
    pattern = gettext("EEEE d MMMM y 'at' HH:mm")
    return format_datetime(moment.astimezone(BAMAKO), pattern, tzinfo=BAMAKO, locale=_LOCALES[language()])


def clock_time(moment: datetime) -> str:
    """The minute, with the day if it is not today."""
    local = moment.astimezone(BAMAKO)
    pattern = "HH:mm" if local.date() == now().astimezone(BAMAKO).date() else gettext("d MMM, HH:mm")
    return format_datetime(local, pattern, tzinfo=BAMAKO, locale=_LOCALES[language()])


def day(date: date) -> str:
    """The day, as "lundi 23 novembre"."""
    return format_date(date, gettext("EEEE d MMMM"), locale=_LOCALES[language()])


def weekday(date: date) -> str:
    """The name of the day, as "lundi"."""
    return format_date(date, "EEEE", locale=_LOCALES[language()])


def amount(number: int) -> str:
    """A number as it is read, as "100 000"."""
    return format_decimal(number, locale=_LOCALES[language()])


def hour(number: int) -> str:
    """An hour of the day, as "7h"; 24 is its end."""
    return gettext("%(hour)s:00", hour=number)


def moment_ahead(moment: datetime) -> str:
    """The day and the hour of something to come, as "jeudi 26 novembre, 7h"."""
    local = moment.astimezone(BAMAKO)
    return f"{day(local.date())}, {hour(local.hour)}"


def ago(moment: datetime) -> str:
    """How long ago, as "il y a 3 minutes"."""
    past = moment - now()
    if abs(past.total_seconds()) < 45:
        return gettext("just now")
    return format_timedelta(past, locale=_LOCALES[language()], add_direction=True, threshold=1.2)


def iso(moment: datetime) -> str:
    """For a machine."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
