"""The verb that checks what is remembered, and the command that checks the files too."""

import argparse
import os
from dataclasses import asdict
from pathlib import Path

from sqlalchemy.orm import Session

from engine.commands import migrate
from engine.queries.views import BrokenLink, Text
from engine.records.file_check import FileFault, check_files
from engine.records.verification import Break, verify

CHECKED = {
    "zh": "已核验 {where}：案件 {cases} 件，历史链 {chains} 条，历史记录 {events} 条，"
    "提交内容、签名与表单记录 {contents} 份，附件 {attachments} 个。",
    "en": "Checked {where}: cases {cases}, history chains {chains}, entries {events}, "
    "submissions, signatures and records {contents}, attachments {attachments}. ",
}
WHOLE = {"zh": "全部完好。", "en": "Everything holds."}
BROKEN = {
    "zh": "不完好的历史链：{broken} 条；缺失或被改动的附件：{lost} 个。",
    "en": "Chains that do not hold: {broken}; attachments missing or altered: {lost}.",
}
NO_CASE = {"zh": "（尚无案件）", "en": "(no case yet)"}


def verify_chains(session: Session, instance_id: str | None = None) -> list[BrokenLink]:
    """Recomputes every history chain (or one instance's) and returns the first broken link of each.

    Empty means that all events, submissions, signatures and records are as they were written."""
    return [
        BrokenLink(b.instance_id, b.business_key, b.seq, b.what, Text(b.text("zh"), b.text("en")))
        for b in verify(session, instance_id).broken
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`python -m engine verify` needs the database and the folder of the attachments."""
    migrate.add_arguments(parser)
    default = os.environ.get("ZHIHUAN_FILES", "var/files")
    parser.add_argument("--files", type=Path, default=default, help="(ZHIHUAN_FILES) %(default)s")


def run(options: argparse.Namespace) -> int:
    """Prints the first broken link of every case that has one, every attachment that is missing or altered,
    and how much was checked; 1 if something does not hold. Raises NotMigrated, DatabaseUnusable."""
    with migrate.opened(options, migrated=True) as database, Session(database) as session:
        found, files = verify(session), check_files(session, options.files)
    faults: list[Break | FileFault] = [*found.broken, *files.faults]
    for fault in faults:
        print(f"{fault.business_key or NO_CASE[options.lang]}: {fault.text(options.lang)}")
    words = CHECKED[options.lang] + (BROKEN if faults else WHOLE)[options.lang]
    counted = {"broken": len(found.broken), "lost": len(files.faults), "attachments": files.attachments}
    print(words.format(where=migrate.place(options), **counted, **asdict(found.checked)))
    return 1 if faults else 0
