"""What the layouter works on: nodes in lanes, edges between them, and the places they are given."""

from dataclasses import dataclass, field
from enum import StrEnum

Point = tuple[float, float]
SEAT = 37.0  # from one boundary event to the next


class Side(StrEnum):
    """One of the four places of a shape where a flow may leave or arrive."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, width and height in diagram pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: "Box", gap: float = 0) -> bool:
        """Whether the two rectangles come closer than `gap` pixels."""
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )

    def moved(self, dx: float, dy: float) -> "Box":
        return Box(self.x + dx, self.y + dy, self.width, self.height)


@dataclass
class Node:
    """A flow node, or a piece of data or text beside the flow.

    `lane` counts from the top; `rank` is the column, `row` the line within the lane (0 is the happy path's);
    `host` is the activity a boundary event sits on, `seat` where on its lower edge (0 in the middle, 1 right
    of it, -1 left, and so on); `inner` is the drawing of an expanded subprocess.
    """

    id: str
    kind: str
    width: float
    height: float
    lane: int
    name: str = ""
    host: str | None = None
    seat: int = 0
    inner: "Graph | None" = None
    rank: int = 0
    row: int = 0
    box: Box | None = None
    label: Box | None = None

    @property
    def place(self) -> Box:
        """Its box, once coordinates are known."""
        assert self.box is not None
        return self.box

    @property
    def is_gateway(self) -> bool:
        return self.kind.endswith("Gateway")

    @property
    def is_event(self) -> bool:
        return self.kind.endswith("Event")

    @property
    def has_outer_label(self) -> bool:
        return bool(self.name) and (self.is_gateway or self.is_event or self.kind.startswith("data"))


@dataclass
class Edge:
    """A sequence flow. `back` flows lead to an earlier column; `points` is the line it is drawn as."""

    id: str
    source: str
    target: str
    name: str = ""
    default: bool = False
    back: bool = False
    points: list[Point] = field(default_factory=list)
    label: Box | None = None


@dataclass
class Lane:
    """A lane, or the whole process where it has none."""

    id: str
    name: str
    box: Box | None = None


@dataclass
class LaneGroup:
    """A lane that consists of lanes: the first and the last of them, and how many groups lie around it."""

    id: str
    first: int
    last: int
    depth: int


@dataclass
class Graph:
    """One process or one expanded subprocess. Nodes and edges keep the order of the file.

    `top` is the room kept free above everything, for the name of a subprocess.
    """

    nodes: dict[str, Node]
    edges: list[Edge]
    lanes: list[Lane]
    groups: list[LaneGroup] = field(default_factory=list)
    happy: list[str] = field(default_factory=list)
    top: float = 0
    width: float = 0
    height: float = 0

    def host_of(self, node_id: str) -> str:
        """The activity that a boundary event sits on; every other node itself."""
        return self.nodes[node_id].host or node_id

    def leaving(self, node_id: str) -> list[Edge]:
        """Flows out of a node, its boundary events included, in the order of the file."""
        return [edge for edge in self.edges if self.host_of(edge.source) == node_id]

    def entering(self, node_id: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.target == node_id]

    def columns(self) -> int:
        return 1 + max((node.rank for node in self.nodes.values()), default=0)

    def rows(self) -> list[tuple[int, int]]:
        """Every (lane, row) that exists, from top to bottom; each lane has at least its row 0."""
        found = {(node.lane, node.row) for node in self.nodes.values() if node.host is None}
        found |= {(lane, 0) for lane in range(len(self.lanes))}
        return sorted(found)
