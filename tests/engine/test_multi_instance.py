"""Multi-instance activities and loops: one instance for each item, one result from each instance."""

import json

import pytest

from engine.diagram.bundle import compile_bundle
from engine.errors import NotACollection
from engine.execution import workflow
from tests.engine.drawing import (
    bpmn,
    call,
    element,
    ends,
    gateways,
    inside,
    many,
    passed,
    script,
    tasks,
)
from tests.engine.driving import NOON, Frozen

LIST = script("list", "seen = [results, [r['a'] for r in results or []], a, item, again]")
CARDINALITY = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>${%s}</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)


def case(
    loop: str, items: object, kind: str = "userTask", body: str = "", also: dict[str, bytes] | None = None
) -> Frozen:
    """s → U (repeated) → Z → again? U : e. The results go into `results`."""
    activity = element(kind, "U", loop + body, mi_result="results")
    return flowing(activity, items, also)


def flowing(activity: str, items: object, also: dict[str, bytes] | None = None) -> Frozen:
    nodes = activity + LIST + tasks("Z") + gateways("exclusive", "X") + ends("e")
    source = bpmn("p", nodes, "s > U; U > list; list > Z; Z > X; X > U : again; X >> e")
    return Frozen(compile_bundle({"p.bpmn": source, **(also or {})}, "p"), {"items": items})


def test_results_come_in_the_order_of_the_collection() -> None:
    """Each instance gives one dict: its item and what was submitted in it, in whatever order people
    finish."""
    run = case(many("items"), ["x", "y", "z"])
    assert [item.data["item"] for item in run.step.opened] == ["x", "y", "z"]
    run.do("U", 2, a=3)
    run.do("U", 0, a=1)
    run.do("U", 0, a=2)
    assert run.data("Z")["results"] == [{"item": "x", "a": 1}, {"item": "y", "a": 2}, {"item": "z", "a": 3}]


def test_nothing_else_leaves_an_instance() -> None:
    """What an instance sets is seen neither by its siblings nor after the activity."""
    run = case(many("items"), ["x", "y"])
    run.do("U", 0, a=1)
    assert "a" not in run.data("U")
    run.do("U", 0, a=2)
    assert "a" not in run.data("Z")
    assert "item" not in run.data("Z")


def test_sequential_instances_come_one_after_the_other() -> None:
    """The next instance opens when the one before is completed, over the items as they were at the
    beginning."""
    run = case(many("items", sequential=True), ["x", "y"])
    assert run.open() == ["U"]
    assert run.data("U")["item"] == "x"
    run.do("U", a=1, items=[])
    assert run.data("U")["item"] == "y"
    run.do("U", a=2)
    assert run.data("Z")["results"] == [{"item": "x", "items": [], "a": 1}, {"item": "y", "a": 2}]


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("items", [[], None])
def test_an_empty_collection_passes_at_once(items: list[str] | None, sequential: bool) -> None:
    """Without items nobody has anything to do; the result is an empty list."""
    run = case(many("items", sequential), items)
    assert run.open() == ["Z"]
    assert run.data("Z")["results"] == []
    assert [(e.kind, e.element_id) for e in run.step.trace if e.element_id == "U"] == [
        ("entered", "U"),
        ("completed", "U"),
    ]


@pytest.mark.parametrize("sequential", [False, True])
def test_entered_again_it_starts_afresh(sequential: bool) -> None:
    """In the next turn of a loop the list of results begins anew, from the collection as it is then."""
    run = case(many("items", sequential), ["x", "y"])
    for _ in range(2):
        run.do("U", a=1)
    run.do("Z", again=True, items=["w"])
    run.do("U", a=5)
    assert run.data("Z")["results"] == [{"item": "w", "a": 5}]


def test_a_completion_condition_cancels_the_rest() -> None:
    """When the condition holds after an instance, the open ones are taken away; only completed ones have
    results."""
    run = case(
        many("items", condition="nrOfCompletedInstances == 2 and nrOfActiveInstances == 1"), ["x", "y", "z"]
    )
    run.do("U", 1, a=1)
    rest = run.tasks()[1][1]
    step = run.do("U", 0, a=2)
    assert step.closed == [rest]
    assert ("cancelled", "U", rest) in [(e.kind, e.element_id, e.scope) for e in step.trace]
    assert run.data("Z")["results"] == [{"item": "x", "a": 2}, {"item": "y", "a": 1}]


def test_a_completion_condition_sees_the_instance_and_the_results_so_far() -> None:
    """It may read what the instance has just set, `loopCounter`, and the list of results."""
    condition = "a == 9 or len(results) == 3 or loopCounter == 5"
    run = case(many("items", True, condition), ["x", "y", "z", "w"])
    run.do("U", a=1)
    run.do("U", a=9)
    assert [result["a"] for result in run.data("Z")["results"]] == [1, 9]


def test_a_cardinality_counts_instances() -> None:
    """`loopCardinality` is a number, read when the activity is entered; instances know their
    `loopCounter`."""
    run = case(CARDINALITY % "len(items)", ["x", "y"])
    assert [item.data["loopCounter"] for item in run.step.opened] == [0, 1]


@pytest.mark.parametrize("items", ["xyz", 3, {"x": 1}])
def test_only_lists_are_collections(items: object) -> None:
    """A text, a number or a record is refused with the activity's name, not taken apart."""
    with pytest.raises(NotACollection, match="U"):
        case(many("items"), items)


@pytest.mark.parametrize("sequential", [False, True])
def test_called_processes_hand_out_their_results(sequential: bool) -> None:
    """A repeated call activity's result is what its out-mappings name."""
    leaf = bpmn("leaf", tasks("L") + ends("le"), "s > L; L > le")
    activity = call("U", "leaf", passed("item", "a=c"), many("items", sequential), mi_result="results")
    run = flowing(activity, ["x", "y"], {"leaf.bpmn": leaf})
    run.do("L", 0, c=1, d=8)
    run.do("L", 0, c=2)
    assert run.data("Z")["results"] == [{"item": "x", "a": 1}, {"item": "y", "a": 2}]


def test_embedded_subprocesses_hand_out_what_changed_inside() -> None:
    """A repeated subprocess's result is what its tasks set, its branches joined."""
    nodes = tasks("A B") + gateways("parallel", "F J") + ends("ue")
    body = inside(nodes, "us > F; F > A; F > B; A > J; B > J; J > ue", start="us")
    run = case(many("items"), ["x", "y"], "subProcess", body)
    for name in ("A", "B"):
        run.do(name, 1, **{"a": 7} if name == "A" else {"again": False})
        run.do(name, 0, a=4)
    assert run.data("Z")["results"] == [{"item": "x", "a": 4}, {"item": "y", "a": 7, "again": False}]


def test_instances_know_the_innermost_instance_around_them() -> None:
    """The scope of a task is its multi-instance instance, also from inside a called process; outside it is
    empty."""
    leaf = bpmn("leaf", tasks("L") + ends("le"), "s > L; L > le")
    activity = call("U", "leaf", passed("item", "a"), many("items"), mi_result="results")
    run = flowing(activity, ["x", "y"], {"leaf.bpmn": leaf})
    scopes = [item.scope for item in run.step.opened]
    assert len(set(scopes)) == 2
    assert all(run.rows[scope]["spec"] == "U [child]" for scope in scopes)
    run.do("L", 0)
    step = run.do("L", 0)
    assert [item.scope for item in step.opened] == [""]


def test_instances_may_be_nested() -> None:
    """A repeated task inside a repeated subprocess collects its own list for each outer instance."""
    inner = element("userTask", "V", many("[1, 2]").replace('"item"', '"b"'), mi_result="a")
    body = inside(inner + ends("ue"), "us > V; V > ue", start="us")
    run = case(many("items"), ["x", "y"], "subProcess", body)
    for _ in range(4):
        run.do("V", 0, again=False)
    inner_results = [{"again": False}, {"again": False}]
    assert [[{"again": r["again"]} for r in result["a"]] for result in run.data("Z")["results"]] == [
        inner_results
    ] * 2


def test_a_boundary_event_stops_all_instances() -> None:
    """An interrupting boundary event on the activity takes every open instance away."""
    body = inside(tasks("A") + ends("ue"), "us > A; A > ue", start="us")
    activity = element("subProcess", "U", many("items") + body, mi_result="results")
    late = (
        '<bpmn:boundaryEvent id="late" attachedToRef="U"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    source = bpmn("p", activity + late + tasks("Z") + ends("e f"), "s > U; U > e; late > Z; Z > f")
    run = Frozen(compile_bundle({"p.bpmn": source}, "p"), {"items": ["x", "y"]})
    run.do("A", 0)
    assert run.open() == ["A"]
    step = run.wait(hours=1)
    assert run.open() == ["Z"]
    assert len(step.closed) == 1


def test_a_loop_repeats_and_sees_what_the_turn_before_set() -> None:
    """A standard loop goes on while its condition holds, at most loopMaximum times, with one set of data."""
    loop = (
        '<bpmn:standardLoopCharacteristics loopMaximum="3"><bpmn:loopCondition>${again}</bpmn:loopCondition>'
        "</bpmn:standardLoopCharacteristics>"
    )
    run = case(loop, [])
    run.do("U", a=1, again=True)
    assert run.data("U")["a"] == 1
    run.do("U", a=2, again=True)
    run.do("U", a=3, again=True)
    assert run.open() == ["Z"]
    assert run.data("Z")["a"] == 3
    assert "loopCounter" not in run.data("Z")


def test_a_loop_may_test_before_its_first_turn() -> None:
    """With testBefore and a condition that does not hold, the activity is passed."""
    loop = (
        '<bpmn:standardLoopCharacteristics testBefore="true"><bpmn:loopCondition>'
        "${again}</bpmn:loopCondition>"
        "</bpmn:standardLoopCharacteristics>"
    )
    assert case(loop, []).open() == ["Z"]


def test_a_completed_instance_is_written_once() -> None:
    """Completing one of many instances writes two rows, however many there are."""
    run = case(many("items"), list(range(200)))
    step = workflow.complete(run.bundle, run.live, run.tasks()[17][1], {"a": 1}, NOON)
    assert sorted(row["spec"] for row in step.rows_upsert) == ["U", "U [child]"]
    assert json.loads(step.rows_upsert[0]["internal"])["done"] == 1


def test_subprocess_inside_a_loop_of_instances_has_its_own_end() -> None:
    """An instance whose inside ends by a terminate end is complete; its siblings go on."""
    nodes = (
        tasks("A B") + gateways("parallel", "F") + ends("ue") + ends("te", "<bpmn:terminateEventDefinition/>")
    )
    body = inside(nodes, "us > F; F > A; F > B; A > te; B > ue", start="us")
    run = case(many("items"), ["x", "y"], "subProcess", body)
    step = run.do("A", 0, a=1)
    assert len(step.closed) == 1
    assert run.open() == ["A", "B"]
