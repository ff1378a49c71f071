"""`python -m web serve` (the default): the pages on waitress, a pure Python server with threads,
and a worker that does due jobs.

`python -m web demo` sets the demo organisation up and prints who can sign in.
"""

from __future__ import annotations

import argparse
import os
import sys

from sqlalchemy.orm import Session

import engine
from engine.errors import EngineError
from web.demo.organisation import is_set_up, set_up, sign_in_lines
from web.serve import serve
from web.settings import Settings, SettingsError

WAIT = {
    "zh": "正在建立演示组织，约需一分钟 …",
    "en": "setting the demo organisation up, a minute or so …",
}


def demo(settings: Settings) -> None:
    """Set the demo organisation up, once, and print who can sign in."""
    if settings.production:
        raise SettingsError("ZHIHUAN_ENV is production: the demo organisation is for a first look only")
    database = engine.create_database_engine(settings.database_url)
    language = engine.terminal.language(os.environ)
    with Session(database) as session:
        if not is_set_up(session):
            print(WAIT[language], flush=True)
            set_up(session, settings.files)
    database.dispose()
    print("\n".join(sign_in_lines(language)), flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m web",
        description=__doc__,
        epilog="Settings, as environment variables, with their defaults (README explains them):\n"
        + "\n".join(f"  {line}" for line in Settings.lines()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", default="serve", choices=["serve", "demo"])
    command = parser.parse_args(arguments).command
    try:
        settings = Settings.from_environment(os.environ)
        engine.logs.configure(settings.log_form, quote=not settings.production)
        demo(settings) if command == "demo" else serve(settings)
    except SettingsError as refused:
        print(refused, file=sys.stderr)
        return 2
    except EngineError as refused:
        print(refused.message(engine.terminal.language(os.environ)), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
