"""`python -m engine tidy FILE…`: lays diagrams out again, in place."""

import argparse
from pathlib import Path

from engine import terminal
from engine.diagram.tidy import tidy_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `tidy`."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="流程图 · .bpmn files")
    terminal.add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Redraws every file; raises BundleRefused at the first that is not readable."""
    for path in options.files:
        tidy_file(path)
        print(path)
    return 0
