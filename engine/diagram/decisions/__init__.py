"""Decisions: DMN tables read from files, checked, and ready to decide."""

from engine.diagram.decisions.checks import check_tables
from engine.diagram.decisions.columns import Input, Output, Rule
from engine.diagram.decisions.reader import read_decision
from engine.diagram.decisions.table import Decision
from engine.diagram.decisions.trial import Answered, TableTrial, try_decision

__all__ = [
    "Answered", "Decision", "Input", "Output", "Rule", "TableTrial", "check_tables", "read_decision",
    "try_decision",
]  # fmt: skip
