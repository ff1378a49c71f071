"""The values of all cases that the actor may see, for programs; personal ones as on the pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from engine.errors import ValueNotFound
from engine.queries.access import may_see_wanted, visible_task
from engine.queries.clock import time_of
from engine.queries.finding import UNSORTED, Sort, Wanted, fitting, how_many, piece
from engine.queries.personal import PersonalData
from engine.queries.running import keyed
from engine.queries.views import Actor
from engine.storage.models import ProcessInstance, UserTask, Variable

PARTS = 3  # of an id: case, scope, name


@dataclass(frozen=True)
class CaseValue:
    """The current value of a name in a case; `scope` is "" or the id of a multi-instance child."""

    instance_id: str
    process_id: str
    definition_id: str
    scope: str
    name: str
    value: object

    @property
    def id(self) -> str:
        """Its name among the values of all cases."""
        return f"{self.instance_id}:{self.scope}:{self.name}"


COLUMNS = {
    "instance_id": Variable.instance_id,
    "scope": Variable.scope,
    "name": Variable.name,
    "process_id": ProcessInstance.process_id,
    "definition_id": ProcessInstance.definition_id,
    "state": ProcessInstance.state,
}


def find_values(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    first: int = 0,
    limit: int = 200,
    sort: Sort = UNSORTED,
    *,
    now: datetime | None = None,
) -> list[CaseValue]:
    """Values, by case and scope and name if not sorted otherwise, those that fit every one of `wanted`: id,
    instance_id, scope, name, process_id, definition_id, state (of the case), instance_id_in, name_in, key;
    task (a tuple of ids): only what belongs to the multi-instance child of one of these tasks.

    Sights of personal data in clear are logged, so the edge commits."""
    statement, key = _values(actor, wanted), Variable.instance_id
    ordered = piece(statement, COLUMNS, key, key, sort, first, limit).order_by(Variable.scope, Variable.name)
    return _seen(session, actor, session.execute(ordered).all(), "values", now)


def count_values(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are."""
    return how_many(session, _values(actor, wanted), Variable.name)


def get_value(
    session: Session, value_id: str, actor: Actor, wanted: Wanted, *, now: datetime | None = None
) -> CaseValue:
    """One value of a case that fits `wanted`. Raises ValueNotFound."""
    found = find_values(session, actor, {**wanted, "id": value_id}, limit=1, now=now)
    if not found:
        raise ValueNotFound(value_id)
    return found[0]


def get_task_values(
    session: Session, task_id: str, actor: Actor, *, local: bool = False, now: datetime | None = None
) -> dict[str, object]:
    """What somebody at a task sees: the values of the case, covered by those of the task's multi-instance
    child; `local`: only these. Raises TaskNotFound."""
    task = visible_task(session, task_id, actor)
    scopes = (task.scope,) if local else ("", task.scope)
    if local and not task.scope:
        return {}
    statement = _values(actor, {"instance_id": task.instance_id, "scope_in": scopes})
    rows = session.execute(statement.order_by(Variable.scope, Variable.name)).all()
    return {view.name: view.value for view in _seen(session, actor, rows, f"task {task_id}", now)}


def _values(actor: Actor, wanted: Wanted) -> Any:
    facts = [*fitting(COLUMNS, wanted), *keyed(wanted)]
    if "id" in wanted:
        facts += _named(str(wanted["id"]))
    if "task" in wanted:
        tasks: Any = wanted["task"]
        mine = UserTask.id.in_(tasks) & (UserTask.scope != "")
        scopes = select(UserTask.scope).where(mine, UserTask.instance_id == Variable.instance_id)
        facts.append(Variable.scope.in_(scopes.correlate(Variable)))
    return (
        select(Variable, ProcessInstance.process_id, ProcessInstance.definition_id)
        .join(ProcessInstance, ProcessInstance.id == Variable.instance_id)
        .where(may_see_wanted(actor, Variable.instance_id, wanted), *facts)
    )


def _named(value_id: str) -> list[Any]:
    parts = value_id.split(":", PARTS - 1)
    if len(parts) < PARTS:
        return [false()]
    return fitting(COLUMNS, dict(zip(("instance_id", "scope", "name"), parts, strict=True)))


def _seen(
    session: Session, actor: Actor, rows: Iterable[Any], where: str, now: datetime | None
) -> list[CaseValue]:
    """The values as the actor may see them; each case in which he saw personal data is logged."""
    sights: dict[str, PersonalData] = {}
    views = []
    for row, process_id, definition_id in rows:
        case = row.instance_id
        sight = sights.get(case) or sights.setdefault(case, PersonalData(session, actor, case))
        value = _shown(sight, row)
        views.append(CaseValue(case, process_id, definition_id, row.scope, row.name, value))
    for sight in sights.values():
        sight.log(where, time_of(now))
    return views


def _shown(sight: PersonalData, row: Variable) -> object:
    values: Mapping[str, object] = {row.name: row.value}
    return sight.view(values, [row.name] if row.personal else [], row.updated_by)[row.name]
