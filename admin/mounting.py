"""Puts the panel and the phone on a Flask application, with its cookies, its headers and its one guard of forms."""

import hashlib
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from admin import (
    account,
    audit,
    bulk,
    call_backs,
    cards,
    closed,
    committee,
    contacts,
    contacts_file,
    coverage,
    duty,
    duty_phone,
    entry,
    errors,
    exclusions,
    files,
    filters,
    groups,
    hand_over,
    home,
    inbox,
    incidents,
    infos,
    interpreting,
    invitation,
    items,
    labels,
    lexicon,
    links,
    locks,
    media,
    phone,
    reaching,
    replies,
    report,
    report_backs,
    retention,
    reveals,
    routing,
    rumours,
    search,
    sign_in,
    staff,
    translations,
    watch,
    words,
)
from admin.access import LARGEST_FORM, allowed, here, largest, may, panel, refusal
from admin.access import phone as phone_pages
from admin.headers import add_headers
from admin.menu import menu
from admin.packing import add_packing
from admin.services import Services, keep, services
from bot.languages import LANGUAGES, visible
from bot.staff import LONGEST_SESSION

#: The only rooms whose requests carry another proof than a form token: a provider's signature.
WITHOUT_FORMS = frozenset({"webhooks"})
_VIEWS = (
    account,
    audit,
    bulk,
    call_backs,
    cards,
    closed,
    committee,
    contacts,
    contacts_file,
    coverage,
    duty,
    duty_phone,
    entry,
    exclusions,
    files,
    filters,
    groups,
    hand_over,
    home,
    inbox,
    incidents,
    infos,
    interpreting,
    invitation,
    items,
    lexicon,
    links,
    locks,
    media,
    phone,
    reaching,
    replies,
    report,
    report_backs,
    retention,
    reveals,
    routing,
    rumours,
    search,
    sign_in,
    staff,
    translations,
)


class _Request(Request):
    """A request whose files are never put on a disk: each is as large as its page takes, and no larger."""

    def _get_file_stream(self, *_arguments: Any, **_named: Any) -> IO[bytes]:
        return BytesIO()


class _Cookie(SecureCookieSessionInterface):
    """The browser's half of a session: the id that the table knows, form token, language; signed, not secret."""

    digest_method = staticmethod(hashlib.sha256)
    key_derivation = "hmac"


def mount(app: Flask, given: Services) -> None:
    """Add /admin and /phone. The forms of the whole application are guarded, but those of the webhooks."""
    _settle(app, given)
    keep(app.extensions, given)
    phone.keep_threads(app.extensions)
    csrf = CSRFProtect()
    csrf.init_app(app)

    @app.before_request
    def guard_forms() -> Response | None:
        if not request.endpoint or request.blueprint in WITHOUT_FORMS:
            return None
        most = largest(request.endpoint)
        # Nothing is read of a file before it is known that whoever sends it may.
        turned_away = refusal(allowed(request.endpoint) or ()) if most > LARGEST_FORM else None
        if turned_away:
            return turned_away
        # The second counts what waits to be read of a file, too.
        request.max_content_length = request.max_form_memory_size = most
        csrf.protect()
        return None

    add_packing(app)
    add_headers(app, https=not given.settings.demo)
    errors.add_pages(app)
    for blueprint in (panel, phone_pages):
        app.register_blueprint(blueprint)
    app.context_processor(_page_words)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(visible=visible, when=words.when, ago=words.ago, iso=words.iso, clock=words.clock_time)
    app.jinja_env.filters.update(day=words.day, weekday=words.weekday, hour=words.hour, amount=words.amount)
    app.jinja_env.globals.update(file_address=files.address_of, labels=labels, tongues=LANGUAGES)


def _settle(app: Flask, given: Services) -> None:
    live = not given.settings.demo
    app.session_interface = _Cookie()
    app.request_class = _Request
    app.config.update(
        SECRET_KEY=given.store.keys.derive("flask-session"),
        SESSION_COOKIE_NAME="__Host-kunnafoni" if live else "kunnafoni",
        SESSION_COOKIE_SECURE=live,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=LONGEST_SESSION,
        WTF_CSRF_SECRET_KEY=given.store.keys.derive("forms"),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=int(LONGEST_SESSION.total_seconds()),
        MAX_FORM_PARTS=50,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
    )
    if app.config["MAX_CONTENT_LENGTH"] is None:
        app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM


def _page_words() -> dict[str, Any]:
    return {
        "_": words.gettext,
        "gettext": words.gettext,
        "ngettext": words.ngettext,
        "language": words.language(),
        "here": here,
        "may": may,
        "secretaries": contacts.SECRETARIES,
        "administrators": staff.ADMINISTRATORS,
        "demo": services().settings.demo,
        "menu": menu,
        "watch": watch.watch,
    }
