"""Who is told what: new tasks, clocks that warn or run out or are extended, jobs that fail."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.queries.concerned import active_people, concerned, members_of
from engine.queries.items import items_of, of_item
from engine.queries.reference import clock_names
from engine.queries.views import Text
from engine.schedule.clocks import Happened
from engine.schedule.outbox import Notice, put_notices
from engine.storage.locked import LockedInstance
from engine.storage.models import Incident, ProcessDefinition, ProcessInstance, UserTask
from engine.storage.session import begin_write

BATCH = 100  # tasks announced in one transaction
OPERATORS = "it"  # works with the page of failed jobs
KEEPERS = "admin"  # hears of them, too, and sees no case
TOLD = frozenset({"warned", "breached", "extended"})  # of what becomes of clocks
JOBS = {
    "wake": Text("时间推进", "timers and clocks of a case"),
    "message": Text("消息投递", "delivery of a message"),
    "mail": Text("发送邮件", "sending a mail"),
    "webhook": Text("群机器人通知", "telling a group robot"),
    "external": Text("外部程序的任务", "the task of a program"),
    "instance_migration": Text("案件迁移", "moving a case to another version"),
}
OUTSIDE = frozenset({"mail", "webhook"})


def announce_tasks(session: Session, now: datetime, limit: int = BATCH) -> int:
    """Tells the candidates of new open tasks, each once, oldest tasks first. Returns how many tasks it looked
    after; a batch costs the same number of statements however long it is.

    Tasks of the group of all staff are told to nobody in particular. Two announcers at once share the work;
    a case in which somebody is just acting is left for the next time."""
    if session.scalar(select(UserTask.id).where(UserTask.announced.is_(False)).limit(1)) is None:
        return 0  # a look that takes no lock: most of the time nothing is new
    begin_write(session)
    found = _locked(session, limit)
    ids = [task.id for task in found]
    if not ids:
        return 0
    open_ones = [task for task in found if task.state == "open"]
    people = concerned(session, open_ones)
    names = _process_names(session, {task.instance_id for task in open_ones})
    notices = [_task_notice(task, names[task.instance_id], people[task.id]) for task in open_ones]
    put_notices(session, notices, now)
    done = update(UserTask).where(UserTask.id.in_(ids)).values(announced=True)
    session.execute(done, execution_options={"synchronize_session": False})
    return len(ids)


def _locked(session: Session, limit: int) -> list[UserTask]:
    """The oldest tasks that nobody was told of. Their cases are locked, as by every verb that changes a task,
    and the tasks read again under that lock: two announcers never have the same, nobody can deadlock."""
    fresh = UserTask.announced.is_(False)
    chosen = (
        select(UserTask.id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(fresh)
        .order_by(UserTask.created_at, UserTask.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=ProcessInstance)
    )
    ids = list(session.scalars(chosen))
    again = select(UserTask).where(UserTask.id.in_(ids), fresh).order_by(UserTask.created_at, UserTask.id)
    return list(session.scalars(again.execution_options(populate_existing=True))) if ids else []


def announce_clock(session: Session, instance: LockedInstance, happened: Happened, now: datetime) -> None:
    """Tells those who work on a case, and whoever started it, that a clock warns, ran out or was extended.

    The caller holds the lock of the case."""
    if happened.kind not in TOLD:
        return
    open_ones = UserTask.instance_id == instance.id, UserTask.state == "open"
    people = concerned(session, list(session.scalars(select(UserTask).where(*open_ones))))
    everyone = active_people(session, {instance.started_by}).union(*people.values())
    label = _clock_label(session, instance, happened)
    process = _process_names(session, {instance.id})[instance.id]
    due = happened.facts.get("due")
    facts = {
        "number": instance.business_key, "clock": label.zh, "clock_en": label.en, "process": process.zh,
        "process_en": process.en, "due": due, "link": f"/instances/{instance.id}",
    }  # fmt: skip
    turn = f"{happened.clock}:{happened.scope}:{happened.facts.get('turn')}"
    dedup = f"clock:{instance.id}:{turn}:{happened.kind}:{due}"
    put_notices(session, [Notice(f"clock_{happened.kind}", everyone, facts, dedup, instance.id)], now)


def _clock_label(session: Session, instance: LockedInstance, happened: Happened) -> Text:
    """Of one item by its number only: nothing that was entered goes out by mail."""
    label = clock_names(session).get(happened.clock) or Text(happened.clock)
    if not happened.scope:
        return label
    items = items_of(session, {happened.scope: instance.bundle_hash})
    return of_item(label, items.get(happened.scope, ()), numbers_only=True)


def announce_incident(session: Session, incident: Incident, now: datetime) -> None:
    """Tells the operators and administrators that a job has failed; nothing of a case is in it.

    A failed notification is told in the inbox only: a dead mail server must not be reported by mail."""
    members = members_of(session, (OPERATORS, KEEPERS))
    job = JOBS.get(incident.kind) or Text(incident.kind)
    facts = {"job": job.zh, "job_en": job.en, "since": incident.opened_at.isoformat()}
    dedup, quiet = f"incident:{incident.id}", incident.kind in OUTSIDE
    operators = members.get(OPERATORS, frozenset())
    keepers = members.get(KEEPERS, frozenset()) - operators
    linked = {**facts, "link": "/operations"}  # administrators may not open that page
    notices = [
        Notice("incident", operators, linked, dedup, inbox_only=quiet),
        Notice("incident", keepers, facts, dedup, inbox_only=quiet),
    ]
    put_notices(session, notices, now)


def _process_names(session: Session, instances: Iterable[str]) -> dict[str, Text]:
    """The names of the processes that cases run, by case."""
    statement = (
        select(ProcessInstance.id, ProcessDefinition.name, ProcessDefinition.name_en)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(ProcessInstance.id.in_(sorted(instances)))
    )
    return {row.id: Text(row.name, row.name_en) for row in session.execute(statement)}


def _task_notice(task: UserTask, process: Text, people: frozenset[str]) -> Notice:
    facts = {
        "number": task.business_key, "step": task.name, "step_en": task.name_en, "process": process.zh,
        "process_en": process.en, "due": task.due_at.isoformat() if task.due_at else None,
        "link": f"/tasks/{task.id}",
    }  # fmt: skip
    dedup = f"task:{task.id}:{task.assignee_id or ''}"  # who is handed a task hears of it, though told before
    if task.delegation:
        dedup = f"{dedup}:{task.delegation}:{task.revision}"  # to and fro, as often as it goes
    return Notice("task", people, facts, dedup, task.instance_id, task.id)
