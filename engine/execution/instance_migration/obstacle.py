"""Why a running case cannot be moved to another version of its process."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.diagram.bundle import Bundle
from engine.execution.instance_migration.wording import WORDING
from engine.execution.trace import place_of

SPLIT = ".BoundaryEventSplit"  # ends the name of what stands before an activity with boundary events


@dataclass(frozen=True)
class Obstacle:
    """One reason, at one element. `what`: names that belong to it, in Chinese and English."""

    code: str
    process_id: str
    element_id: str
    name: str
    name_en: str
    what: tuple[str, str] = ("", "")

    @property
    def texts(self) -> tuple[str, str]:
        """The reason in Chinese and English, naming the element."""
        zh, en = WORDING[self.code]
        return zh.format(name=self.name, what=self.what[0]), en.format(
            name=self.name_en or self.name, what=self.what[1] or self.what[0]
        )


def at_place(
    code: str, bundle: Bundle, process_id: str, element_id: str, what: Sequence[str] = ("", "")
) -> Obstacle:
    """An obstacle at an element, named as this bundle names it."""
    element_id = element_id.removesuffix(SPLIT)
    name, name_en = element_words(bundle, process_id, element_id)
    zh, en = what
    return Obstacle(code, process_id, element_id, name, name_en, (zh, en))


def at_task(code: str, bundle: Bundle, task: Any, what: Sequence[str] = ("", "")) -> Obstacle:
    """An obstacle at the element of an engine task."""
    return at_place(code, bundle, *place_of(task), what)


def element_words(bundle: Bundle, process_id: str, element_id: str) -> tuple[str, str]:
    """What an element is called in Chinese and in English; its id where it has no name."""
    element = bundle.elements.get((process_id, element_id))
    if element is None:
        facts = bundle.processes.get(process_id)
        return (facts.name, facts.name_en) if facts else (element_id, element_id)
    return element.name or element_id, element.name_en
