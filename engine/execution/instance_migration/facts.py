"""What the keeping wing knows of a case and the checker must ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Place = tuple[str, str]  # (process id, element id)


@dataclass(frozen=True)
class CaseFacts:
    """passed: the elements that have completed, as the history tells. values: what was submitted or worked
    out for the case as a whole, by name. clocks: the limits that run. drafts: what was typed into open tasks
    and not submitted, by engine task. locked: the engine tasks that a program has just now."""

    passed: frozenset[Place] = frozenset()
    values: Mapping[str, object] = field(default_factory=dict)
    clocks: frozenset[str] = frozenset()
    drafts: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
