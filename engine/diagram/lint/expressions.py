"""Expressions, templates, scripts and timers compile, and read only names that something can set."""

from collections.abc import Iterable

from lxml import etree

from engine.diagram.expressions import compile_expression, compile_script, compile_template
from engine.diagram.lint.drawings import Process, called, text_of
from engine.diagram.lint.names import KnownNames
from engine.diagram.lint.report import Report
from engine.diagram.lint.shelf import Shelf
from engine.diagram.lint.sites import Site, is_literal, sites
from engine.diagram.lint.timers import CHECKS
from engine.diagram.lint.wording import kind_said
from engine.diagram.vocabulary import bpmn, camunda, kind_of
from engine.errors import ExpressionError


def check_expressions(report: Report, process: Process, known: KnownNames, shelf: Shelf) -> None:
    for site in sites(process):
        try:
            names = names_read(site)
        except ExpressionError as error:
            reason = (getattr(error, "reason_zh", "") or error.reason, error.reason)
            report.add("expression-invalid", site.node, text=_short(site.text), reason=reason)
            continue
        _check_names(report, site, names, _available(site, known))
        for name in sorted(set(names) & known.personal):
            report.add("name-personal", site.node, name=name)
    for node in process.nodes:
        _check_decision_names(report, node, known, shelf)
        _check_time(report, node)
        _check_set_names(report, node)


def names_read(site: Site) -> Iterable[str]:
    """The names that what is written there reads. Raises ExpressionError."""
    if site.kind == "name":
        return {site.text}
    if site.kind == "script":
        return compile_script(site.text).reads
    if site.kind == "template":
        return compile_template(site.text).names
    return compile_expression(site.text).names


def _available(site: Site, known: KnownNames) -> frozenset[str]:
    if site.inside:
        return known.of_process(called(site.owner))
    names = known.around(site.owner) if site.around else known.at(site.owner)
    return names | site.extra if site.extra else names


def _check_names(report: Report, site: Site, names: Iterable[str], available: frozenset[str]) -> None:
    if site.inside and not available:
        return  # the called process is unknown, which is reported elsewhere
    for name in sorted(set(names) - available):
        if site.inside:
            report.add("name-unknown-inside", site.node, name=name, process=called(site.owner))
        else:
            report.add("name-unknown", site.node, name=name)


def _check_decision_names(report: Report, node: etree._Element, known: KnownNames, shelf: Shelf) -> None:
    """A decision's inputs are read from the variables at its business rule task."""
    decision = shelf.decisions.get(node.get(camunda("decisionRef"), ""))
    if kind_of(node) == "businessRuleTask" and decision is not None:
        for name in sorted(decision.names - known.at(node)):
            report.add("decision-name-unknown", node, name=name, decision=decision.id)
        for name in sorted(decision.names & known.personal):
            report.add("name-personal", node, name=name)


def _check_time(report: Report, node: etree._Element) -> None:
    for definition in node.iterchildren(bpmn("timerEventDefinition")):
        for time in definition:
            text = text_of(time)
            literal = kind_of(time) in CHECKS and is_literal(text)
            if literal and not CHECKS[kind_of(time)](text):
                report.add("timer-invalid", time, kind=kind_said(kind_of(time)), text=_short(text))


def _check_set_names(report: Report, node: etree._Element) -> None:
    """Names that would damage the stored instance (`typename`) or be mistaken for the engine's own (`_…`)."""
    written = [(node, node.get(camunda("resultVariable")))]
    for part in node.iter():
        if part.tag in (camunda("in"), camunda("out")):
            written.append((part, part.get("target")))
        elif part.tag in (camunda("inputParameter"), camunda("outputParameter")):
            written.append((part, part.get("name")))
        elif kind_of(part) == "multiInstanceLoopCharacteristics":
            written.append((part, part.get(camunda("elementVariable"))))
    for place, name in written:
        if name is not None and not is_name(name):
            report.add("name-invalid", place, name=name)


def is_name(text: str) -> bool:
    """Whether a variable may be called so."""
    return text.isidentifier() and not text.startswith("_") and text != "typename"


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"
