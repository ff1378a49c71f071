"""What a file says about one field, whichever file it is, before anything is checked."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.diagram.forms.field import Field
from engine.diagram.forms.problems import Report


@dataclass
class Facts:
    """One field as written. Values are raw: numbers may be text, expressions are not compiled.

    `hides` are conditions each of which hides the field; `rules` may hold min, max, min_length, max_length,
    decimals, pattern and format; `options` are pairs of value and label.
    """

    key: str
    type: str
    line: int
    column: int
    label: str = ""
    help: str = ""
    required: bool = False
    hides: tuple[str, ...] = ()
    rules: dict[str, object] = field(default_factory=dict)
    options: list[tuple[object, object]] = field(default_factory=list)
    columns: tuple[Field, ...] = ()
    multiple: bool = False
    accept: str = ""
    read_only: bool = False
    default: object = None
    unit: str = ""
    row: str = ""
    width: int | None = None
    properties: dict[str, str] = field(default_factory=dict)

    def wrong(self, report: Report, code: str, **details: object) -> None:
        """Note in `report` that this field has the problem `code`."""
        report.add(self, code, self.key, **details)
