"""The small world the form tests live in: two people, two groups, two attachments, a Sunday evening."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.diagram.expressions import ClockFacts
from engine.diagram.forms import Field, Form, read_form
from engine.errors import FieldProblem, FormInvalid

NOW = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # already Monday 00:30 in Shanghai
PEOPLE = {"wang.fang": {"cs"}, "li.ming": {"qa"}}
GROUPS = {"cs", "qa"}
ATTACHMENTS = {"a1", "a2"}


@dataclass(frozen=True)
class Running:
    """A clock that runs until the next noon in Shanghai."""

    due_at: datetime | None = datetime(2026, 11, 23, 4, tzinfo=UTC)
    stopped_at: datetime | None = None
    extensions: int = 1


CASES: Mapping[str, Mapping[str, ClockFacts]] = {"QF-2026-000001": {"confirm": Running()}}


class World:
    """Lookups against the constants above."""

    def person_exists(self, person_id: str, group: str | None) -> bool:
        return person_id in PEOPLE and (group is None or group in PEOPLE[person_id])

    def group_exists(self, group_id: str) -> bool:
        return group_id in GROUPS

    def attachment_exists(self, attachment_id: str) -> bool:
        return attachment_id in ATTACHMENTS

    def case_exists(self, number: str) -> bool:
        return number in CASES

    def read_clock(self, name: str, case: str | None) -> ClockFacts | None:
        return CASES.get(case or "", {}).get(name)


def form_of(*fields: Field) -> Form:
    """A form of these fields, made without a file."""
    return Form("test", "测试", "Test", fields)


def drawn(*components: dict[str, object]) -> Form:
    """A form read from components as the form editor writes them."""
    return read_form(as_file(*components), "test.form")


def as_file(*components: dict[str, object]) -> bytes:
    """The bytes of a `.form` file with these components."""
    properties = {"title": "测试", "title.en": "Test"}
    root = {"components": components, "type": "default", "id": "test", "properties": properties}
    return json.dumps(root, ensure_ascii=False, indent=1).encode()


def cleaned(form: Form, raw: Mapping[str, object], **names: object) -> dict[str, object]:
    """What the form makes of `raw` in this world."""
    return form.clean(raw, World(), names, NOW)


def problems(form: Form, raw: Mapping[str, object], **names: object) -> list[FieldProblem]:
    """The problems the form finds in `raw`; none if it takes it."""
    try:
        cleaned(form, raw, **names)
    except FormInvalid as refusal:
        return list(refusal.problems)
    return []


def faulty(form: Form, raw: Mapping[str, object], **names: object) -> list[str]:
    """The fields that the form finds fault with, in order."""
    return [problem.field for problem in problems(form, raw, **names)]
