"""`python -m engine lint [--strict] [--lang zh|en] PATHS`."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath

from engine import terminal
from engine.diagram.lint import lint
from engine.diagram.lint.tables import COLUMNS
from engine.errors import Problem

# what the files of a suffix hold: in Chinese; in English, one and several
KINDS = {
    ".bpmn": ("流程图", "diagram", "diagrams"),
    ".dmn": ("决策表", "decision table", "decision tables"),
    ".form": ("表单", "form", "forms"),
    ".csv": ("名称表", "table of names", "tables of names"),
}
Say = Callable[[Mapping[str, bytes], str], str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the lint command."""
    named = "文件或文件夹 · files, or folders of them"
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=named)
    parser.add_argument("--strict", action="store_true", help="有提醒也算不通过 · warnings fail, too")
    terminal.add_language(parser, otherwise="en")  # as editors and programs read it


def run(arguments: argparse.Namespace) -> int:
    """Prints every problem as `file:line:column level element message`; where there is none, one line that
    says what was checked.

    Returns the exit code: 1 if there are errors (with --strict: or warnings), 2 if a path does not exist.
    """
    return print_problems(arguments, lint, checked)


def print_problems(
    arguments: argparse.Namespace, check: Callable[[Mapping[str, bytes]], list[Problem]], all_well: Say
) -> int:
    """Prints what `check` finds in the files of the paths, or what `all_well` says of them in the language of
    the arguments; returns the exit code of `run`."""
    missing = [path for path in arguments.paths if not path.exists()]
    for path in missing:
        why = "没有这个文件或文件夹" if arguments.lang == "zh" else "no such file or folder"
        sys.stderr.write(f"{path}: {why}\n")
    if missing:
        return 2
    files = read_paths(arguments.paths)
    problems = check(files)
    lines = [problem.text(arguments.lang) for problem in problems] or [all_well(files, arguments.lang)]
    for line in lines:
        sys.stdout.write(f"{line}\n")
    failing = [problem for problem in problems if arguments.strict or problem.level == "error"]
    return 1 if failing else 0


def checked(files: Mapping[str, bytes], lang: str) -> str:
    """That nothing was found, and in how many files of which kind; in `lang` ("zh" or "en")."""
    zh, numbers = lang == "zh", Counter(kind for name in files if (kind := _kind(name)))
    if not numbers:
        return "没有可检查的文件。" if zh else "There is no file to check."
    told = [(numbers[kind], *words) for kind, words in KINDS.items() if numbers[kind]]
    if zh:
        return f"已检查 {'、'.join(f'{n} 个{word}' for n, word, *_ in told)}，未发现问题。"
    names = ", ".join(f"{n} {one if n == 1 else many}" for n, _, one, many in told)
    return f"Checked {names}: no problems found."


def _kind(name: str) -> str | None:
    """The suffix of a file that lint looks into; other tables than those of names it passes over."""
    path = PurePosixPath(name.replace("\\", "/"))
    suffix = path.suffix.lower()
    return suffix if suffix in KINDS and (suffix != ".csv" or path.stem in COLUMNS) else None


def read_paths(paths: Iterable[Path]) -> dict[str, bytes]:
    """The files, and those in the folders, that lint understands: path as given → content."""
    found: dict[str, bytes] = {}
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            if file.is_file() and (file == path or file.suffix.lower() in KINDS):
                found[str(file)] = file.read_bytes()
    return found
