"""A clock that is stopped is also started somewhere, in whatever process of the files."""

from engine.diagram.document import properties_of
from engine.diagram.element import clocks_of, words_of
from engine.diagram.lint.drawings import Drawings
from engine.diagram.lint.report import Report


def check_clocks(report: Report, drawings: Drawings) -> None:
    nodes = [node for process in drawings.processes for node in process.nodes]
    started = {name for node in nodes for name, _ in clocks_of(properties_of(node).get("clock.start"))}
    stopped = {name for node in nodes for name in words_of(properties_of(node).get("clock.stop"))}
    for node in nodes:
        for name in words_of(properties_of(node).get("clock.stop")):
            if name not in started:
                report.add("clock-never-started", node, clock=name)
        for name, _ in clocks_of(properties_of(node).get("clock.start")):
            if name not in stopped:
                report.add("clock-never-stopped", node, clock=name)
