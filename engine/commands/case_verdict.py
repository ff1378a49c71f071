"""The verdict on one case: may it be moved to another version? Reads what the checker asks for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.execution.instance_migration import CaseFacts, Obstacle, Verdict, check_move
from engine.execution.workflow import Live
from engine.records import variables
from engine.schedule.clocks import ClockBook
from engine.storage.instances import live_rows
from engine.storage.models import Clock, ExternalTask, HistoryEvent, UserTask


def verdict_on(
    session: Session, instance_id: str, body: dict[str, object], old: Bundle, new: Bundle, now: datetime
) -> Verdict:
    """Whether a running case of `old` may be moved to `new`, and how; `body`: of its row."""
    live = Live(live_rows(session, instance_id), body)
    book = ClockBook(session, instance_id, now)
    return check_move(old, new, live, _facts(session, instance_id, now), now, book)


def words(obstacle: Obstacle) -> dict[str, str]:
    """An obstacle as it is kept."""
    zh, en = obstacle.texts
    return {
        "code": obstacle.code, "process": obstacle.process_id, "element": obstacle.element_id, "zh": zh,
        "en": en,
    }  # fmt: skip


def _facts(session: Session, instance_id: str, now: datetime) -> CaseFacts:
    clocks = select(Clock.name).where(Clock.instance_id == instance_id, Clock.stopped_at.is_(None))
    drafts = select(UserTask.id, UserTask.draft).where(
        UserTask.instance_id == instance_id, UserTask.state == "open", UserTask.draft.is_not(None)
    )
    locked = select(ExternalTask.id).where(
        ExternalTask.instance_id == instance_id, ExternalTask.state == "open",
        ExternalTask.worker_id.is_not(None), ExternalTask.locked_until > now,
    )  # fmt: skip
    return CaseFacts(
        passed=_passed(session, instance_id),
        values=variables.current(session, instance_id, ""),
        clocks=frozenset(session.scalars(clocks)),
        drafts={task: draft or {} for task, draft in session.execute(drafts)},
        locked=frozenset(session.scalars(locked)),
    )


def _passed(session: Session, instance_id: str) -> frozenset[tuple[str, str]]:
    """The elements that have completed, from the paths of its history."""
    told = select(HistoryEvent.data).where(HistoryEvent.instance_id == instance_id)
    steps = (step for data in session.scalars(told) for step in _path(data))
    return frozenset((step[1], step[2]) for step in steps if step[0] == "completed")


def _path(data: dict[str, object] | None) -> list[list[str]]:
    path = (data or {}).get("path")
    return path if isinstance(path, list) else []
