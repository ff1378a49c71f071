"""Who may see what, said once and in SQL, so that no list can forget it (roles and permissions)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true, union
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.errors import NotAllowed, TaskNotFound
from engine.queries.views import Actor
from engine.storage.models import ProcessInstance, UserTask, UserTaskCandidate

EVERYBODY = "staff"
DEFINITION_READERS = frozenset({"owner", "compliance", "admin"})  # every process with all its versions
SEE_ALL = frozenset(
    {"cs", "cs_lead", "qa", "qa_lead", "tqo", "vp", "gm", "exec", "compliance", "owner"}
)  # whole register of cases
SEE_CLEAR = frozenset({"cs", "cs_lead", "sales", "mkt"})  # contact data unmasked
CANCELLERS = frozenset({"cs_lead", "qa_lead", "tqo"})
SUSPENDERS = CANCELLERS | {"owner"}
NO_BUSINESS = frozenset({"admin"})  # runs accounts, sees no case
NAMES_ONE = frozenset({"id", "instance_id"})  # in a question: what it asks about lies in one case
_case, _task = aliased(ProcessInstance), aliased(UserTask)  # of `may_see_one`, made once: that is slow


def may_cancel(started_by: str, actor: Actor) -> bool:
    """Whoever started a case, and the groups answerable for the register."""
    return started_by == actor.person_id or not actor.groups.isdisjoint(CANCELLERS)


def may_suspend_case(actor: Actor) -> bool:
    """The groups answerable for the register, and process owners: what runs wrongly as drawn is theirs."""
    return not actor.groups.isdisjoint(SUSPENDERS)


def may_read_definitions(actor: Actor) -> bool:
    """Whether the actor may read every process definition; the others see what they may start."""
    return not actor.groups.isdisjoint(DEFINITION_READERS)


def check_definition_reader(actor: Actor) -> None:
    """Raises NotAllowed for whoever may not read process definitions."""
    if not may_read_definitions(actor):
        raise NotAllowed(what="read process definitions", what_zh="查看流程定义")


def principals(person_id: str, groups: Iterable[str]) -> list[str]:
    """How candidates are written: `group:<id>` for each group, `person:<id>` for oneself."""
    return [f"group:{group}" for group in sorted(groups)] + [f"person:{person_id}"]


def sees_nothing(actor: Actor) -> bool:
    """An administrator who holds no business group sees no business data."""
    return bool(actor.groups & NO_BUSINESS) and not actor.groups - NO_BUSINESS - {EVERYBODY}


def sees_all(actor: Actor) -> bool:
    """Groups that read the whole register."""
    return bool(actor.groups & SEE_ALL) and not sees_nothing(actor)


def sees_clear(actor: Actor) -> bool:
    """Groups that need contact data for their work."""
    return bool(actor.groups & SEE_CLEAR)


def own_instances(actor: Actor) -> Any:
    """SELECT of the ids of instances that the actor started, worked in, could work in now (candidates go when
    their task closes), or has delegated a task of."""
    mine = UserTask.state == "open", UserTask.assignee_id == actor.person_id
    delegated = UserTask.state == "open", UserTask.owner_id == actor.person_id
    return union(
        select(ProcessInstance.id).where(ProcessInstance.started_by == actor.person_id),
        select(UserTask.instance_id).where(UserTask.completed_by == actor.person_id),
        select(UserTask.instance_id).where(*mine),
        select(UserTask.instance_id).where(*delegated),
        select(UserTaskCandidate.instance_id).where(
            UserTaskCandidate.principal.in_(principals(actor.person_id, actor.groups))
        ),
    )


def sees(session: Session, actor: Actor, instance_id: str) -> bool:
    """Whether there is such an instance that the actor may see."""
    case = ProcessInstance.id == instance_id, may_see_one(actor, ProcessInstance.id)
    return session.scalar(select(ProcessInstance.id).where(*case)) is not None


def may_see(actor: Actor, instance_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The condition that the actor may see the instance named by a column: for lists, as it lists all that is
    the actor's."""
    if sees_nothing(actor):
        return false()
    return true() if sees_all(actor) else instance_id.in_(own_instances(actor))


def may_see_one(actor: Actor, instance_id: Any) -> ColumnElement[bool]:
    """The same condition for one instance or a few: it asks the rows of each, however much else is the
    actor's."""
    if sees_nothing(actor):
        return false()
    if sees_all(actor):
        return true()
    me, case, task = actor.person_id, _case, _task
    offered = select(UserTaskCandidate.task_id).where(
        UserTaskCandidate.task_id == task.id,
        UserTaskCandidate.principal.in_(principals(me, actor.groups)),
    )
    open_one = task.state == "open", or_(task.assignee_id == me, task.owner_id == me, offered.exists())
    started = select(case.id).where(case.id == instance_id, case.started_by == me)
    works = select(task.id).where(task.instance_id == instance_id, *open_one)
    worked = select(task.id).where(task.instance_id == instance_id, task.completed_by == me)
    return or_(started.exists(), works.exists(), worked.exists())


def may_see_wanted(actor: Actor, instance_id: Any, wanted: Mapping[str, object]) -> ColumnElement[bool]:
    """Whichever of the two fits a question: does it name an instance, or something in one?"""
    return (may_see_one if wanted.keys() & NAMES_ONE else may_see)(actor, instance_id)


def visible_task(session: Session, task_id: str, actor: Actor) -> Any:
    """Id, case, scope and state of a task, open or not. Raises TaskNotFound, also if the actor may not see
    its case."""
    columns = UserTask.id, UserTask.instance_id, UserTask.scope, UserTask.state
    seen = UserTask.id == task_id, may_see_one(actor, UserTask.instance_id)
    row = session.execute(select(*columns).where(*seen)).one_or_none()
    if row is None:
        raise TaskNotFound(task_id)
    return row
