"""`python -m engine sound [--strict] [--lang zh|en] PATHS`."""

import argparse

from engine.diagram.lint import command as lint_command
from engine.diagram.soundness import check_soundness


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the sound command: those of lint."""
    lint_command.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints every problem as lint does, and returns its exit codes."""
    return lint_command.print_problems(arguments, check_soundness)
