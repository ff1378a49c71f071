"""Decisions: DMN tables read from files, checked, and ready to decide."""

from engine.diagram.decision_checks import check_tables
from engine.diagram.decision_columns import Input, Output, Rule
from engine.diagram.decision_reader import read_decision
from engine.diagram.decision_table import Decision

__all__ = ["Decision", "Input", "Output", "Rule", "check_tables", "read_decision"]
