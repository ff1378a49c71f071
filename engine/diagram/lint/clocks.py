"""Clocks: what is stopped is also started somewhere, in whatever process of the files; options belong to a
clock that starts here; an extension says all it needs."""

from lxml import etree

from engine.diagram.clock_marks import CALENDARS, EXTENSION, OPTION, PERCENT, pairs_of
from engine.diagram.document import properties_of, words_of
from engine.diagram.expressions import is_template
from engine.diagram.lint.drawings import Drawings
from engine.diagram.lint.expressions import is_name
from engine.diagram.lint.report import Report
from engine.diagram.lint.shelf import Shelf
from engine.diagram.lint.timers import is_duration


def check_clocks(report: Report, drawings: Drawings) -> None:
    nodes = [node for process in drawings.processes for node in process.nodes]
    started = {name for node in nodes for name, _ in pairs_of(properties_of(node).get("clock.start"))}
    stopped = {name for node in nodes for name in words_of(properties_of(node).get("clock.stop"))}
    for node in nodes:
        for name in words_of(properties_of(node).get("clock.stop")):
            if name not in started:
                report.add("clock-never-started", node, clock=name)
        for name, _ in pairs_of(properties_of(node).get("clock.start")):
            if name not in stopped:
                report.add("clock-never-stopped", node, clock=name)
        _check_options(report, node)


def _check_options(report: Report, node: etree._Element) -> None:
    """Each property that refines a clock stands where that clock starts and has a value that it can have."""
    properties = properties_of(node)
    here = {name for name, _ in pairs_of(properties.get("clock.start"))}
    for name, value in properties.items():
        option = OPTION.fullmatch(name)
        if option is None or name in EXTENSION:
            continue
        if option["clock"] not in here:
            report.add("clock-option-alone", node, name=name, clock=option["clock"])
        elif not _fits(option["option"], value.strip()):
            report.add("clock-option", node, name=name, value=value)
    named = [name for name in EXTENSION if properties.get(name)]
    if named and len(named) < len(EXTENSION):
        missing = ", ".join(name for name in EXTENSION if name not in named)
        report.add("clock-extend-parts", node, missing=missing)


def _fits(option: str, value: str) -> bool:
    if option == "calendar":
        return value in CALENDARS
    if option == "warn":
        return PERCENT.fullmatch(value) is not None or is_duration(value)
    return is_template(value)


def check_start(report: Report, node: etree._Element, value: str, shelf: Shelf) -> None:
    """`clock.start`: names that `clocks.csv` knows, each with a duration, hours or an expression."""
    for clock, limit in pairs_of(value):
        known = is_duration(limit) or is_template(limit) or limit.isdecimal()
        if not is_name(clock) or clock == "extend" or not known:
            report.add("clock-start", node, clock=clock, duration=limit)
        elif shelf.clocks is not None and clock not in shelf.clocks:
            report.add("clock-unknown", node, clock=clock)
