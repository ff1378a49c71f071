"""Redraws a diagram: `python -m engine tidy FILE…`. Only the drawing changes, never what it means."""

from pathlib import Path

from lxml import etree

from engine.diagram.layout.coordinates import BAND, assign_coordinates
from engine.diagram.layout.drawing import draw_graph, draw_shape, plane
from engine.diagram.layout.labels import place_labels
from engine.diagram.layout.model import Box, Graph
from engine.diagram.layout.ranks import assign_ranks
from engine.diagram.layout.reading import read_graph
from engine.diagram.layout.routing import route
from engine.diagram.layout.rows import assign_rows
from engine.diagram.reader import read_xml
from engine.diagram.vocabulary import BPMNDI, bpmn

MARGIN = 20


def tidy(data: bytes, file: str) -> bytes:
    """The same diagram with a fresh drawing; running it twice changes nothing more.

    Columns follow the order of work, lanes keep theirs, the first flow out of a gateway goes straight on.
    Raises BundleRefused when the file is not readable XML.
    """
    root = read_xml(data, file)
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)
    collaboration = root.find(bpmn("collaboration"))
    processes = {p.get("id"): p for p in root.iterchildren(bpmn("process"))}
    if collaboration is not None:
        surface = plane(root, collaboration.get("id", ""))
        y = float(MARGIN)
        for participant in collaboration.iterchildren(bpmn("participant")):
            process = processes.get(participant.get("processRef"))
            y += _draw_pool(surface, participant, process, y) + MARGIN
    else:
        for process_id, process in processes.items():
            draw_graph(plane(root, process_id or ""), lay_out(read_graph(process), 0), MARGIN, MARGIN)
    etree.indent(root, "  ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def tidy_file(path: Path) -> None:
    """Redraws a file in place."""
    path.write_bytes(tidy(path.read_bytes(), path.name))


def lay_out(graph: Graph, left: float) -> Graph:
    """Places everything in one process; `left` is the room for the names of pool and lanes."""
    assign_ranks(graph)
    assign_rows(graph)
    assign_coordinates(route(graph), left)
    place_labels(graph)
    return graph


def _draw_pool(
    surface: etree._Element, participant: etree._Element, process: etree._Element | None, y: float
) -> float:
    """One pool at height `y`; returns its height. A pool without a process is a plain band."""
    name = participant.get("id", "")
    if process is None:
        draw_shape(surface, name, Box(MARGIN, y, 600, 60), isHorizontal="true")
        return 60
    graph = lay_out(read_graph(process), 2 * BAND)
    draw_shape(surface, name, Box(MARGIN, y, graph.width, graph.height), isHorizontal="true")
    draw_graph(surface, graph, MARGIN, y)
    return graph.height
