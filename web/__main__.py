"""`python -m web serve` (the default): the pages on waitress, a pure Python server with threads."""

from __future__ import annotations

import argparse
import logging
import os
import sys

import waitress

from web import create_app
from web.settings import Settings, SettingsError


def serve(settings: Settings) -> None:
    """Serve until interrupted; the body of a request may be as large as all uploads together."""
    app = create_app(settings)
    print(f"http://{settings.host}:{settings.port}", flush=True)
    waitress.serve(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1024 * 1024,
        ident="zhihuan",
    )


def main(arguments: list[str] | None = None) -> int:
    """Read the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m web", description=__doc__)
    parser.add_argument("command", nargs="?", default="serve", choices=["serve"])
    parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        serve(Settings.from_environment(os.environ))
    except SettingsError as refused:
        print(refused, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
