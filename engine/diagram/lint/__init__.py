"""Lint: every problem of a set of files at once, errors (would not run as drawn), warnings (house rules)."""

from collections.abc import Mapping

from engine.diagram.library import build_problems
from engine.diagram.lint.calls import check_calls, check_errors
from engine.diagram.lint.clocks import check_clocks
from engine.diagram.lint.conditions import check_conditions, domains_of
from engine.diagram.lint.drawings import Drawings, Process
from engine.diagram.lint.elements import check_collaboration, check_elements
from engine.diagram.lint.events import check_events, check_rivals
from engine.diagram.lint.expressions import check_expressions
from engine.diagram.lint.files import read_files
from engine.diagram.lint.flows import check_flows, check_message_flows
from engine.diagram.lint.forms import check_forms
from engine.diagram.lint.gateways import check_gateways
from engine.diagram.lint.house import check_house, check_main, check_performers
from engine.diagram.lint.ids import check_ids, check_process_ids
from engine.diagram.lint.interchange import check_interchange
from engine.diagram.lint.lanes import check_lanes
from engine.diagram.lint.lengths import check_lengths
from engine.diagram.lint.literals import check_literals
from engine.diagram.lint.names import KnownNames
from engine.diagram.lint.properties import check_properties
from engine.diagram.lint.reach import check_reach, check_size
from engine.diagram.lint.references import check_references
from engine.diagram.lint.repeats import check_repeats
from engine.diagram.lint.report import Report, Rule, rules
from engine.diagram.lint.schema import check_schema
from engine.diagram.lint.shelf import Shelf
from engine.errors import Problem

__all__ = ["Rule", "lint", "rules"]


def lint(files: Mapping[str, bytes]) -> list[Problem]:
    """Every problem of the files: diagrams, decisions, forms and tables by their names.

    References are looked up among `files` only; groups, clauses, records and clocks are checked if
    `groups.csv`, `clauses.csv`, `records.csv` and `clocks.csv` are among them. As long as a file cannot be
    read, how processes, decisions and forms fit together is not looked at. Never raises for what is in the
    files.
    Returns the problems sorted by file, line and column; none means that all is well.
    """
    report = Report()
    drawings, shelf = read_files(report, files)
    for document in drawings.documents:
        check_elements(report, document)
        check_collaboration(report, document)
        check_ids(report, document)
        check_lengths(report, document)
        check_message_flows(report, document)
    drawings.processes = [process for process in drawings.processes if check_size(report, process)]
    for process in drawings.processes:
        _check_process(report, process)
    if not shelf.unreadable:  # else whatever leads into such a file would be called wrong, too
        _check_together(report, drawings, shelf)
    for document in drawings.documents:
        check_schema(report, document)
        check_interchange(report, document)
    if not shelf.unreadable:
        _add_build_problems(report, files)
    return sorted(set(report.problems))


def _check_together(report: Report, drawings: Drawings, shelf: Shelf) -> None:
    check_process_ids(report, drawings)
    check_calls(report, drawings)
    check_errors(report, drawings)
    check_clocks(report, drawings)
    known, domains = KnownNames(drawings, shelf), domains_of(shelf)
    check_forms(report, drawings, known, shelf)
    for process in drawings.processes:
        check_properties(report, drawings, process, shelf)
        check_house(report, process, shelf)
        check_expressions(report, process, known, shelf)
        check_references(report, process, shelf)
        check_conditions(report, process, domains)
        check_main(report, process, is_called=process.id in drawings.calls)


def _check_process(report: Report, process: Process) -> None:
    check_flows(report, process)
    check_reach(report, process)
    check_gateways(report, process)
    check_events(report, process)
    check_rivals(report, process)
    check_repeats(report, process)
    check_performers(report, process)
    check_literals(report, process)
    check_lanes(report, process)


# the builder's code → the rules that say the same at another place of the file
SAID_ELSEWHERE = {
    "start.count": {"start-missing", "start-second"},
    "process.none": {"nothing-to-run"},
    "process.size": {"too-many-elements"},
    "defined.twice": {"process-twice", "second-process"},
}
MANY = 50  # processes in one file


def _add_build_problems(report: Report, files: Mapping[str, bytes]) -> None:
    """The builder's own refusals are the net under the rules: what cannot be built is never clean."""
    errors = [problem for problem in report.problems if problem.level == "error"]
    if sum(problem.code == "second-process" for problem in errors) > MANY:
        return  # refused anyway, and building thousands of processes takes minutes
    lines = {(problem.file, problem.line) for problem in errors}
    elements = {(problem.file, problem.element) for problem in errors if problem.element}
    codes = {(problem.file, problem.code) for problem in errors}
    for problem in build_problems(files):
        same = {(problem.file, code) for code in SAID_ELSEWHERE.get(problem.code, ())}
        known = (problem.file, problem.line) in lines or (problem.file, problem.element) in elements
        if not known and not same & codes:
            report.problems.append(problem)
