"""Two processes that keep everything busy at once: people, timers, clocks, messages, forks and joins."""

from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import extended, field, task
from tests.engine.timed import boundary, timer

REMIND, PAUSE, OVER = 2, 1, 5  # seconds of the three timers
LIMIT = 3  # seconds of the clock


def _event(message: str) -> str:
    return f'<messageEventDefinition messageRef="{message}"/>'


def _after(seconds: int) -> str:
    return timer(f"<timeDuration>PT{seconds}S</timeDuration>")


def _read_from(message: str) -> str:
    path = "<messagePath>gist</messagePath>"
    name = "correlationPropertyRetrievalExpression"
    return f'<{name} messageRef="{message}">{path}</{name}>'


MESSAGES = (
    '<message id="M_ask" name="ask"/><message id="M_answer" name="answer"/>'
    f'<correlationProperty id="CP_gist">{_read_from("M_ask")}{_read_from("M_answer")}</correlationProperty>'
    '<collaboration id="C"><correlationKey id="CK" name="CK">'
    "<correlationPropertyRef>CP_gist</correlationPropertyRef></correlationKey></collaboration>"
)

ASKING = diagram(
    node("startEvent", "SE", extended(field("gist", required=True), clock_start=f"work PT{LIMIT}S"))
    + node("parallelGateway", "PG_fork")
    + task("UT_do", field("note"), clock_stop="work")
    + boundary("TB_remind", "UT_do", _after(REMIND))
    + task("UT_remind") + node("endEvent", "EE_reminded", name="已提醒")
    + node("intermediateCatchEvent", "TC_pause", _after(PAUSE))
    + node("intermediateThrowEvent", "MT_ask", extended(payload="gist") + _event("M_ask"), name="已询问")
    + node("intermediateCatchEvent", "ME_answer", _event("M_answer"), name="已答复")
    + node("parallelGateway", "PG_join")
    + task("UT_check", groups="qa")
    + boundary("TB_over", "UT_check", _after(OVER), interrupts=True)
    + node("endEvent", "EE_done", name="已完成") + node("endEvent", "EE_over", name="已超时")
    + flow("SE", "PG_fork") + flow("PG_fork", "UT_do") + flow("PG_fork", "TC_pause")
    + flow("TB_remind", "UT_remind") + flow("UT_remind", "EE_reminded")
    + flow("TC_pause", "MT_ask") + flow("MT_ask", "ME_answer")
    + flow("UT_do", "PG_join") + flow("ME_answer", "PG_join")
    + flow("PG_join", "UT_check") + flow("UT_check", "EE_done") + flow("TB_over", "EE_over"),
    process_id="asking", more=MESSAGES, attributes='name="询问" camunda:candidateStarterGroups="staff"',
)  # fmt: skip
"""Asks the other process while somebody does a task with a time limit; then somebody checks, or is late."""

ANSWERING = diagram(
    node("startEvent", "SE_ask", extended(sets="gist") + _event("M_ask"), name="已询问")
    + node("intermediateThrowEvent", "MT_answer", extended(payload="gist") + _event("M_answer"))
    + task("UT_file") + node("endEvent", "EE_filed", name="已归档")
    + flow("SE_ask", "MT_answer") + flow("MT_answer", "UT_file") + flow("UT_file", "EE_filed"),
    process_id="answering", more=MESSAGES, attributes='name="答复"',
)  # fmt: skip
"""Starts with the question, answers it, and files it."""

FILES = {"asking.bpmn": ASKING, "answering.bpmn": ANSWERING}
