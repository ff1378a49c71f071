"""The verb that checks what is remembered."""

import argparse

from sqlalchemy.orm import Session

from engine.commands import migrate
from engine.queries.views import BrokenLink, Text
from engine.records.verification import verify


def verify_chains(session: Session, instance_id: str | None = None) -> list[BrokenLink]:
    """Recomputes every history chain (or one instance's) and returns the first broken link of each.

    Empty means that all events, submissions, signatures and records are as they were written."""
    return [
        BrokenLink(b.instance_id, b.business_key, b.seq, b.what, Text(b.text("zh"), b.text("en")))
        for b in verify(session, instance_id)
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`python -m engine verify` needs the database only."""
    migrate.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the first broken link of every case that has one; 1 if there is any."""
    with migrate.opened(options) as database, Session(database) as session:
        broken = verify_chains(session)
    for link in broken:
        print(f"{link.business_key} #{link.seq} {link.what}: {link.text.get(options.lang)}")
    if not broken:
        print("所有历史链完好" if options.lang == "zh" else "every chain holds")
    return 1 if broken else 0
