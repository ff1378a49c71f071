"""Facts about every diagram that the house ships."""

import re
from pathlib import Path

import pytest
from lxml import etree

from engine.diagram.tidy import tidy
from engine.diagram.vocabulary import bpmn, camunda, is_flow_node, kind_of
from tests.bpmn.drawing import meaning, read_drawing

FOLDER = Path(__file__).resolve().parents[2] / "bpmn"
DIAGRAMS = sorted(FOLDER.glob("*.bpmn"))
APPROVALS = {
    "report_decision", "onsite_decision", "plan_decision", "extension_decision", "check_result", "accept",
}  # fmt: skip

pytestmark = pytest.mark.parametrize("file", DIAGRAMS, ids=lambda file: file.stem)


def _tree(file: Path) -> etree._Element:
    return etree.fromstring(file.read_bytes())


def test_the_file_is_named_after_its_only_process(file: Path) -> None:
    assert [process.get("id") for process in _tree(file).iter(bpmn("process"))] == [file.stem]


def test_nothing_overlaps_crosses_or_covers_a_label(file: Path) -> None:
    """No shape on another, no line through a shape, no two lines crossing, no label on anything."""
    drawing = read_drawing(file.read_bytes())
    assert not drawing.overlapping_shapes()
    assert not drawing.lines_through_shapes()
    assert not drawing.crossings()
    assert not drawing.covered_labels()


def test_flows_run_level_or_upright_and_never_enter_from_the_right(file: Path) -> None:
    drawing = read_drawing(file.read_bytes())
    assert not drawing.slanted_lines()
    assert not drawing.entering_from_the_right()
    assert not drawing.detached_lines()


def test_symbols_have_the_modelers_default_sizes(file: Path) -> None:
    root, drawing = _tree(file), read_drawing(file.read_bytes())
    for node in (element for element in root.iter() if is_flow_node(element)):
        kind, box = kind_of(node), drawing.boxes[node.get("id", "")]
        expected = (36, 36) if kind.endswith("Event") else (50, 50) if kind.endswith("Gateway") else (100, 80)
        assert (box.width, box.height) == expected, node.get("id")


def test_a_page_is_short_enough_to_be_printed(file: Path) -> None:
    """On A4 across (277 mm wide) task names in 12-pixel type stay above 5.5 points."""
    boxes = read_drawing(file.read_bytes()).boxes.values()
    width = max(box.right for box in boxes) - min(box.x for box in boxes) + 100
    assert 12 * 277 / width * 72 / 25.4 > 5.5


def test_tidy_keeps_the_meaning(file: Path) -> None:
    assert meaning(tidy(file.read_bytes(), file.name)) == meaning(file.read_bytes())


def test_a_gateway_either_joins_or_splits_and_joins_have_no_name(file: Path) -> None:
    for gateway in (e for e in _tree(file).iter() if kind_of(e).endswith("Gateway")):
        into, out = (len(gateway.findall(bpmn(end))) for end in ("incoming", "outgoing"))
        assert min(into, out) == 1
        assert max(into, out) > 1
        assert (gateway.get("name") is None) == (into > 1 or kind_of(gateway) == "parallelGateway")


def test_nothing_passes_an_approval_by_default(file: Path) -> None:
    """Where somebody decides, the yes is written as a condition and the default flow means no."""
    root = _tree(file)
    flows = {flow.get("id"): flow for flow in root.iter(bpmn("sequenceFlow"))}
    for gateway in root.iter(bpmn("exclusiveGateway")):
        out = [flows[flow.text or ""] for flow in gateway.iterchildren(bpmn("outgoing"))]
        conditions = [text for flow in out if (text := flow.findtext(bpmn("conditionExpression")))]
        if any(re.search(rf"\b{name}\b", text) for name in APPROVALS for text in conditions):
            assert len(conditions) == 1
            assert re.search('== "(批准|通过|接受)"', conditions[0])


def test_call_activities_name_what_goes_in_and_out(file: Path) -> None:
    for mapping in _tree(file).iter(camunda("in"), camunda("out")):
        assert mapping.get("target"), mapping.attrib
        assert mapping.get("variables") is None


def test_ids_tell_what_an_element_is(file: Path) -> None:
    """By its prefix: `UT_register` is a user task, `Flow_ours_no` a flow."""
    prefixes = {
        "startEvent": "SE", "endEvent": "EE TE", "userTask": "UT", "businessRuleTask": "BR",
        "boundaryEvent": "TB", "intermediateCatchEvent": "TC",
        "callActivity": "CA", "exclusiveGateway": "XG", "parallelGateway": "PG", "sequenceFlow": "Flow",
    }  # fmt: skip
    for element in _tree(file).iter():
        if is_flow_node(element) or kind_of(element) == "sequenceFlow":
            assert element.get("id", "").split("_")[0] in prefixes[kind_of(element)].split()
