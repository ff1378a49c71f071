"""Small regulations with clocks and timers, and how tests let time pass."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.worker import run_due
from engine.storage.models import Clock
from tests.drive import House
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, extended, field, task


def timer(inside: str) -> str:
    """A timer event definition: `<timeDate>…`, `<timeDuration>…` or `<timeCycle>…`."""
    return f"<timerEventDefinition>{inside}</timerEventDefinition>"


def at(expression: str) -> str:
    """A timer at the moment that an expression gives."""
    return timer(f"<timeDate>${{{expression}}}</timeDate>")


def boundary(element: str, host: str, inside: str, interrupts: bool = False) -> str:
    """A boundary event."""
    stops = "true" if interrupts else "false"
    return node("boundaryEvent", element, inside, attachedToRef=host, cancelActivity=stops)


def limited(limit: str = "PT48H", more: dict[str, str] | None = None, **start: str) -> dict[str, bytes]:
    """A case whose start starts the clock `confirm`; a boundary timer at its end calls a supervisor.

    `more`: further properties of the start, by name."""
    properties = {"clock.start": f"confirm {limit}", **(more or {})}
    held = "".join(f'<camunda:property name="{n}" value="{v}"/>' for n, v in properties.items())
    fields = f"<camunda:formData>{field('gist', required=True)}{field('since')}</camunda:formData>"
    form = f"<extensionElements>{fields}<camunda:properties>{held}</camunda:properties></extensionElements>"
    return {
        "p.bpmn": diagram(
            node("startEvent", "SE", form)
            + task("UT_do", field("note"), due='${due(&quot;confirm&quot;)}', clock_stop="confirm")
            + boundary("TB_late", "UT_do", at("due('confirm')"))
            + task("UT_late", field("opinion"), groups="vp")
            + END + node("endEvent", "EE_late", name="已督办")
            + flow("SE", "UT_do") + flow("UT_do", "EE_done")
            + flow("TB_late", "UT_late") + flow("UT_late", "EE_late")
        )
    }  # fmt: skip


EXTENSION = {
    "x.bpmn": diagram(
        node("startEvent", "SE", extended(field("case_no", required=True), field("until", required=True)))
        + node("exclusiveGateway", "XG_open", name="未到期？", default="XG_open_EE_no")
        + task("UT_ok", field("fine", "boolean"), groups="vp", notBy="SE", sign="批准")
        + node("endEvent", "EE_ok", extended(**{
            "clock_extend": "confirm", "clock_extend_case": "${case_no}",
            "clock_extend_until": "${until}", "clock_extend_reason": "特殊问题",
        }), name="已延期")
        + node("endEvent", "EE_no", name="已驳回")
        + flow("SE", "XG_open") + flow("XG_open", "EE_no")
        + flow("XG_open", "UT_ok", "${running('confirm', case_no) and not overdue('confirm', case_no)}")
        + flow("UT_ok", "EE_ok"),
        process_id="x",
    )
}  # fmt: skip
"""Somebody applies, the vice-president approves, the clock `confirm` of another case moves."""


def wait(house: House, **time: float) -> int:
    """Time passes, and a worker does what has come due."""
    house.clock.advance(**time)
    house.session.rollback()
    return run_due(house.session.get_bind(), now=house.clock.now)


def clocks(session: Session, instance_id: str) -> dict[str, Clock]:
    """The latest turn of each clock of a case, by name."""
    session.expire_all()
    rows = session.scalars(select(Clock).where(Clock.instance_id == instance_id).order_by(Clock.turn))
    return {row.name: row for row in rows}
