"""Attributes written as plain values, not as expressions: they must be what they will be read as."""

import re
from collections.abc import Callable
from datetime import date, datetime

from lxml import etree

from engine.diagram.element import MAX_PRIORITY
from engine.diagram.lint.drawings import Process, text_of
from engine.diagram.lint.report import Report
from engine.diagram.lint.sites import is_literal
from engine.diagram.lint.timers import is_duration
from engine.diagram.lint.wording import LITERALS
from engine.diagram.vocabulary import bpmn, camunda
from engine.elements.multi_instance import MAX_INSTANCES

TIMES = ("dueDate", "followUpDate")
_LONG = re.compile(r"\d{6}")  # amounts of six digits lead beyond the calendar


def check_literals(report: Report, process: Process) -> None:
    """Due dates and priorities of user tasks, and how many instances an activity has."""
    for node in process.nodes:
        for name in TIMES:
            _check(report, node, name, node.get(camunda(name), ""), is_time)
        _check(report, node, "priority", node.get(camunda("priority"), ""), is_priority)
        for repeated in node.iterchildren(bpmn("multiInstanceLoopCharacteristics")):
            number = text_of(repeated.find(bpmn("loopCardinality")))
            if re.fullmatch(r"[+-]?\d+", number):
                _check(report, repeated, "loopCardinality", number, is_count)


def _check(
    report: Report, node: etree._Element, name: str, text: str, is_right: Callable[[str], bool]
) -> None:
    text = text.strip()
    if text and is_literal(text) and not is_right(text):
        report.add("literal-invalid", node, name=LITERALS[name], text=text[:80])


def is_time(text: str) -> bool:
    """Whether a text is a date, a date and time, or a duration from now, as ISO 8601 writes them."""
    if is_duration(text):
        return not _LONG.search(text)
    try:
        return bool(
            date.fromisoformat(text) if len(text) == len("2026-11-22") else datetime.fromisoformat(text)
        )
    except ValueError:
        return False


def is_priority(text: str) -> bool:
    """Whether a text is a whole number that a priority may be."""
    return re.fullmatch(r"-?\d{1,9}", text) is not None and abs(int(text)) <= MAX_PRIORITY


def is_count(text: str) -> bool:
    """Whether a text is a number of instances."""
    return re.fullmatch(r"\d{1,9}", text) is not None and int(text) <= MAX_INSTANCES
