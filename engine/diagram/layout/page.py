"""One page: pools one below the other, messages between them, and beneath them what belongs to no flow."""

from dataclasses import dataclass, field

from lxml import etree

from engine.diagram.layout.coordinates import BAND, assign_coordinates
from engine.diagram.layout.drawing import draw_edge, draw_graph, draw_shape
from engine.diagram.layout.labels import place_labels
from engine.diagram.layout.model import Box, Graph, Point
from engine.diagram.layout.ranks import assign_ranks
from engine.diagram.layout.reading import read_graph
from engine.diagram.layout.routing import route
from engine.diagram.layout.rows import assign_rows
from engine.diagram.layout.text import label_size
from engine.diagram.vocabulary import bpmn, kind_of

MARGIN, EMPTY_POOL, GAP, TITLE = 20, Box(0, 0, 600, 60), 40, 20
ASIDE = {
    "textAnnotation": (160, 40),
    "dataObjectReference": (36, 50),
    "dataStoreReference": (50, 50),
    "group": (120, 60),
}
LINKS = frozenset({"association", "dataInputAssociation", "dataOutputAssociation"})


@dataclass
class Page:
    """A plane being drawn; `places` are the boxes of everything on it, `y` is where the next thing goes."""

    surface: etree._Element
    expanded: frozenset[str] = frozenset()
    places: dict[str, Box] = field(default_factory=dict)
    y: float = MARGIN

    def draw_pools(self, root: etree._Element, collaboration: etree._Element) -> None:
        """Every pool in the order of the file, all of one width, and the message flows between them."""
        processes = {process.get("id"): process for process in root.iterchildren(bpmn("process"))}
        pools = [
            (p, processes.get(p.get("processRef"))) for p in collaboration.iterchildren(bpmn("participant"))
        ]
        graphs = [
            None if inside is None else lay_out(read_graph(inside, self.expanded), pool=True)
            for _, inside in pools
        ]
        width = max((graph.width for graph in graphs if graph), default=EMPTY_POOL.width)
        for (pool, _), graph in zip(pools, graphs, strict=True):
            self._draw_pool(pool.get("id", ""), graph, width)
        for flow in collaboration.iterchildren(bpmn("messageFlow")):
            self._draw_message(flow)
        for _, inside in pools:
            self._draw_asides(inside)
        self._draw_asides(collaboration)

    def draw_process(self, process: etree._Element) -> None:
        """A process without a pool, or the inside of a collapsed subprocess."""
        graph = lay_out(read_graph(process, self.expanded))
        self._draw(graph, MARGIN)
        self._draw_asides(process)

    def _draw_pool(self, pool_id: str, graph: Graph | None, width: float) -> None:
        height = graph.height if graph else EMPTY_POOL.height
        self.places[pool_id] = box = Box(MARGIN, self.y, width, height)
        draw_shape(self.surface, pool_id, box, isHorizontal="true")
        if graph:
            _widen(graph, width)
            self._draw(graph, MARGIN)
        else:
            self.y += height
        self.y += GAP

    def _draw(self, graph: Graph, x: float) -> None:
        draw_graph(self.surface, graph, x, self.y)
        _note(self.places, graph, x, self.y)
        self.y += graph.height

    def _draw_message(self, flow: etree._Element) -> None:
        """Down or up from border to border, sideways halfway between the two pools."""
        source, target = (self.places.get(flow.get(end, "")) for end in ("sourceRef", "targetRef"))
        if source is None or target is None:
            return
        points = _message_line(source, target)
        name, x = flow.get("name", ""), points[-1][0]
        y = (points[0][1] + points[-1][1]) / 2
        label = Box(x + 5, y + 3, *label_size(name)) if name else None
        draw_edge(self.surface, flow.get("id", ""), points, label)

    def _draw_asides(self, scope: etree._Element | None) -> None:
        """Texts, data and groups in a line beneath, each under what it belongs to as far as there is room."""
        if scope is None:
            return
        links = [link for link in scope.iter() if kind_of(link) in LINKS]
        free, tallest = float(MARGIN), 0.0
        for item in (e for e in scope if kind_of(e) in ASIDE):
            width, height = ASIDE[kind_of(item)]
            free = max(free, self._beneath(item.get("id", ""), links, width))
            box = Box(free, self.y + 10, width, height)
            self.places[item.get("id", "")] = box
            draw_shape(self.surface, item.get("id", ""), box, _under(box, item.get("name", "")))
            free, tallest = free + width + GAP, max(tallest, height + GAP)
        self.y += tallest
        for link in links:
            self._draw_link(link)

    def _beneath(self, item: str, links: list[etree._Element], width: float) -> float:
        ends = [set(_ends(link)) for link in links]
        partners = [
            self.places[other]
            for pair in ends
            if item in pair
            for other in pair - {item}
            if other in self.places
        ]
        return partners[0].middle[0] - width / 2 if partners else 0

    def _draw_link(self, link: etree._Element) -> None:
        source, target = (self.places.get(end) for end in _ends(link))
        if source and target:
            above, below = sorted((source, target), key=lambda box: box.y)
            points = [(above.middle[0], above.bottom), (below.middle[0], below.y)]
            draw_edge(self.surface, link.get("id", ""), points if above is source else points[::-1], None)


def lay_out(graph: Graph, *, pool: bool = False) -> Graph:
    """Places everything in one process, its subprocesses first; `pool` leaves room for the pool's name."""
    for node in graph.nodes.values():
        if node.inner:
            node.inner.top = TITLE
            inner = lay_out(node.inner)
            node.width, node.height = max(inner.width, node.width, 140), max(inner.height, 100)
    bands = pool + bool(graph.lanes[0].id) + max((group.depth + 1 for group in graph.groups), default=0)
    assign_ranks(graph)
    assign_rows(graph)
    assign_coordinates(route(graph), BAND * bands)
    place_labels(graph)
    return graph


def _widen(graph: Graph, width: float) -> None:
    """Lanes end where the pool ends."""
    for lane in graph.lanes:
        if lane.box:
            lane.box = Box(lane.box.x, lane.box.y, lane.box.width + width - graph.width, lane.box.height)
    graph.width = width


def _note(places: dict[str, Box], graph: Graph, dx: float, dy: float) -> None:
    for node in graph.nodes.values():
        places[node.id] = box = node.place.moved(dx, dy)
        if node.inner:
            _note(places, node.inner, box.x, box.y)


def _message_line(source: Box, target: Box) -> list[Point]:
    down = source.y < target.y
    x1, x2 = source.middle[0], target.middle[0]
    if target.width > 300:
        x2 = x1
    elif source.width > 300:
        x1 = x2
    y1, y2 = (source.bottom, target.y) if down else (source.y, target.bottom)
    points = [(x1, y1), (x1, (y1 + y2) / 2), (x2, (y1 + y2) / 2), (x2, y2)]
    return points if x1 != x2 else [points[0], points[-1]]


def _ends(link: etree._Element) -> tuple[str, str]:
    """What a link connects: an association names both ends, a data association stands inside its activity."""
    if kind_of(link) == "association":
        return link.get("sourceRef", ""), link.get("targetRef", "")
    parent = link.getparent()
    own = parent.get("id", "") if parent is not None else ""
    other = link.findtext(bpmn("sourceRef" if kind_of(link) == "dataInputAssociation" else "targetRef")) or ""
    return (other.strip(), own) if kind_of(link) == "dataInputAssociation" else (own, other.strip())


def _under(box: Box, name: str) -> Box | None:
    if not name:
        return None
    width, height = label_size(name)
    return Box(box.middle[0] - width / 2, box.bottom + 3, width, height)
