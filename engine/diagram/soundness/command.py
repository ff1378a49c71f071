"""`python -m engine sound [--strict] [--lang zh|en] PATHS`."""

import argparse
from collections.abc import Mapping, Sequence

from engine.diagram.lint import command as lint_command
from engine.diagram.soundness import explorations, problems_of
from engine.diagram.soundness.exploration import Exploration
from engine.diagram.vocabulary import kind_of
from engine.errors import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the sound command: those of lint."""
    lint_command.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints every problem as lint does, or what was played, and returns its exit codes."""
    played: list[Exploration] = []

    def check(files: Mapping[str, bytes]) -> list[Problem]:
        played.extend(explorations(files))
        return problems_of(played)

    return lint_command.print_problems(arguments, check, lambda files, lang: _all_well(files, lang, played))


def _all_well(files: Mapping[str, bytes], lang: str, played: Sequence[Exploration]) -> str:
    """That nothing was found, in how many processes; diagrams that could not be played are told, too."""
    seen = {one.net.document.file for one in played}
    left = sum(name.lower().endswith(".bpmn") and name not in seen for name in files)
    n = sum(kind_of(one.net.scope.node) == "process" for one in played)
    if lang == "zh":
        said = f"已推演 {n} 个流程的所有走法，未发现问题。" if n else "没有可推演的流程。"
        return said + (f"另有 {left} 个流程图未能推演，请用 lint 检查。" if left else "")
    many = "1 process" if n == 1 else f"{n} processes"
    said = f"Played {many} in every way: no problems found." if n else "There is no process to play."
    more = "1 diagram" if left == 1 else f"{left} diagrams"
    return said + (f" {more} could not be played: check with lint." if left else "")
