"""`python -m engine tidy`: a page that anybody can read, out of any diagram."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.__main__ import main
from engine.diagram.tidy import tidy
from engine.diagram.vocabulary import BPMNDI, DC
from engine.errors import BundleRefused
from tests.bpmn.drawing import Drawing, meaning, read_drawing

KINDS = (
    "userTask",
    "exclusiveGateway",
    "intermediateCatchEvent",
    "callActivity",
    "parallelGateway",
    "endEvent",
)
Flows = list[tuple[int, int]]


def process(body: str, lanes: list[list[str]] | None = None, around: str = "") -> bytes:
    """A file with one process; `lanes` lists the node ids of each lane."""
    inside = "".join(
        f'<lane id="Lane_{i}">{"".join(f"<flowNodeRef>{n}</flowNodeRef>" for n in names)}</lane>'
        for i, names in enumerate(lanes or [])
    )
    lane_set = f'<laneSet id="LS">{inside}</laneSet>' if lanes else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="x">'
        f'{around}<process id="P" isExecutable="true">{lane_set}{body}</process></definitions>'
    ).encode()


def flow(source: str, target: str, name: str = "") -> str:
    return (
        f'<sequenceFlow id="Flow_{source}_{target}" sourceRef="{source}" targetRef="{target}" name="{name}"/>'
    )


def nodes(**kinds: str) -> str:
    return "".join(f'<{kind} id="{name}" name="{name}"/>' for name, kind in kinds.items())


def drawn(data: bytes) -> Drawing:
    return read_drawing(tidy(data, "any.bpmn"))


def flows(pairs: str) -> str:
    """`sa ab` → a flow from s to a and one from a to b."""
    return "".join(flow(*pair) for pair in pairs.split())


LINE = nodes(s="startEvent", a="userTask", b="userTask", e="endEvent") + flows("sa ab be")
LOOP = nodes(
    s="startEvent", j="exclusiveGateway", a="userTask", g="exclusiveGateway", e="endEvent", r="userTask"
)
LOOP += flows("sj ja ag ge gr rj")
GUESTS = "".join(f'<boundaryEvent id="{name}" name="{name}" attachedToRef="a"/>' for name in "tx")
POOLS = (
    '<collaboration id="C"><participant id="Customer" name="客户"/>'
    '<participant id="Us" name="我们" processRef="P"/>'
    '<messageFlow id="M" name="投诉" sourceRef="Customer" targetRef="s"/>'
    '<textAnnotation id="T"><text>说明</text></textAnnotation>'
    '<association id="A" sourceRef="T" targetRef="a"/></collaboration>'
)


def test_the_happy_path_is_one_straight_line_from_left_to_right() -> None:
    drawing = drawn(process(LOOP))
    happy = [drawing.boxes[name].middle for name in ("s", "j", "a", "g", "e")]
    assert len({y for _, y in happy}) == 1
    assert [x for x, _ in happy] == sorted(x for x, _ in happy)


def test_the_first_flow_out_of_a_gateway_goes_straight_on() -> None:
    split = nodes(s="startEvent", g="exclusiveGateway", a="endEvent", b="endEvent") + flow("s", "g")
    for first, second in (("a", "b"), ("b", "a")):
        drawing = drawn(process(split + flow("g", first) + flow("g", second)))
        assert len(drawing.lines[f"Flow_g_{first}"]) == 2
        assert len(drawing.lines[f"Flow_g_{second}"]) == 3


def test_rework_runs_back_on_the_left_of_where_it_was_decided() -> None:
    drawing = drawn(process(LOOP))
    assert drawing.boxes["r"].middle[0] == drawing.boxes["g"].middle[0]
    assert drawing.lines["Flow_r_j"][0][0] == drawing.boxes["r"].x


def test_rework_named_first_stands_beside_its_gateway_and_the_second_flow_goes_straight_on() -> None:
    rework = nodes(s="startEvent", g="exclusiveGateway", r="userTask", e="endEvent")
    drawing = drawn(process(rework + flows("sg gr rg ge")))
    assert not drawing.overlapping_shapes()
    assert drawing.boxes["r"].middle[0] == drawing.boxes["g"].middle[0]
    assert len(drawing.lines["Flow_g_e"]) == 2


def test_rework_that_is_the_only_way_on_stands_beside_its_gateway() -> None:
    drawing = drawn(process(nodes(s="startEvent", g="exclusiveGateway", r="userTask") + flows("sg gr rg")))
    assert not drawing.overlapping_shapes()
    assert drawing.boxes["r"].middle[0] == drawing.boxes["g"].middle[0]


def test_a_gateway_back_in_the_first_lane_stands_right_of_the_task_before_the_detour() -> None:
    detour = nodes(s="startEvent", a="userTask", g="exclusiveGateway", h="exclusiveGateway", e="endEvent")
    drawing = drawn(process(detour + flows("sa ag gh he"), [["s", "a", "h", "e"], ["g"]]))
    assert not drawing.overlapping_shapes()
    assert drawing.boxes["a"].right < drawing.boxes["h"].x


def test_every_node_stands_in_its_lane_and_lanes_keep_their_order() -> None:
    data = tidy(process(LINE, [["s", "b"], ["a", "e"]]), "any.bpmn")
    bounds = {
        shape.get("bpmnElement"): shape.find(f"{{{DC}}}Bounds")
        for shape in etree.fromstring(data).iter(f"{{{BPMNDI}}}BPMNShape")
    }
    first, second = (float(bounds[lane].get("y")) for lane in ("Lane_0", "Lane_1"))
    assert first < second
    for name, lane in (("s", "Lane_0"), ("b", "Lane_0"), ("a", "Lane_1"), ("e", "Lane_1")):
        box = read_drawing(data).boxes[name]
        top = float(bounds[lane].get("y"))
        assert top < box.y
        assert box.bottom < top + float(bounds[lane].get("height"))


def test_boundary_events_sit_on_the_lower_edge_of_their_host() -> None:
    drawing = drawn(process(LINE + GUESTS + nodes(c="userTask") + flows("tc xe")))
    for name in ("t", "x"):
        assert drawing.boxes[name].middle[1] == drawing.boxes["a"].bottom
        assert drawing.lines[{"t": "Flow_t_c", "x": "Flow_x_e"}[name]][0][1] == drawing.boxes[name].bottom
    assert not drawing.overlapping_shapes()
    assert not drawing.lines_through_shapes()


@pytest.mark.parametrize("count", [4, 5, 7])
@pytest.mark.parametrize("host", ["userTask", "subProcess"])
def test_many_boundary_events_of_one_host_have_a_place_each(count: int, host: str) -> None:
    """The host is as wide as they and their names need."""
    names = [f"t{i}" for i in range(count)]
    inside = '<startEvent id="is_"/><endEvent id="ie"/>' + flow("is_", "ie") if host == "subProcess" else ""
    body = nodes(s="startEvent", e="endEvent", **{f"c{i}": "userTask" for i in range(count)})
    body += f'<{host} id="a" name="办理">{inside}</{host}>' + flows("sa ae")
    body += "".join(f'<boundaryEvent id="{n}" name="四十八小时" attachedToRef="a"/>' for n in names)
    drawing = drawn(process(body + "".join(flow(n, f"c{i}") for i, n in enumerate(names))))
    a = drawing.boxes["a"]
    assert not drawing.overlapping_shapes()
    assert not drawing.lines_through_shapes()
    assert all(drawing.boxes[n].middle[1] == a.bottom for n in names)
    assert all(a.x < drawing.boxes[n].middle[0] < a.right for n in names)
    assert not drawing.covered_labels()


def test_an_expanded_subprocess_is_drawn_around_its_inside() -> None:
    inside = nodes(is_="startEvent", it="userTask", ie="endEvent") + flow("is_", "it") + flow("it", "ie")
    body = nodes(s="startEvent", e="endEvent") + f'<subProcess id="sp" name="里">{inside}</subProcess>'
    drawing = drawn(process(body + flow("s", "sp") + flow("sp", "e")))
    outer = drawing.boxes["sp"]
    for name in ("is_", "it", "ie"):
        box = drawing.boxes[name]
        assert outer.x < box.x
        assert box.right < outer.right
        assert outer.y < box.y
        assert box.bottom < outer.bottom


def test_a_collapsed_subprocess_stays_collapsed_and_gets_a_page_of_its_own() -> None:
    inside = nodes(is_="startEvent", ie="endEvent") + flow("is_", "ie")
    body = nodes(s="startEvent", e="endEvent") + f'<subProcess id="sp" name="里">{inside}</subProcess>'
    open_data = tidy(process(body + flow("s", "sp") + flow("sp", "e")), "any.bpmn")
    data = tidy(open_data.replace(b'isExpanded="true"', b'isExpanded="false"'), "any.bpmn")
    planes = [plane.get("bpmnElement") for plane in etree.fromstring(data).iter(f"{{{BPMNDI}}}BPMNPlane")]
    assert planes == ["P", "sp"]
    assert read_drawing(data).boxes["sp"].width == 100


def test_pools_stand_one_below_the_other_with_their_messages() -> None:
    things = etree.fromstring(tidy(process(LINE, around=POOLS), "any.bpmn"))
    shown = {
        thing.get("bpmnElement") for thing in things.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")
    }
    assert {"Customer", "Us", "M", "T", "A", "s", "a", "b", "e"} <= shown


def test_colours_given_in_a_modeler_are_kept() -> None:
    data = tidy(process(LINE), "any.bpmn")
    named = data.replace(
        b"<definitions", b'<definitions xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"'
    )
    painted = named.replace(b'bpmnElement="a"', b'bpmnElement="a" bioc:stroke="#1E88E5"')
    assert b'bioc:stroke="#1E88E5"' in tidy(painted, "any.bpmn")


@st.composite
def diagrams(draw: st.DrawFn) -> bytes:
    """Up to twelve nodes in up to three lanes, any flows between them, loops too, and boundary events."""
    count = draw(st.integers(1, 12))
    kinds = ["startEvent", *(draw(st.sampled_from(KINDS)) for _ in range(count))]
    names = [f"n{i}" for i in range(count + 1)]
    ends = st.tuples(st.integers(0, count), st.integers(1, count))
    pairs: Flows = draw(st.lists(ends, max_size=20, unique=True))
    pairs = [(a, b) for a, b in pairs if kinds[a] != "endEvent"]
    body = nodes(**dict(zip(names, kinds, strict=True)))
    body += "".join(flow(names[a], names[b], draw(st.sampled_from(["", "是", "退回修改"]))) for a, b in pairs)
    hosts = [i for i, kind in enumerate(kinds) if kind in ("userTask", "callActivity")]
    for i in draw(st.lists(st.sampled_from(hosts), max_size=6)) if hosts else []:
        guest = f"b{body.count('<boundaryEvent')}"
        body += f'<boundaryEvent id="{guest}" name="超时" attachedToRef="{names[i]}"/>'
        body += flow(guest, names[draw(st.integers(1, count))])
    lanes = draw(st.integers(0, 3))
    lane_of = [draw(st.integers(0, lanes - 1)) if lanes else 0 for _ in names]
    return process(
        body, [[n for n, lane in zip(names, lane_of, strict=True) if lane == i] for i in range(lanes)]
    )


@given(diagrams())
@settings(max_examples=60, deadline=None)
def test_any_diagram_becomes_a_page_without_overlaps(data: bytes) -> None:
    """Shapes apart; lines level or upright, border to border, through no shape, never in from the right."""
    drawing = drawn(data)
    assert not drawing.overlapping_shapes()
    assert not drawing.slanted_lines()
    assert not drawing.detached_lines()
    assert not drawing.lines_through_shapes()
    assert not drawing.entering_from_the_right()


@given(diagrams())
@settings(max_examples=15, deadline=None)
def test_tidying_changes_the_drawing_only_and_only_once(data: bytes) -> None:
    once = tidy(data, "any.bpmn")
    assert meaning(once) == meaning(data)
    assert tidy(once, "any.bpmn") == once


def test_the_command_redraws_files_in_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "line.bpmn"
    file.write_bytes(process(LINE))
    assert main(["tidy", str(file)]) == 0
    assert file.read_bytes() == tidy(process(LINE), "line.bpmn")
    assert "line.bpmn" in capsys.readouterr().out


def test_a_file_that_is_not_xml_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "broken.bpmn"
    file.write_bytes(b"<definitions>")
    with pytest.raises(BundleRefused):
        tidy(file.read_bytes(), file.name)
    assert main(["tidy", str(file)]) == 1
    assert file.read_bytes() == b"<definitions>"
