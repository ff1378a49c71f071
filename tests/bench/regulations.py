"""The small regulations that are measured: five steps, a rework loop, a call activity for many."""

from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, START, field, task

MULTI = (
    "<multiInstanceLoopCharacteristics><loopCardinality>${count}</loopCardinality>"
    "</multiInstanceLoopCharacteristics>"
)


def _step(number: int) -> str:
    return task(f"UT_{number}", field("note", required=True), field("good", "boolean"))


FIVE_STEPS = {
    "p.bpmn": diagram(
        START
        + "".join(_step(number) for number in range(1, 6))
        + node("exclusiveGateway", "XG_good", name="合格？", default="XG_good_EE_stopped")
        + END
        + node("endEvent", "EE_stopped", name="已停止")
        + flow("SE", "UT_1")
        + flow("UT_1", "UT_2")
        + flow("UT_2", "UT_3")
        + flow("UT_3", "XG_good")
        + flow("XG_good", "UT_4", "${good == true}")
        + flow("XG_good", "EE_stopped")
        + flow("UT_4", "UT_5")
        + flow("UT_5", "EE_done"),
        attributes='name="五步流程" camunda:candidateStarterGroups="staff"',
    )
}
"""Start, five user tasks, one gateway."""
FIVE = tuple(f"UT_{number}" for number in range(1, 6))
NOTE = {"note": "已按作业指导书完成，记录见附件。", "good": True}

LOOP = {
    "p.bpmn": diagram(
        START
        + task("UT_do", field("note", required=True), field("again", "boolean"))
        + node("exclusiveGateway", "XG_back")
        + node("exclusiveGateway", "XG_again", name="返工？", default="XG_again_EE_done")
        + END
        + flow("SE", "XG_back")
        + flow("XG_back", "UT_do")
        + flow("UT_do", "XG_again")
        + flow("XG_again", "XG_back", "${again == true}")
        + flow("XG_again", "EE_done"),
    )
}
"""Rework, again and again."""
AGAIN = {"note": "返工后复检。", "again": True}

MANY = {
    "p.bpmn": diagram(
        START
        + task("UT_plan", field("count", "long"))
        + node("callActivity", "CA_each", MULTI, calledElement="q")
        + END
        + flow("SE", "UT_plan")
        + flow("UT_plan", "CA_each")
        + flow("CA_each", "EE_done"),
    ),
    "q.bpmn": diagram(
        node("startEvent", "SE_q")
        + task("UT_each", field("note", required=True))
        + node("endEvent", "EE_q", name="已办")
        + flow("SE_q", "UT_each")
        + flow("UT_each", "EE_q"),
        "q",
    ),
}
"""A call activity so many times, all at once."""
