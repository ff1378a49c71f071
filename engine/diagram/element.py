"""The static facts of one element of a diagram: what pages show and what the verbs check."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from lxml import etree

from engine.diagram.clock_marks import ClockExtend, ClockStart, extend_of, starts_of
from engine.diagram.document import Document, documentation_of, properties_of, words_of
from engine.diagram.forms import Form, read_form_data
from engine.diagram.parser.lanes import Lane
from engine.diagram.vocabulary import bpmn, camunda, kind_of
from engine.errors import BundleRefused

CAMUNDA_FORM = re.compile(r"camunda-forms:\w+:(?:.*/)?(?P<key>[^/]+?)(\.form)?")

MAX_PRIORITY = 1_000_000  # either way; any database keeps it


@dataclass(frozen=True)
class Element:
    """One flow node. Texts that a diagram leaves out are empty; `kind` is the BPMN local name.

    candidate_groups … assignee, due_date … priority: templates (`${…}`), evaluated when the token arrives.
    not_by: ids of elements of the same process.
    clock_start, clock_stop, clock_extend: clocks of this case that start or stop, and of another case that is
    extended, when the element completes.
    record_with: elements whose submissions the record carries, too, in their order.
    flag: the group that is told in the history when the element completes.
    mi: sequential, collection, cardinality, element, condition, result of a multi-instance activity.
    """

    process_id: str
    id: str
    kind: str
    name: str
    name_en: str
    documentation: str
    documentation_en: str
    lane: str
    lane_en: str
    candidate_groups: str | None
    candidate_users: str | None
    assignee: str | None
    form_key: str | None
    form: Form | None
    due_date: str | None
    follow_up: str | None
    priority: str | None
    clauses: tuple[str, ...]
    not_by: tuple[str, ...]
    sign: str | None
    record: str | None
    record_with: tuple[str, ...]
    flag: str | None
    clock_start: tuple[ClockStart, ...]
    clock_stop: tuple[str, ...]
    clock_extend: ClockExtend | None
    mi: Mapping[str, object] | None
    called: str | None


def element_of(
    document: Document, node: etree._Element, lane: Lane | None, extensions: Mapping[str, object]
) -> Element:
    """The facts of the flow node `node`; `extensions` are those its spec carries."""
    properties = properties_of(node)
    people = cast(Mapping[str, str], extensions.get("people", {}))
    times = cast(Mapping[str, str], extensions.get("times", {}))
    return Element(
        process_id=str(extensions["process"]),
        id=node.get("id", ""),
        kind=kind_of(node),
        name=node.get("name", ""),
        name_en=properties.get("name.en", ""),
        documentation=documentation_of(node),
        documentation_en=properties.get("documentation.en", ""),
        lane=lane.name if lane else "",
        lane_en=lane.name_en if lane else "",
        candidate_groups=people.get("candidate_groups"),
        candidate_users=people.get("candidate_users"),
        assignee=people.get("assignee"),
        form_key=form_key_of(node),
        form=form_of(document, node),
        due_date=times.get("due"),
        follow_up=times.get("follow_up"),
        priority=cast(str | None, extensions.get("priority")),
        clauses=words_of(properties.get("clauses")),
        not_by=words_of(properties.get("notBy")),
        sign=properties.get("sign") or None,
        record=properties.get("record") or None,
        record_with=words_of(properties.get("record.with")),
        flag=properties.get("flag") or None,
        clock_start=starts_of(properties),
        clock_stop=words_of(properties.get("clock.stop")),
        clock_extend=extend_of(properties),
        mi=cast(Mapping[str, object] | None, extensions.get("mi")),
        called=node.get("calledElement"),
    )


def form_key_of(node: etree._Element) -> str | None:
    """The key of the form that a task or start event refers to: `camunda:formRef`, or the form named in
    `camunda:formKey` (`camunda-forms:deployment:registration.form`)."""
    reference = node.get(camunda("formRef")) or node.get(camunda("formKey"))
    match = CAMUNDA_FORM.fullmatch(reference or "")
    return match["key"] if match else reference or None


def form_of(document: Document, node: etree._Element) -> Form | None:
    """The form drawn inside the diagram as `camunda:formData`; its faults are noted."""
    drawn = node.find(f"{bpmn('extensionElements')}/{camunda('formData')}")
    if drawn is None:
        return None
    try:
        return read_form_data(drawn, document.file)
    except BundleRefused as refusal:
        document.problems.extend(refusal.problems)
        return None
