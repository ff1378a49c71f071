"""What runs now, for programs: cases and open tasks that the actor may see, by facts and page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from engine.errors import InstanceNotFound, TaskNotFound
from engine.queries.access import may_see_one, may_see_wanted
from engine.queries.bundles import bundle_of
from engine.queries.sorting import Order, ordered
from engine.queries.views import Actor, Text
from engine.storage.models import ProcessInstance, UserTask, UserTaskCandidate


@dataclass(frozen=True)
class RunningInstance:
    """A case, mostly one that runs. `client_key`: what the program that started it calls it, if one did."""

    id: str
    business_key: str
    client_key: str | None
    process_id: str
    definition_id: str
    suspended: bool = False
    ended: bool = False


@dataclass(frozen=True)
class OpenTask:
    """A task that is open. `process_id`, `definition_id`: of its case; `form_key`: of a form with a file;
    `delegation`: "pending" while the assignee has it from the `owner`, "resolved" once it is back."""

    id: str
    instance_id: str
    definition_id: str
    process_id: str
    element_id: str
    name: Text
    documentation: Text
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    created_at: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    form_key: str | None
    suspended: bool
    owner: str | None
    delegation: str | None


INSTANCE = {
    "id": ProcessInstance.id,
    "process_id": ProcessInstance.process_id,
    "definition_id": ProcessInstance.definition_id,
    "suspended": ProcessInstance.suspended,
}
INSTANCE_ORDER = {**INSTANCE, "key": func.coalesce(ProcessInstance.client_key, ProcessInstance.business_key)}
CASE = (
    *(ProcessInstance.id, ProcessInstance.business_key, ProcessInstance.client_key),
    *(ProcessInstance.process_id, ProcessInstance.definition_id, ProcessInstance.suspended),
)
TASK = {
    "id": UserTask.id,
    "instance_id": UserTask.instance_id,
    "element_id": UserTask.element_id,
    "assignee": UserTask.assignee_id,
    "owner": UserTask.owner_id,
    "delegation": UserTask.delegation,
    "name": UserTask.name,
    "process_id": ProcessInstance.process_id,
    "definition_id": ProcessInstance.definition_id,
    "suspended": ProcessInstance.suspended,
}


TASK_ORDER = {
    **TASK, "due": UserTask.due_at, "follow_up": UserTask.follow_up_at, "created": UserTask.created_at,
    "lower_name": func.lower(UserTask.name), "priority": UserTask.priority,
}  # fmt: skip


def find_instances(
    session: Session,
    actor: Actor,
    wanted: Mapping[str, object],
    first: int = 0,
    limit: int = 200,
    order: Order | None = None,
) -> list[RunningInstance]:
    """Running cases, the oldest first, those that fit every one of `wanted`: id, process_id, definition_id,
    key (the number or the program's own), suspended (a bool)."""
    usual = ProcessInstance.started_at, ProcessInstance.id
    statement = ordered(_instances(actor, wanted), INSTANCE_ORDER, order, *usual)
    rows = session.execute(statement.with_only_columns(*CASE).offset(first).limit(limit))
    return [RunningInstance(*row) for row in rows]


def count_instances(session: Session, actor: Actor, wanted: Mapping[str, object]) -> int:
    """How many there are."""
    return _counted(session, _instances(actor, wanted), ProcessInstance.id)


def get_running(session: Session, instance_id: str, actor: Actor) -> RunningInstance:
    """A running case. Raises InstanceNotFound, also for one that has ended."""
    found = find_instances(session, actor, {"id": instance_id}, limit=1)
    if not found:
        raise InstanceNotFound(instance_id)
    return found[0]


def get_case(session: Session, instance_id: str, actor: Actor) -> RunningInstance:
    """A case that the actor may see, though it may have `ended`. Raises InstanceNotFound."""
    seen = ProcessInstance.id == instance_id, may_see_one(actor, ProcessInstance.id)
    row = session.execute(select(*CASE, ProcessInstance.state != "running").where(*seen)).one_or_none()
    if row is None:
        raise InstanceNotFound(instance_id)
    return RunningInstance(*row)


def _instances(actor: Actor, wanted: Mapping[str, object]) -> Select[Any]:
    seen = ProcessInstance.state == "running", may_see_wanted(actor, ProcessInstance.id, wanted)
    facts = [INSTANCE[name] == value for name, value in wanted.items() if name in INSTANCE]
    return select(ProcessInstance).where(*seen, *facts, *keyed(wanted))


def keyed(wanted: Mapping[str, object]) -> list[Any]:
    """The condition that a case goes by the key wanted: our number, or the program's own."""
    key = wanted.get("key")
    return (
        [] if key is None else [or_(ProcessInstance.business_key == key, ProcessInstance.client_key == key)]
    )


def find_tasks(
    session: Session,
    actor: Actor,
    wanted: Mapping[str, object],
    first: int = 0,
    limit: int = 200,
    order: Order | None = None,
) -> list[OpenTask]:
    """Open tasks, the oldest first, those that fit every one of `wanted`: id, instance_id, element_id,
    assignee, owner, delegation, name, process_id, definition_id, key; `assigned`, `suspended` (bools);
    `group`, `user`: offered to them and not taken."""
    statement = _tasks(actor, wanted).add_columns(ProcessInstance.process_id, ProcessInstance.bundle_hash)
    statement = statement.add_columns(ProcessInstance.definition_id, ProcessInstance.suspended)
    statement = ordered(statement, TASK_ORDER, order, UserTask.created_at, UserTask.id)
    rows = session.execute(statement.offset(first).limit(limit))
    return [_task(session, *row) for row in rows]


def count_open_tasks(session: Session, actor: Actor, wanted: Mapping[str, object]) -> int:
    """How many there are."""
    return _counted(session, _tasks(actor, wanted), UserTask.id)


def get_open_task(session: Session, task_id: str, actor: Actor) -> OpenTask:
    """An open task. Raises TaskNotFound, also for one that is completed."""
    found = find_tasks(session, actor, {"id": task_id}, limit=1)
    if not found:
        raise TaskNotFound(task_id)
    return found[0]


def _tasks(actor: Actor, wanted: Mapping[str, object]) -> Select[Any]:
    seen = UserTask.state == "open", may_see_wanted(actor, UserTask.instance_id, wanted)
    facts = [TASK[name] == value for name, value in wanted.items() if name in TASK]
    statement = select(UserTask).join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    statement = statement.where(*seen, *facts, *keyed(wanted))
    if "assigned" in wanted:
        free = UserTask.assignee_id.is_(None)
        statement = statement.where(~free if wanted["assigned"] else free)
    for kind, written in (("group", "group"), ("user", "person")):
        if kind in wanted:
            offered = UserTaskCandidate.principal == f"{written}:{wanted[kind]}"
            ids = select(UserTaskCandidate.task_id).where(offered, UserTaskCandidate.claimed.is_(False))
            statement = statement.where(UserTask.id.in_(ids))
    return statement


def _task(
    session: Session,
    row: UserTask,
    process_id: str,
    bundle_hash: str,
    definition_id: str,
    suspended: bool,
) -> OpenTask:
    element = bundle_of(session, bundle_hash).elements[row.process_id, row.element_id]
    return OpenTask(
        row.id, row.instance_id, definition_id, process_id, row.element_id, Text(row.name, row.name_en),
        Text(element.documentation, element.documentation_en), row.assignee_id, tuple(row.candidate_groups),
        tuple(row.candidate_users), row.created_at, row.due_at, row.follow_up_at, row.priority,
        element.form_key, suspended, row.owner_id, row.delegation,
    )  # fmt: skip


def _counted(session: Session, statement: Select[Any], column: Any) -> int:
    return session.scalar(statement.with_only_columns(func.count(column))) or 0
