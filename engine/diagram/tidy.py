"""Redraws a diagram: `python -m engine tidy FILE…`. Only the drawing changes, never what it means."""

from pathlib import Path

from lxml import etree

from engine.diagram.layout.drawing import plane
from engine.diagram.layout.page import Page
from engine.diagram.reader import read_xml
from engine.diagram.vocabulary import BPMNDI, SUBPROCESSES, bpmn, kind_of


def tidy(data: bytes, file: str) -> bytes:
    """The same diagram with a fresh drawing; running it twice changes nothing more.

    Columns follow the order of work, lanes keep theirs, the first flow out of a gateway goes straight on
    unless it leads to rework, which stands beside the gateway.
    Collapsed subprocesses stay collapsed, with a page of their own; colours are kept.
    Raises BundleRefused when the file is not readable XML.
    """
    root = read_xml(data, file)
    old = root.findall(f"{{{BPMNDI}}}BPMNDiagram")
    expanded, colours = _expanded(root, old), _colours(old)
    for diagram in old:
        root.remove(diagram)
    collaboration = root.find(bpmn("collaboration"))
    if collaboration is not None:
        Page(plane(root, collaboration.get("id", "")), expanded).draw_pools(root, collaboration)
    pooled = {pool.get("processRef") for pool in root.iter(bpmn("participant"))}
    alone = [p for p in root.iterchildren(bpmn("process")) if p.get("id") not in pooled]
    for scope in (*alone, *(s for s in _subprocesses(root) if s.get("id") not in expanded)):
        Page(plane(root, scope.get("id", "")), expanded).draw_process(scope)
    _colour(root, colours)
    etree.indent(root, "  ")
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8") + b"\n"


def tidy_file(path: Path) -> bool:
    """Redraws a file in place; returns whether it changed."""
    before = path.read_bytes()
    after = tidy(before, path.name)
    if after != before:
        path.write_bytes(after)
    return after != before


def _subprocesses(root: etree._Element) -> list[etree._Element]:
    return [element for element in root.iter() if kind_of(element) in SUBPROCESSES]


def _expanded(root: etree._Element, old: list[etree._Element]) -> frozenset[str]:
    """Subprocesses drawn with their inside: those that were, and those never drawn before."""
    shapes = {s.get("bpmnElement"): s for d in old for s in d.iter(f"{{{BPMNDI}}}BPMNShape")}
    names = [element.get("id", "") for element in _subprocesses(root)]
    return frozenset(n for n in names if n not in shapes or shapes[n].get("isExpanded") == "true")


def _colours(old: list[etree._Element]) -> dict[str, dict[str, str]]:
    """What modelers add to shapes and edges in namespaces of their own, by element."""
    drawn = [thing for diagram in old for thing in diagram.iter() if thing.get("bpmnElement")]
    return {
        thing.get("bpmnElement", ""): {k: v for k, v in thing.attrib.items() if k.startswith("{")}
        for thing in drawn
    }


def _colour(root: etree._Element, colours: dict[str, dict[str, str]]) -> None:
    for thing in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        for name, value in colours.get(thing.get("bpmnElement", ""), {}).items():
            thing.set(name, value)
