"""`python -m engine deploy [FOLDER]`: deploys the files of a folder, over nothing that an owner published."""

import argparse
import sys
from importlib.metadata import version
from importlib.resources import files as package_files
from pathlib import Path

from sqlalchemy.orm import Session

from engine.commands import migrate
from engine.commands.shipped import Shipped, deploy_shipped
from engine.storage.session import transaction

KINDS = ("*.bpmn", "*.dmn", "forms/*.form", "*.form", "*.csv")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder, and why."""
    parser.add_argument("folder", nargs="?", help="bpmn/")
    parser.add_argument("--reason", default="python -m engine deploy")
    parser.add_argument("--by", default="system")
    parser.add_argument(
        "--replace",
        action="store_true",
        help="也覆盖流程负责人发布的版本 · over versions that owners published, too",
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
    with migrate.opened(options) as database, Session(database) as session, transaction(session):
        done = deploy_shipped(
            session, found, version("zhihuan"), options.by, options.reason, replace=options.replace
        )
    _tell(done, options.lang == "zh")
    return 0


def _tell(done: Shipped, chinese: bool) -> None:
    for process_id, number in done.deployment.versions.items():
        new = ("新" if chinese else "new") if process_id in done.deployment.new else "="
        print(f"{process_id} v{number} {new}")
    for process_id, draft_id in done.offered.items():
        zh, en = "保留负责人的版本；随附版本已存为修订稿", "your version is kept; the shipped one is draft"
        print(f"{process_id} {zh if chinese else en} {draft_id}")
    for name in (*done.kept, *done.tables):
        print(f"{name} {'保留负责人的版本' if chinese else 'your version is kept'}")
    for warning in done.deployment.warnings:
        print(warning.text("zh" if chinese else "en"), file=sys.stderr)
