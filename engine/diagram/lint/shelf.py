"""The forms, decisions and tables that diagrams refer to, as far as they could be read."""

from collections.abc import Set
from dataclasses import dataclass, field

from engine.diagram.decisions import Decision
from engine.diagram.forms import Form


@dataclass
class Shelf:
    """What lies beside the diagrams. A file that could not be read is there all the same, without content."""

    forms: dict[str, Form | None] = field(default_factory=dict)
    form_files: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # by key: its file and content
    decisions: dict[str, Decision | None] = field(default_factory=dict)
    groups: Set[str] | None = None  # None: there is no such table to look things up in
    clauses: Set[str] | None = None
    records: Set[str] | None = None
    clocks: Set[str] | None = None
    unreadable: list[str] = field(default_factory=list)  # names of files, also of diagrams

    @property
    def personal(self) -> frozenset[str]:
        """The fields of any form that hold personal data."""
        return frozenset().union(*(form.personal_names for form in self.forms.values() if form))
