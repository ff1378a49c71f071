"""Two versions of a process, compared: what was added, removed and changed, and what was only moved."""

from engine.diagram.compare.bundles import compare_bundles
from engine.diagram.compare.changes import (
    REFERENCES,
    BundleComparison,
    Change,
    DecisionComparison,
    FormComparison,
    How,
    ProcessComparison,
    PropertyChange,
)
from engine.diagram.compare.lists import compare_lists

__all__ = [
    "REFERENCES",
    "BundleComparison",
    "Change",
    "DecisionComparison",
    "FormComparison",
    "How",
    "ProcessComparison",
    "PropertyChange",
    "compare_bundles",
    "compare_lists",
]
