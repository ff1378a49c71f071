"""The activities of one case: when a token entered and left each element, read from the case's history."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.diagram.element import Element
from engine.queries.bundles import bundle_of
from engine.queries.history import read_events
from engine.queries.instances import visible_instance
from engine.queries.sentences import element_name
from engine.queries.views import Actor, Text
from engine.storage.models import UserTask

Place = tuple[str, str, str]  # process, element, scope


@dataclass(frozen=True)
class Activity:
    """One visit of a token to an element. `kind` is the BPMN local name; `process_id`: where it is drawn;
    `task_id`, `assignee`: of the task for a person, if it is one; `cancelled`: it was taken away."""

    id: str
    instance_id: str
    definition_id: str
    process_id: str
    element_id: str
    name: Text
    kind: str
    scope: str
    started_at: datetime
    ended_at: datetime | None = None
    cancelled: bool = False
    task_id: str | None = None
    assignee: str | None = None


def list_activities(session: Session, instance_id: str, actor: Actor) -> list[Activity]:
    """The activities of a case in the order in which they began; none if the actor may not see the case.

    A multi-instance activity is told by its instances."""
    case = visible_instance(session, instance_id, actor)
    if case is None:
        return []
    bundle = bundle_of(session, case.bundle_hash)
    found: dict[str, Activity] = {}
    running: dict[Place, deque[str]] = {}
    for number, at, kind, place, source in _steps(session, instance_id):
        element = bundle.elements.get(place[:2])
        if kind == "entered" and not (source and element and element.mi):
            made = _entered(bundle, case, f"{instance_id}:{number}", place, element, at)
            found[made.id] = made
            running.setdefault(place, deque()).append(made.id)
        elif kind != "entered" and running.get(place):
            key = running[place].popleft()
            found[key] = replace(found[key], ended_at=at, cancelled=kind == "cancelled")
    return _with_tasks(session, instance_id, [_ended(case, activity) for activity in found.values()])


def _steps(session: Session, instance_id: str) -> Iterator[tuple[int, datetime, str, Place, str]]:
    """What tokens did, numbered in order."""
    number = 0
    for event in read_events(session, instance_id):
        steps: Any = (event.data or {}).get("path", [])
        for kind, process_id, element_id, scope, source in steps:
            if kind in ("entered", "completed", "cancelled"):
                yield number, event.at, kind, (process_id, element_id, scope), source
            number += 1


def _entered(
    bundle: Bundle, case: Any, key: str, place: Place, element: Element | None, at: datetime
) -> Activity:
    process_id, element_id, scope = place
    name, kind = element_name(bundle, process_id, element_id), element.kind if element else ""
    return Activity(
        key, case.id, case.definition_id, process_id, element_id, name, kind, scope, started_at=at
    )  # fmt: skip


def _ended(case: Any, activity: Activity) -> Activity:
    """Nothing goes on in a case that has ended."""
    if activity.ended_at is not None or case.ended_at is None:
        return activity
    return replace(activity, ended_at=case.ended_at, cancelled=True)


def _with_tasks(session: Session, instance_id: str, activities: list[Activity]) -> list[Activity]:
    """The tasks for people belong to the visits of their elements, in order."""
    statement = select(UserTask).where(UserTask.instance_id == instance_id)
    order = UserTask.created_at, UserTask.completed_at.nulls_last(), UserTask.id
    made: dict[Place, deque[UserTask]] = {}
    for task in session.scalars(statement.order_by(*order)):
        made.setdefault((task.process_id, task.element_id, task.scope), deque()).append(task)
    return [_with_task(activity, made) for activity in activities]


def _with_task(activity: Activity, tasks: Mapping[Place, deque[UserTask]]) -> Activity:
    waiting = tasks.get((activity.process_id, activity.element_id, activity.scope))
    if not waiting:
        return activity
    task = waiting.popleft()
    return replace(activity, task_id=task.id, assignee=task.assignee_id)
