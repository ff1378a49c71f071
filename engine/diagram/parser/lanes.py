"""Lanes: who does what. Nested lanes count innermost; a subprocess passes its lane on to what is inside."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.diagram.document import properties_of
from engine.diagram.vocabulary import SUBPROCESSES, bpmn, kind_of


@dataclass(frozen=True)
class Lane:
    """A lane: its name in both languages and the candidate group it stands for (None if it names none)."""

    id: str
    name: str
    name_en: str
    group: str | None


class Lanes:
    """The lanes of one process."""

    def __init__(self, process: etree._Element) -> None:
        self._by_node: dict[str, Lane] = {}
        for lane_set in process.iter(bpmn("laneSet")):
            for lane in lane_set.iterchildren(bpmn("lane")):
                self._add(lane)

    def _add(self, node: etree._Element) -> None:
        lane = _lane(node)
        for reference in node.iterchildren(bpmn("flowNodeRef")):
            self._by_node[(reference.text or "").strip()] = lane
        for child in node.iterfind(f"{bpmn('childLaneSet')}/{bpmn('lane')}"):
            self._add(child)

    def of(self, node: etree._Element) -> Lane | None:
        """The innermost lane of a flow node: its own, its host's for a boundary event, or that of the
        subprocess around it."""
        for name in _names(node):
            if lane := self._by_node.get(name):
                return lane
        return None


def _names(node: etree._Element) -> Iterator[str]:
    yield node.get("id", "")
    yield node.get("attachedToRef", "")
    for around in node.iterancestors():
        if kind_of(around) in SUBPROCESSES:
            yield around.get("id", "")


def _lane(node: etree._Element) -> Lane:
    properties = properties_of(node)
    name = node.get("id", "")
    drawn = name.removeprefix("Lane_") if name.startswith("Lane_") else None
    return Lane(name, node.get("name", ""), properties.get("name.en", ""), properties.get("group") or drawn)
