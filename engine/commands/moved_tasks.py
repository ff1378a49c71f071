"""Open tasks of a case that has been moved: named, placed and offered as the new version says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.commands.steps import candidate_rows, remove_candidates
from engine.diagram.bundle import Bundle
from engine.diagram.element import Element
from engine.execution.workflow import WorkItem
from engine.storage.locked import LockedInstance
from engine.storage.models import UserTask, UserTaskCandidate
from engine.storage.session import insert_rows


def keep_moved_tasks(
    session: Session,
    case: LockedInstance,
    old: Bundle,
    new: Bundle,
    items: Sequence[WorkItem],
    now: datetime,
) -> dict[str, int]:
    """Who has taken a task keeps it, with draft, due time and notices. Candidates change only where the
    drawing of the candidates has changed; the new ones are told as of a new task.

    A page drawn before must not be taken for the new version's: where the task's drawing or form changed its
    revision goes up. Returns the new revisions by task."""
    redrawn: list[str] = []
    for item in items:
        was, is_now = (bundle.elements[item.process_id, item.element_id] for bundle in (old, new))
        changes: dict[str, object] = {}
        if _shown(was) != _shown(is_now):
            changes |= _shown(is_now)
        if _offered(was) != _offered(is_now):
            groups, users = list(item.candidate_groups), list(item.candidate_users)
            changes |= {"candidate_groups": groups, "candidate_users": users, "announced": False}
            _offer(session, case, item, now)
        if _drawing(was) != _drawing(is_now) or old.form_of(was) != new.form_of(is_now):
            changes["revision"] = UserTask.revision + 1
            redrawn.append(item.engine_task_id)
        if changes:
            session.execute(update(UserTask).where(UserTask.id == item.engine_task_id).values(changes))
    revisions = select(UserTask.id, UserTask.revision).where(UserTask.id.in_(redrawn))
    return {row.id: row.revision for row in session.execute(revisions)} if redrawn else {}


def _drawing(element: Element) -> Element:
    """What a task's page shows and its verbs check: all but how the task repeats."""
    return replace(element, mi=None)


def _shown(element: Element) -> dict[str, object]:
    return {
        "name": element.name, "name_en": element.name_en or "", "lane": element.lane or "",
        "lane_en": element.lane_en or "",
    }  # fmt: skip


def _offered(element: Element) -> tuple[str | None, str | None]:
    return element.candidate_groups, element.candidate_users


def _offer(session: Session, case: LockedInstance, item: WorkItem, now: datetime) -> None:
    """The task leaves the old candidates' lists and comes to those of the new ones, as it stands."""
    remove_candidates(session, [item.engine_task_id])
    columns = UserTask.assignee_id, UserTask.created_at, UserTask.due_sort, UserTask.priority
    task = session.execute(select(*columns).where(UserTask.id == item.engine_task_id)).one()
    stands = {
        "claimed": task.assignee_id is not None, "created_at": task.created_at, "due_sort": task.due_sort,
        "priority": task.priority,
    }  # fmt: skip
    insert_rows(session, UserTaskCandidate, [row | stands for row in candidate_rows(case, item, now)])
