"""The floor: the least that a durable answer to a signed message costs with the same server, framework and driver.

A Flask application that checks the signature with our own code and runs one raw psycopg transaction over the same
tables: find the contact by its hash, insert the inbound row, update the talk, insert the reply, commit. No sealing, no
conversation, no row lock, no audit, no outbox.
"""

import hashlib
import hmac
import threading
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import psycopg
from flask import Flask, Response, request

from bot import config
from bot.channels.twilio_sms import TwilioSms
from bot.messages import Request
from bot.store.sealing import load_keys

_BODY = bytes(100)


def floor() -> Flask:
    """The application; its settings are ours."""
    settings = config.read()
    wire, connections = TwilioSms(settings), threading.local()
    key = load_keys(settings.keys).derive("blind:address")
    dsn = settings.database.replace("+psycopg", "")
    app = Flask("floor", static_folder=None)

    @app.post("/channels/twilio-sms/inbound")
    def inbound() -> Response:
        body = request.get_data(cache=False)
        headers = {name.lower(): value for name, value in request.headers.items()}
        wire.verify(Request("POST", request.path, request.query_string.decode(), body, headers))
        if not hasattr(connections, "own"):
            connections.own = psycopg.connect(dsn)
        _write(connections.own, key, dict(parse_qsl(body.decode())))
        text = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Merci</Message></Response>'
        return Response(text, content_type="text/xml; charset=utf-8")

    return app


def _write(connection: psycopg.Connection[Any], key: bytes, form: dict[str, str]) -> None:
    now = datetime.now(UTC)
    hashed = hmac.digest(key, f"tel:{form['From']}".encode(), hashlib.sha256)
    found = connection.execute(
        "SELECT talk.id FROM address JOIN talk ON talk.address_id = address.id WHERE address.hash = %s", (hashed,)
    ).fetchone()
    assert found, "the floor speaks to known contacts only"
    insert = (
        "INSERT INTO message (id, talk_id, outbound, channel, provider_id, kind, body, at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
    )
    connection.execute(insert, (uuid4(), found[0], False, "twilio-sms", form["MessageSid"], "text", _BODY, now))
    connection.execute("UPDATE talk SET answers = %s, heard_at = %s WHERE id = %s", (_BODY, now, found[0]))
    connection.execute(insert, (uuid4(), found[0], True, "twilio-sms", None, "text", _BODY, now))
    connection.commit()
