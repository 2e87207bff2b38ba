"""The headers on every answer, errors included (ASVS 5.0 V3.4). No page has an inline script or style."""

from flask import Flask, Response, request

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:;"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Flask-WTF compares the Referer on HTTPS, so "no-referrer" would refuse every form.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HSTS = "max-age=31536000; includeSubDomains"
#: What only a file may say whose address changes with its content.
FOR_EVER = "public, max-age=31536000, immutable"


def add_headers(app: Flask, *, https: bool) -> None:
    """Put them on every answer; with `https` browsers are told never to come another way."""
    always = {**_ALWAYS, "Strict-Transport-Security": _HSTS} if https else _ALWAYS

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(always)
        if request.endpoint != "admin.file" or response.headers.get("Cache-Control") != FOR_EVER:
            response.headers["Cache-Control"] = "no-store"
        return response
