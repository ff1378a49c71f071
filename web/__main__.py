"""`python -m web serve` (the default): the pages on waitress, a pure Python server with threads.

`python -m web demo` sets the demo organisation up and prints who can sign in.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys

import waitress
from sqlalchemy.orm import Session

import engine
from web import create_app
from web.db import is_ready
from web.demo.organisation import set_up, sign_in_lines
from web.settings import Settings, SettingsError


def serve(settings: Settings) -> None:
    """Serve until interrupted; the body of a request may be as large as all uploads together."""
    app = create_app(settings)
    with app.app_context():
        if not is_ready():
            raise SettingsError("The database lacks tables: run `python -m engine migrate` first.")
    print(f"http://{settings.host}:{settings.port}", flush=True)
    waitress.serve(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1024 * 1024,
        ident="zhihuan",
    )


def demo(settings: Settings) -> None:
    """Set the demo organisation up, once, and print who can sign in."""
    if settings.production:
        raise SettingsError("ZHIHUAN_ENV is production: the demo organisation is for a first look only")
    database = engine.create_database_engine(settings.database_url)
    with Session(database) as session:
        set_up(session, settings.files)
    database.dispose()
    print("\n".join(sign_in_lines()), flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m web", description=__doc__)
    parser.add_argument("command", nargs="?", default="serve", choices=["serve", "demo"])
    command = parser.parse_args(arguments).command
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        settings = Settings.from_environment(os.environ)
        demo(settings) if command == "demo" else serve(settings)
    except SettingsError as refused:
        print(refused, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
