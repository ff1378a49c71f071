"""What every answer carries so that a browser runs and loads nothing but our own files."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

log = logging.getLogger("zhihuan.web")

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the diagram viewer's stylesheet draws one arrow as data
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
# Of files that people have brought: a browser that shows one all the same runs, loads and sends nothing.
SANDBOX = "; ".join(
    ("default-src 'none'", "sandbox", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'")
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

LOOPBACK = {"127.0.0.1", "::1", "localhost"}

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, default_limits=[])


def guard(response: Response) -> Response:
    """Add the headers, leaving alone what a view set itself; pages with business data are never cached."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def init_app(app: Flask) -> None:
    """Hang CSRF protection, the rate limiter and the headers on the app, and warn about plain HTTP."""
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(guard)
    settings = app.config["SETTINGS"]
    if not settings.cookie_secure and (settings.production or settings.host not in LOOPBACK):
        log.warning(
            "The session cookie is not marked Secure: anybody on the network can read it over plain HTTP. "
            "Serve the site over HTTPS and set ZHIHUAN_COOKIE_SECURE=1."
        )
