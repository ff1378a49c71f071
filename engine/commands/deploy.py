"""`python -m engine deploy [FOLDER]`: deploys the files of the product, or those of a folder as one's own."""

import argparse
import sys
from importlib.metadata import version
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine.commands import migrate
from engine.commands.shipped import Shipped, deploy_own, deploy_shipped
from engine.storage.session import transaction

KINDS = ("*.bpmn", "*.dmn", "forms/*.form", "*.form", "*.csv")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder, and why."""
    parser.add_argument(
        "folder",
        nargs="?",
        help="自己的流程文件夹；不写则部署随产品提供的流程 · "
        "a folder of your own processes; without it, those that come with the product are deployed",
    )
    parser.add_argument(
        "--shipped",
        action="store_true",
        help="该文件夹随产品提供：以后升级时可以更新 · "
        "the folder comes with the product: upgrades may replace it",
    )
    parser.add_argument("--reason", default="python -m engine deploy")
    parser.add_argument("--by", default="system")
    parser.add_argument(
        "--replace",
        action="store_true",
        help="也覆盖其他人发布的版本；否则保留，另存修订稿 · "
        "over versions that others published, too; otherwise they are kept and these files become drafts",
    )
    migrate.add_arguments(parser)


def read_folder(folder: Path | None = None) -> dict[str, bytes]:
    """The files of a folder that a deployment takes; by default those that come with the product."""
    root = folder or Path(str(package_files("bpmn")))
    paths = sorted(path for kind in KINDS for path in root.glob(kind))
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def run(options: argparse.Namespace) -> int:
    """Deploys and says what is new. Raises BundleRefused."""
    if options.folder and not Path(options.folder).is_dir():
        zh = f"{options.folder} 不是文件夹：流程与其表单、决策一起发布。"
        en = f"{options.folder} is no folder: a process is published together with its forms and decisions."
        print(zh if options.lang == "zh" else en, file=sys.stderr)
        return 2
    found = read_folder(Path(options.folder) if options.folder else None)
    why: Any = {"actor_id": options.by, "reason": options.reason, "replace": options.replace}
    opened = migrate.opened(options, migrated=True)
    with opened as database, Session(database) as session, transaction(session):
        if options.shipped or not options.folder:
            done = deploy_shipped(session, found, version("zhihuan"), **why)
        else:
            done = deploy_own(session, found, **why)
    _tell(done, options.lang == "zh")
    return 0


def _tell(done: Shipped, chinese: bool) -> None:
    for process_id, number in done.deployment.versions.items():
        new = ("新" if chinese else "new") if process_id in done.deployment.new else "="
        print(f"{process_id} v{number} {new}")
    for process_id, draft_id in done.offered.items():
        zh, en = "保留已发布的版本；该版本已存为修订稿", "what was published is kept; this version is draft"
        print(f"{process_id} {zh if chinese else en} {draft_id}")
    for name in (*done.kept, *done.tables):
        print(f"{name} {'保留已发布的版本' if chinese else 'what was published is kept'}")
    for warning in done.deployment.warnings:
        print(warning.text("zh" if chinese else "en"), file=sys.stderr)
