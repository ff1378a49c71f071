"""Forms in the processes that use them: what their expressions read, whose groups they offer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from lxml import etree

from engine.diagram.document import properties_of
from engine.diagram.element import form_key_of
from engine.diagram.forms import Field, Form, read_form_data
from engine.diagram.forms.readings import Reading, readings, readings_of
from engine.diagram.forms.wording import called
from engine.diagram.lint.drawings import Drawings, Process
from engine.diagram.lint.names import KnownNames
from engine.diagram.lint.report import Report
from engine.diagram.lint.shelf import Shelf
from engine.diagram.lint.wording import Both
from engine.diagram.vocabulary import bpmn, camunda, kind_of
from engine.errors import BundleRefused

MOST_STEPS = 5  # that a problem names
Missing = dict[str, list[Both]]  # names that nothing sets, each with the steps where a form reads it


def check_forms(report: Report, drawings: Drawings, known: KnownNames, shelf: Shelf) -> None:
    """A problem of a form file stands at the field in that file, of a drawn form at its step."""
    missing: dict[str, Missing] = defaultdict(lambda: defaultdict(list))
    for process in drawings.processes:
        for node in process.nodes:
            if kind_of(node) in ("userTask", "startEvent"):
                _check_drawn(report, process, node, known, shelf)
                key, said = form_key_of(node) or "", _said(node)
                form = shelf.forms.get(key)
                for name in form.reads - known.of_case(process) if form else ():
                    missing[key][name].append(said)
    for key, found in missing.items():
        _report(report, key, found, shelf)
    for key, form in shelf.forms.items():
        if form:
            _check_groups(report, key, form, shelf)


def _report(report: Report, key: str, missing: Missing, shelf: Shelf) -> None:
    file, data = shelf.form_files[key]
    for reading in readings(data, file):
        for name, where in _unknown(reading, missing):
            facts = {"form": key, "field": reading.key, "where": where, "name": name}
            place = (file, reading.line, reading.column)
            report.add_at("form-name-unknown", place, reading.key, **facts, steps=_listed(missing[name]))


def _unknown(reading: Reading, unknown: Iterable[str]) -> Iterator[tuple[str, Both]]:
    for name in sorted(unknown):
        for at, names in reading.names.items():
            if name in names:
                yield name, called(at)


def _check_drawn(
    report: Report, process: Process, node: etree._Element, known: KnownNames, shelf: Shelf
) -> None:
    drawn = node.find(f"{bpmn('extensionElements')}/{camunda('formData')}")
    if drawn is None:
        return
    try:
        form = read_form_data(drawn, process.document.file)
    except BundleRefused as refusal:
        report.problems.extend(refusal.problems)
        return
    unknown = form.reads - known.of_case(process)
    for reading in readings_of(form.fields):
        for name, where in _unknown(reading, unknown):
            facts = {"form": "formData", "field": reading.key, "where": where, "name": name}
            report.add("form-name-unknown", node, **facts, steps=_said(node))
    for _, group in _unknown_groups(form.inputs, shelf):
        report.add("group-unknown", node, group=group)


def _check_groups(report: Report, key: str, form: Form, shelf: Shelf) -> None:
    """Groups that a field offers the people of, or is limited to."""
    wrong = list(_unknown_groups(form.inputs, shelf))
    if not wrong:
        return
    file, data = shelf.form_files[key]
    places = {reading.key: (file, reading.line, reading.column) for reading in readings(data, file)}
    for field_key, group in wrong:
        report.add_at("group-unknown", places.get(field_key, (file, 1, 1)), field_key, group=group)


def _unknown_groups(fields: Iterable[Field], shelf: Shelf) -> Iterator[tuple[str, str]]:
    if shelf.groups is None:
        return
    for one in fields:
        named = one.offered if one.type == "group" else (one.group,) if one.type == "user" else ()
        yield from ((one.key, group) for group in named if group and group not in shelf.groups)
        yield from _unknown_groups(one.columns, shelf)


def _said(node: etree._Element) -> Both:
    """A step by its name in each language, as far as it has one, with its id for whoever looks for it in a
    modeler."""
    zh, en, id = node.get("name"), properties_of(node).get("name.en"), node.get("id", "")
    return f"“{zh}”（{id}）" if zh else id, f"“{en}” ({id})" if en else id


def _listed(steps: list[Both]) -> Both:
    """The first steps, and how many they are where that is not all of them."""
    told, count = steps[:MOST_STEPS], len(steps)
    zh, en = "、".join(zh for zh, _ in told), ", ".join(en for _, en in told)
    if count > MOST_STEPS:
        return f"{zh} 等 {count} 个步骤", f"{en} and others, {count} steps in all"
    return zh, en
