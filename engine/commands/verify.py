"""The verb that checks what is remembered."""

import argparse
from dataclasses import asdict

from sqlalchemy.orm import Session

from engine.commands import migrate
from engine.queries.views import BrokenLink, Text
from engine.records.verification import verify

CHECKED = {
    "zh": "已核验：案件 {cases} 件，历史链 {chains} 条，历史记录 {events} 条，"
    "提交内容、签名与表单记录 {contents} 份。",
    "en": "Checked: cases {cases}, history chains {chains}, entries {events}, "
    "submissions, signatures and records {contents}. ",
}
WHOLE = {"zh": "所有历史链完好。", "en": "Every chain holds."}
BROKEN = {"zh": "不完好的历史链：{broken} 条。", "en": "Chains that do not hold: {broken}."}


def verify_chains(session: Session, instance_id: str | None = None) -> list[BrokenLink]:
    """Recomputes every history chain (or one instance's) and returns the first broken link of each.

    Empty means that all events, submissions, signatures and records are as they were written."""
    return [
        BrokenLink(b.instance_id, b.business_key, b.seq, b.what, Text(b.text("zh"), b.text("en")))
        for b in verify(session, instance_id).broken
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`python -m engine verify` needs the database only."""
    migrate.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the first broken link of every case that has one, and how much was checked; 1 if one is."""
    with migrate.opened(options) as database, Session(database) as session:
        found = verify(session)
    for link in found.broken:
        print(f"{link.business_key}: {link.text(options.lang)}")
    words = CHECKED[options.lang] + (BROKEN if found.broken else WHOLE)[options.lang]
    print(words.format(broken=len(found.broken), **asdict(found.checked)))
    return 1 if found.broken else 0
