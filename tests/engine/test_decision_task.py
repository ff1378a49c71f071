"""A business rule task runs its table at the time of the step and writes what the table says."""

import pytest

from engine.diagram.bundle import compile_bundle
from engine.diagram.expressions.script_engine import ScriptEngine
from engine.errors import DecisionError
from engine.execution import workflow
from engine.execution.instance import Instance
from tests.engine.bpmn_text import chain, diagram, node
from tests.engine.driving import NOON
from tests.engine.tables import table

POINTS = table(
    [("n", "number", "")],
    [("points", "number", "")],
    [("> 0", "1"), ("> 1", "2")],
    "COLLECT",
)
DUE = table([("n", "number", "")], [("due", "date", "")], [("-", "today() + days(n)")])
READS = node(
    "userTask", "UT", camunda_dueDate="${due}", camunda_assignee="${points}", camunda_priority="${n}"
)


def outcome(data: bytes, n: int, **attributes: str) -> object:
    task = node("businessRuleTask", "BR", camunda_decisionRef="grade", **attributes)
    files = {"p.bpmn": diagram(chain(task, node("userTask", "UT"))), "grade.dmn": data}
    step = workflow.start(compile_bundle(files, "p"), {"n": n}, NOON)
    decided = next(event for event in step.trace if event.kind == "decided")
    assert decided.data is not None
    return decided.data["outputs"]


def test_outputs_are_written_under_their_names() -> None:
    assert outcome(POINTS, 2) == {"points": [1, 2]}


@pytest.mark.parametrize(
    ("how", "found"),
    [("collectEntries", [1, 2]), ("resultList", [{"points": 1}, {"points": 2}])],
)
def test_a_result_variable_takes_the_mapped_result(how: str, found: object) -> None:
    mapped = {"camunda_resultVariable": "points", "camunda_mapDecisionResult": how}
    assert outcome(POINTS, 2, **mapped) == found


def test_today_in_a_table_is_the_day_of_the_step() -> None:
    assert outcome(DUE, 3) == {"due": "2026-11-25"}


def test_a_missing_match_stops_the_step_with_the_table_and_the_inputs() -> None:
    rows = table([("n", "number", "")], [("points", "number", "")], [("> 5", "1")])
    with pytest.raises(DecisionError, match=r"grade.*n = 2.*no rule matches"):
        outcome(rows, 2)


def test_nothing_in_an_instance_can_reach_pythons_eval() -> None:
    """SpiffWorkflow's own script engine evaluates Python; an instance carries ours instead."""
    bundle = compile_bundle({"p.bpmn": diagram(chain(node("userTask", "UT")))}, "p")
    assert isinstance(Instance(bundle, NOON).script_engine, ScriptEngine)
