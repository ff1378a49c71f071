"""`python -m engine lint [--strict] [--lang zh|en] PATHS`."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from engine import terminal
from engine.diagram.lint import lint
from engine.errors import Problem

SUFFIXES = (".bpmn", ".dmn", ".form", ".csv")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the lint command."""
    named = "文件或文件夹 · files, or folders of them"
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=named)
    parser.add_argument("--strict", action="store_true", help="有提醒也算不通过 · warnings fail, too")
    terminal.add_language(parser, otherwise="en")  # as editors and programs read it


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
        why = "没有这个文件或文件夹" if arguments.lang == "zh" else "no such file or folder"
        sys.stderr.write(f"{path}: {why}\n")
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
