"""What must hold when the dust has settled: everything acknowledged is there once, and nothing is stuck."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import engine
from engine.storage.models import (
    Clock,
    HistoryEvent,
    Incident,
    Job,
    Message,
    MessageWait,
    ProcessInstance,
    Submission,
    UserTask,
    Variable,
)
from tests.crash.diagrams import OVER, REMIND
from tests.crash.people import Remembered

Faults = Iterator[str]


def faults(database: Engine, memory: Remembered) -> list[str]:
    """Every sentence that does not hold."""
    with Session(database) as session:
        found = [f for rule in RULES for f in rule(session)]
        done = completions(session, {**memory.completed, **memory.found})
        return [*found, *_starts(session, memory), *done, *memory.bad]


def busy(database: Engine) -> int:
    """How many cases still run."""
    with Session(database) as session:
        running = select(func.count()).where(ProcessInstance.state == "running")
        return session.scalar(running) or 0


def counts(database: Engine) -> dict[str, int]:
    """How much has happened."""
    with Session(database) as session:
        cases = session.scalar(select(func.count(ProcessInstance.id))) or 0
        messages = session.scalar(select(func.count(Message.id))) or 0
        steps = session.scalar(select(func.count(Submission.id))) or 0
        fired = sum(_fired(session).values())
    return {"cases": cases, "submissions": steps, "messages": messages, "timers": fired}


def stuck_jobs(database: Engine, grace: timedelta) -> list[str]:
    """Jobs that nobody has taken although they are due, or whose lease has ended, for longer than `grace`."""
    limit = datetime.now(UTC) - grace
    with Session(database) as session:
        due = Job.state == "due", Job.due_at < limit
        rows = session.execute(select(Job.id, Job.kind, Job.due_at, Job.leased_until).where(*due))
        return [str(tuple(row)) for row in rows if row.leased_until is None or row.leased_until < limit]


def _starts(session: Session, memory: Remembered) -> Faults:
    """Every acknowledged start is there once, every other one at most once."""
    asked = select(Variable.text).join(ProcessInstance, ProcessInstance.id == Variable.instance_id)
    asked = asked.where(Variable.name == "gist", ProcessInstance.process_id == "asking")
    there = Counter(session.scalars(asked))
    yield from (f"start {gist}: {there[gist]} cases" for gist in memory.started if there[gist] != 1)
    yield from (f"start {gist}: {there[gist]} cases" for gist in memory.unsure if there[gist] > 1)
    yield from (f"unknown start {gist}" for gist in set(there) - memory.started - memory.unsure)


def completions(session: Session, acknowledged: Mapping[str, str]) -> Faults:
    """Every acknowledged completion (address of the task → person) is there, by who was told so."""
    rows = session.execute(select(UserTask.id, UserTask.state, UserTask.completed_by))
    there = {f"/tasks/{row.id}": (row.state, row.completed_by) for row in rows}
    for path, person in acknowledged.items():
        if there.get(path) != ("completed", person):
            yield f"{path} was acknowledged to {person}, but is {there.get(path)}"


def steps_once(session: Session) -> Faults:
    """A completed task has one submission and one history event; no other task has any."""
    submissions = Counter(session.scalars(select(Submission.task_id).where(Submission.task_id.is_not(None))))
    vouched: Counter[str] = Counter()
    for event in session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "completed")):
        vouched[((event.data or {}).get("submission") or {}).get("id", "")] += 1
    ids = {row.task_id: row.id for row in session.execute(select(Submission.task_id, Submission.id))}
    for task_id, state in session.execute(select(UserTask.id, UserTask.state)):
        wanted = 1 if state == "completed" else 0
        events = vouched[ids[task_id]] if task_id in ids else 0
        if (submissions[task_id], events) != (wanted, wanted):
            yield f"task {task_id} {state}: {submissions[task_id]} submissions, {events} events"


def _nothing_open(session: Session) -> Faults:
    """Every case has ended, and nothing of it is left open."""
    for model, wrong in (
        (ProcessInstance, ProcessInstance.state != "completed"),
        (UserTask, UserTask.state == "open"),
        (Clock, Clock.verdict == "running"),
        (Message, Message.state != "delivered"),
        (Job, Job.state != "done"),
        (Job, Job.lease_owner.is_not(None)),
        (Incident, Incident.id.is_not(None)),
        (MessageWait, MessageWait.name.is_not(None)),
    ):
        rows = session.execute(select(*model.__table__.columns).where(wrong)).all()
        if rows:
            yield f"{len(rows)} rows: {wrong}, for instance {dict(rows[0]._mapping)}"


def _messages_once(session: Session) -> Faults:
    """One question and one answer a case, each in one history or at one start."""
    cases = Counter(session.scalars(select(ProcessInstance.process_id)))
    names = Counter(session.scalars(select(Message.name)))
    if not cases["asking"] == cases["answering"] == names["ask"] == names["answer"]:
        yield f"cases {dict(cases)}, messages {dict(names)}"
    events = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "message"))
    taken = Counter((event.data or {}).get("id") for event in events)
    answers = session.scalars(select(Message.id).where(Message.name == "answer"))
    yield from (f"answer {m} is in {taken[m]} histories" for m in answers if taken[m] != 1)
    asked = Counter(session.scalars(select(Message.delivered_to).where(Message.name == "ask")))
    yield from (f"{number} questions started {case}" for case, number in asked.items() if number != 1)


def _fired(session: Session) -> Counter[tuple[str, str]]:
    """(case, timer) → how often it fired, as the histories tell the way of the tokens."""
    fired: Counter[tuple[str, str]] = Counter()
    for event in session.scalars(select(HistoryEvent)):
        for kind, _process, element, *_ in (event.data or {}).get("path") or ():
            if kind == "completed" and element in ("TC_pause", "TB_remind", "TB_over"):
                fired[event.instance_id, element] += 1
    return fired


def _timers_once(session: Session) -> Faults:
    """The pause fired once a case; a boundary timer once if its task was open long enough, else never."""
    fired = _fired(session)
    asking = select(ProcessInstance.id).where(ProcessInstance.process_id == "asking")
    for case in session.scalars(asking):
        if fired[case, "TC_pause"] != 1:
            yield f"{case}: the pause fired {fired[case, 'TC_pause']} times"
    hosts = {"UT_do": ("TB_remind", REMIND), "UT_check": ("TB_over", OVER)}
    for task in session.scalars(select(UserTask).where(UserTask.element_id.in_(hosts))):
        timer, seconds = hosts[task.element_id]
        if task.completed_at is None:  # told as an open task
            continue
        late = task.completed_at - task.created_at >= timedelta(seconds=seconds)
        times = fired[task.instance_id, timer]
        if times > 1 or (late and times == 0):
            yield f"{task.instance_id} {task.element_id}: {timer} fired {times} times"
        if (task.state == "cancelled") != (times == 1 and timer == "TB_over"):
            yield f"{task.instance_id} {task.element_id} is {task.state}, {timer} fired {times} times"
    opened = Counter(session.scalars(select(UserTask.instance_id).where(UserTask.element_id == "UT_remind")))
    for (case, timer), times in fired.items():
        if timer == "TB_remind" and opened[case] != times:
            yield f"{case}: {times} reminders fired, {opened[case]} opened"


def _clocks_once(session: Session) -> Faults:
    """One clock a case, breached exactly if it stopped late."""
    for clock in session.scalars(select(Clock)):
        if clock.stopped_at is None:  # told as a running clock
            continue
        wanted = "on_time" if clock.due_at and clock.stopped_at <= clock.due_at else "breached"
        if clock.verdict != wanted or clock.turn != 1:
            yield f"clock of {clock.instance_id}: {clock.verdict}, not {wanted}, turn {clock.turn}"
    events = select(HistoryEvent.instance_id, HistoryEvent.kind).where(HistoryEvent.kind.like("clock_%"))
    told = Counter(tuple(row) for row in session.execute(events))
    yield from (f"{fact} told {number} times" for fact, number in told.items() if number != 1)


def numbers(session: Session) -> Faults:
    """Case numbers have no gap."""
    given = sorted(int(key[-6:]) for key in session.scalars(select(ProcessInstance.business_key)))
    if given != list(range(1, len(given) + 1)):
        yield f"numbers have gaps: {given}"


def chains(session: Session) -> Faults:
    """Every history chain verifies."""
    yield from (f"{link.business_key} {link.what}" for link in engine.verify_chains(session))


RULES: tuple[Callable[[Session], Faults], ...] = (
    _nothing_open, steps_once, _messages_once, _timers_once, _clocks_once, numbers, chains,
)  # fmt: skip
