"""Lanes say who does what, so an element stands in one of them (BPMN 2.0, section 10.8)."""

from lxml import etree

from engine.diagram.lint.drawings import Process, text_of
from engine.diagram.lint.report import Report
from engine.diagram.vocabulary import bpmn


def check_lanes(report: Report, process: Process) -> None:
    """No element is listed in two lanes, unless one lane stands inside the other."""
    lanes: dict[str, etree._Element] = {}
    for lane in process.node.iter(bpmn("lane")):
        for reference in lane.iterchildren(bpmn("flowNodeRef")):
            name = text_of(reference)
            other = lanes.setdefault(name, lane)
            if other is not lane and other not in lane.iterancestors() and lane not in other.iterancestors():
                report.add("lane-twice", reference, element=name, other=other.get("id", ""))
            lanes[name] = lane
