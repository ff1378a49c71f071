"""Loops and multi-instances (BPMN 2.0, section 10.3.8)."""

from lxml import etree

from engine.diagram.lint.drawings import Process, text_of
from engine.diagram.lint.report import Report
from engine.diagram.lint.wording import kind_said
from engine.diagram.vocabulary import TASKS, bpmn, camunda, kind_of

REPEATABLE = (TASKS - {"sendTask", "receiveTask"}) | {"callActivity", "subProcess"}


def check_repeats(report: Report, process: Process) -> None:
    for node in process.nodes:
        repeated = node.find(bpmn("multiInstanceLoopCharacteristics"))
        loop = node.find(bpmn("standardLoopCharacteristics"))
        if (repeated is not None or loop is not None) and kind_of(node) not in REPEATABLE:
            report.add("repeat-kind", node, kind=kind_said(kind_of(node)))
        if repeated is not None:
            _check_instances(report, repeated)
        if loop is not None:
            _check_loop(report, loop)


def _check_instances(report: Report, repeated: etree._Element) -> None:
    """A multi-instance says how many: over a collection, or a number of times."""
    collection, number = repeated.get(camunda("collection")), repeated.find(bpmn("loopCardinality"))
    if bool(collection) == bool(text_of(number)):
        report.add("instances-unknown", repeated)
    if collection and not repeated.get(camunda("elementVariable")):
        report.add("instances-unnamed", repeated)


def _check_loop(report: Report, loop: etree._Element) -> None:
    """A loop has a bound: a maximum of at least 1, or a condition."""
    maximum = loop.get("loopMaximum")
    if maximum is not None and not (maximum.strip().isascii() and maximum.strip().isdigit() and int(maximum)):
        report.add("loop-maximum", loop, value=maximum)
    elif maximum is None and not text_of(loop.find(bpmn("loopCondition"))):
        report.add("loop-endless", loop)
