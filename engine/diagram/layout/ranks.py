"""Columns: which flows lead back, which path is the happy one, and how far right each node stands."""

from engine.diagram.layout.model import Edge, Graph


def assign_ranks(graph: Graph) -> None:
    """Marks the flows that lead back, finds the happy path and gives every node its column.

    A node stands one column right of its last predecessor (longest path). Two exceptions save width and read
    well: a gateway in another lane stands right above or below its last predecessor, unless the happy path
    came through that column of its lane before; a rework node above or below the gateway that sends people
    there.
    """
    order = _mark_back_flows(graph)
    graph.happy = _happy_path(graph)
    for node_id in order:
        graph.nodes[node_id].rank = _rank(graph, node_id)
    for node in graph.nodes.values():
        if node.host:
            node.rank = graph.nodes[node.host].rank


def _mark_back_flows(graph: Graph) -> list[str]:
    """Depth first from the starts; a flow to a node still being walked leads back. Topological order."""
    finished: list[str] = []
    state: dict[str, int] = {}
    roots = [n for n in graph.nodes if graph.nodes[n].host is None]
    for root in sorted(roots, key=lambda n: bool(graph.entering(n))):
        stack = [(root, iter(graph.leaving(root)))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            node_id, flows = stack[-1]
            edge = next(flows, None)
            if edge is None:
                state[node_id] = 2
                finished.append(node_id)
                stack.pop()
            elif state.get(edge.target) == 1:
                edge.back = True
            elif edge.target not in state:
                state[edge.target] = 1
                stack.append((edge.target, iter(graph.leaving(edge.target))))
    return finished[::-1]


def _happy_path(graph: Graph) -> list[str]:
    """From the start, always the first flow that leads neither back nor to rework.

    The file's order says what is usual; but a rework node stands beside its gateway, never straight on.
    """
    start = next((n for n in graph.nodes.values() if not graph.entering(n.id) and n.host is None), None)
    path: list[str] = []
    node_id = start.id if start else None
    while node_id is not None:
        path.append(node_id)
        ahead = [
            e for e in graph.edges if e.source == node_id and not e.back and not is_return(graph, e.target)
        ]
        node_id = ahead[0].target if ahead else None
    return path


def _rank(graph: Graph, node_id: str) -> int:
    incoming = [edge for edge in graph.entering(node_id) if not edge.back]
    if not incoming:
        return 0
    ranks = [graph.nodes[graph.host_of(edge.source)].rank for edge in incoming]
    last = max(ranks)
    beside = _drops(graph, node_id, incoming, ranks) or is_return(graph, node_id)
    return last if beside and not _is_passed(graph, node_id, last) else last + 1


def _drops(graph: Graph, node_id: str, incoming: list[Edge], ranks: list[int]) -> bool:
    """A gateway reached from another lane may stand in the column of its last predecessor, if only one."""
    node = graph.nodes[node_id]
    last = max(ranks)
    latest = [edge for edge, rank in zip(incoming, ranks, strict=True) if rank == last]
    source = graph.nodes[graph.host_of(latest[0].source)]
    return node.is_gateway and len(latest) == 1 and source.lane != node.lane and latest[0].source == source.id


def _is_passed(graph: Graph, node_id: str, column: int) -> bool:
    """Whether the happy path, one line in each lane, came through this column of a node's lane before it."""
    if node_id not in graph.happy:
        return False
    before = (graph.nodes[name] for name in graph.happy[: graph.happy.index(node_id)])
    return any((node.lane, node.rank) == (graph.nodes[node_id].lane, column) for node in before)


def is_return(graph: Graph, node_id: str) -> bool:
    """A rework node: one gateway sends people there, and everything after it leads back."""
    leaving, entering = graph.leaving(node_id), graph.entering(node_id)
    return (
        len(entering) == 1
        and graph.nodes[entering[0].source].is_gateway
        and bool(leaving)
        and all(edge.back for edge in leaving)
    )
