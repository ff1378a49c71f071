"""Where a decision is used: the tasks that call it, and what reads its answers."""

from engine.diagram.decision_uses import decision_uses
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import DECIDED, END, START, extended, task
from tests.engine.tables import table

CONDITION = '${level == "重大"}'


def drawn(**called: str) -> dict[str, bytes]:
    """A process that decides, asks and goes on."""
    called = {"name": "定级", "camunda_decisionRef": "level", **called}
    body = (
        START
        + node("businessRuleTask", "BR", extended(name_en="Grade it"), **called)
        + node("exclusiveGateway", "GW", extended(name_en="Major?"), name="重大？", default="GW_EE_done")
        + task("UT", groups="${level}")
        + END
        + flow("SE", "BR") + flow("BR", "GW") + flow("GW", "UT", CONDITION) + flow("GW", "EE_done")
        + flow("UT", "EE_done")
    )  # fmt: skip
    return {**DECIDED, "p.bpmn": diagram(body)}


def test_the_tasks_that_call_a_decision_are_found_with_what_reads_its_answers() -> None:
    (use,) = decision_uses(drawn(), "level", ["level"])
    assert (use.file, use.element, use.name) == ("p.bpmn", "BR", ("定级", "Grade it"))
    readers = {reader.element: (reader.name[0], reader.text) for reader in use.readers}
    assert readers == {
        "GW_UT": ("重大？ → 做", '${level == "重大"}'),
        "UT": ("做", "${level}"),
    }


def test_answers_under_one_name_are_read_by_that_name() -> None:
    (use,) = decision_uses(drawn(camunda_resultVariable="found"), "level", ["level"])
    assert use.readers == ()


def test_a_decision_that_nothing_calls_and_a_diagram_that_cannot_be_read_have_no_use() -> None:
    assert decision_uses(drawn(), "other", ["level"]) == ()
    assert decision_uses({"p.bpmn": b"<level"}, "level", ["level"]) == ()


def test_many_tasks_and_many_readers_are_found_in_one_look() -> None:
    called = {"camunda_decisionRef": "level"}
    tasks = "".join(node("businessRuleTask", f"BR{n}", **called) for n in range(1000))
    ways = "".join(flow("SE", f"BR{n}", CONDITION) for n in range(1000))
    uses = decision_uses({"p.bpmn": diagram(START + tasks + ways)}, "level", ["level"])
    assert len(uses) == 1000
    assert all(use.readers is uses[0].readers and len(use.readers) == 1000 for use in uses)


def test_what_reads_the_same_names_in_other_files_is_told_apart() -> None:
    other = diagram(START + task("UT_far", groups="${level}") + END + flow("SE", "UT_far"), "q")
    following = table([("level", "string", "")], [("x", "", "")], [("-", "1")])
    files = {**drawn(), "q.bpmn": other, "next.dmn": following}
    (use,) = decision_uses(files, "level", ["level"])
    found = [(reader.file, reader.element, reader.text) for reader in use.elsewhere]
    assert found == [("q.bpmn", "UT_far", "${level}"), ("next.dmn", "", "level")]
