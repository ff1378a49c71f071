"""`python -m engine lint [--strict] [--lang zh|en] PATHS`."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from engine.diagram.lint import lint
from engine.errors import Problem

SUFFIXES = (".bpmn", ".dmn", ".form", ".csv")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the lint command."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of them")
    parser.add_argument("--strict", action="store_true", help="warnings fail, too")
    parser.add_argument("--lang", choices=("zh", "en"), default="en", help="language of the messages")


def run(arguments: argparse.Namespace) -> int:
    """Prints every problem as `file:line:column level element message`.

    Returns the exit code: 1 if there are errors (with --strict: or warnings), 2 if a path does not exist.
    """
    return print_problems(arguments, lint)


def print_problems(
    arguments: argparse.Namespace, check: Callable[[Mapping[str, bytes]], list[Problem]]
) -> int:
    """Prints what `check` finds in the files of the paths; returns the exit code of `run`."""
    missing = [path for path in arguments.paths if not path.exists()]
    for path in missing:
        sys.stderr.write(f"{path}: no such file or folder\n")
    if missing:
        return 2
    problems = check(read_paths(arguments.paths))
    for problem in problems:
        sys.stdout.write(f"{problem.text(arguments.lang)}\n")
    failing = [problem for problem in problems if arguments.strict or problem.level == "error"]
    return 1 if failing else 0


def read_paths(paths: Iterable[Path]) -> dict[str, bytes]:
    """The files, and those in the folders, that lint understands: path as given → content."""
    found: dict[str, bytes] = {}
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            if file.is_file() and (file == path or file.suffix.lower() in SUFFIXES):
                found[str(file)] = file.read_bytes()
    return found
