"""A case that waits for a moment: what worker processes are tried on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from engine.storage.models import Job, UserTask
from tests.drive import Clock, House, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, START, task
from tests.engine.timed import boundary, timer

REMINDED = {
    "p.bpmn": diagram(
        START
        + task("UT_do")
        + boundary("TB_late", "UT_do", timer("<timeDuration>PT1H</timeDuration>"))
        + task("UT_remind", groups="vp") + END + node("endEvent", "EE_r", name="已提醒")
        + flow("SE", "UT_do") + flow("UT_do", "EE_done") + flow("TB_late", "UT_remind")
        + flow("UT_remind", "EE_r")
    )
}  # fmt: skip
"""After an hour, once, a task for the vice-president."""


def overdue_cases(database: Engine, folder: Path, count: int = 1) -> None:
    """Starts cases of REMINDED two hours ago: their timers are due now."""
    clock = Clock()
    clock.now = datetime.now(UTC) - timedelta(hours=2)
    with Session(database) as session:
        sign_up(session)
        home = House(session, clock, folder).deploy(REMINDED)
        for _ in range(count):
            home.start("p", gist="x")


def reminders(database: Engine) -> int:
    """How often a timer of a case has fired."""
    with Session(database) as session:
        fired = select(func.count()).select_from(UserTask).where(UserTask.element_id == "UT_remind")
        return session.scalar(fired) or 0


def due_jobs(database: Engine) -> int:
    """How many jobs still wait or are being done."""
    with Session(database) as session:
        return session.scalar(select(func.count()).select_from(Job).where(Job.state == "due")) or 0
