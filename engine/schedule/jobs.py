"""Job rows: put down in the transaction that needs them, leased by workers, completed under their fence."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from engine.storage.ids import new_id
from engine.storage.jobs import MOST_ATTEMPTS, Incident, Job
from engine.storage.session import begin_write, insert_for

FIRST_DELAY = timedelta(seconds=10)  # four times as long after every attempt: 10 s, 40 s, 160 s …
LONGEST_DELAY = timedelta(hours=1)
LEASE = timedelta(seconds=60)
LEASED = (Job.id, Job.kind, Job.instance_id, Job.payload, Job.attempts, Job.most_attempts, Job.fence)


@dataclass(frozen=True)
class Leased:
    """A job that this worker owns until its lease ends."""

    id: str
    kind: str
    instance_id: str | None
    payload: Mapping[str, object]
    attempts: int
    most_attempts: int
    fence: int


def wake_key(instance_id: str) -> str:
    """The key of the one job that lets time pass for an instance."""
    return f"wake:{instance_id}"


def put_wake(session: Session, instance_id: str, due_at: datetime | None, now: datetime) -> None:
    """Sets when an instance must look at the time again; None: never. The caller holds the instance's lock.

    What was over before it began (somebody registers late) is due from now on: no worker is behind with it.
    Whoever held a lease on it is fenced off: what was due has just been looked at."""
    state = "due" if due_at else "done"
    row: dict[str, object] = {
        "id": new_id(), "kind": "wake", "key": wake_key(instance_id), "instance_id": instance_id,
        "payload": {}, "state": state, "due_at": max(due_at or now, now), "attempts": 0, "fence": 0,
        "most_attempts": MOST_ATTEMPTS, "created_at": now, "finished_at": None if due_at else now,
    }  # fmt: skip
    statement = insert_for(session)(Job.__table__).values(row)
    fresh = {name: statement.excluded[name] for name in ("state", "due_at", "attempts", "finished_at")}
    free = {"lease_owner": None, "leased_until": None, "last_error": None, "fence": Job.fence + 1}
    session.execute(statement.on_conflict_do_update(index_elements=["key"], set_={**fresh, **free}))


def put_jobs(session: Session, jobs: Sequence[Mapping[str, object]], now: datetime) -> None:
    """Puts jobs down in one statement: each with `kind` and `payload`, and if need be `id`, `key`,
    `instance_id`, `due_at`, `most_attempts`. A key that is there already is left alone."""
    if not jobs:
        return
    usual: dict[str, object] = {
        "key": None, "instance_id": None, "state": "due", "due_at": now, "attempts": 0,
        "most_attempts": MOST_ATTEMPTS, "fence": 0, "created_at": now,
    }  # fmt: skip
    rows = [{"id": new_id(), **usual, **job} for job in jobs]
    statement = insert_for(session)(Job.__table__).on_conflict_do_nothing()
    session.connection().execute(statement, rows)


def lease(
    session: Session,
    owner: str,
    now: datetime,
    limit: int,
    duration: timedelta = LEASE,
    kinds: Collection[str] = (),
) -> list[Leased]:
    """Takes at most `limit` due jobs for `duration`; a job whose lease has ended is taken over. `kinds`: only
    jobs of these.

    Jobs that another worker is just taking are passed over, not waited for."""
    if not due_ids(session, now, 1, kinds):  # a look that takes no lock: most of the time nothing is due
        return []
    begin_write(session)
    ids = list(session.scalars(_due(now, limit, kinds).with_for_update(skip_locked=True)))
    if not ids:
        return []
    taken = {"lease_owner": owner, "leased_until": now + duration, "fence": Job.fence + 1}
    statement = update(Job).where(Job.id.in_(ids)).values(taken).returning(*LEASED)
    rows = session.execute(statement, execution_options={"synchronize_session": False})
    return sorted((Leased(*row) for row in rows), key=lambda leased: ids.index(leased.id))


def take_over(
    session: Session, job_id: str, fence: int, owner: str, now: datetime, duration: timedelta = LEASE
) -> Leased | None:
    """Takes a job that was leased under `fence` for somebody else to do; None if that lease is gone.

    It gets a new fence, so the same offer can be taken once."""
    offered = Job.id == job_id, Job.fence == fence, Job.state == "due"
    taken = {"lease_owner": owner, "leased_until": now + duration, "fence": Job.fence + 1}
    statement = update(Job).where(*offered).values(taken).returning(*LEASED)
    row = session.execute(statement, execution_options={"synchronize_session": False}).one_or_none()
    return Leased(*row) if row else None


def due_ids(session: Session, now: datetime, limit: int, kinds: Collection[str] = ()) -> list[str]:
    """The jobs that could be leased now, without taking them."""
    return list(session.scalars(_due(now, limit, kinds)))


def _due(now: datetime, limit: int, kinds: Collection[str]) -> Select[Any]:
    free = or_(Job.leased_until.is_(None), Job.leased_until <= now)
    chosen = select(Job.id).where(Job.state == "due", Job.due_at <= now, free)
    if kinds:
        chosen = chosen.where(Job.kind.in_(sorted(kinds)))
    return chosen.order_by(Job.due_at, Job.id).limit(limit)


def hurry(session: Session, *which: Any, now: datetime) -> None:
    """Makes jobs due now that were put off; leases stand. One that a worker is just doing is passed over, for
    he may wait for what the caller has locked."""
    put_off = select(Job.id).where(Job.state == "due", Job.due_at > now, *which)
    ids = list(session.scalars(put_off.with_for_update(skip_locked=True)))
    statement = update(Job).where(Job.id.in_(ids)).values(due_at=now)
    session.execute(statement, execution_options={"synchronize_session": False})


def holds(session: Session, leased: Leased) -> bool:
    """Whether the lease still stands: nobody else took or changed the job. Locks it until the end of the
    transaction."""
    mine = Job.id == leased.id, Job.fence == leased.fence, Job.state == "due"
    return session.scalar(select(Job.id).where(*mine).with_for_update()) is not None


def finish(session: Session, leased: Leased, now: datetime, *, forget: bool = False) -> bool:
    """Completes a job; False if it was taken over meanwhile: then nothing of its effect may be committed.
    `forget`: what it carried, addresses and secrets, is kept no longer than needed."""
    done: dict[str, object] = {
        "state": "done", "finished_at": now, "lease_owner": None, "leased_until": None,
        **({"payload": {}} if forget else {}),
    }  # fmt: skip
    return _change(session, leased, {**done, "last_error": None, "attempts": leased.attempts + 1})


def postpone(session: Session, leased: Leased, until: datetime) -> bool:
    """Gives a job back unfinished, to be done at `until`; no attempt is counted."""
    return _change(session, leased, {"due_at": until, "lease_owner": None, "leased_until": None})


def give_back(session: Session, leased: Leased) -> bool:
    """Gives a job back as it was, to whoever comes next."""
    return _change(session, leased, {"lease_owner": None, "leased_until": None})


def fail(session: Session, leased: Leased, cause: str, cause_zh: str, now: datetime) -> Incident | None:
    """Counts a failed attempt: again later, or an incident (which is returned) if that was the last one.

    Does nothing if somebody else has the job by now."""
    attempts, over = leased.attempts + 1, again_at(leased, now) is None
    changes: dict[str, object] = {
        "attempts": attempts, "last_error": cause, "lease_owner": None, "leased_until": None,
        "state": "failed" if over else "due", "due_at": now + delay(attempts),
    }  # fmt: skip
    if not _change(session, leased, changes) or not over:
        return None
    incident = Incident(
        id=new_id(), job_id=leased.id, kind=leased.kind, instance_id=leased.instance_id, opened_at=now,
        cause=cause, cause_zh=cause_zh, attempts=attempts,
    )  # fmt: skip
    session.add(incident)
    session.flush()
    return incident


def again_at(leased: Leased, now: datetime) -> datetime | None:
    """When a job that just failed is tried again; None: that was its last attempt."""
    attempts = leased.attempts + 1
    return None if attempts >= leased.most_attempts else now + delay(attempts)


def delay(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts."""
    return min(LONGEST_DELAY, FIRST_DELAY * float(4 ** min(attempts - 1, 20)))


def _change(session: Session, leased: Leased, changes: Mapping[str, object]) -> bool:
    mine = Job.id == leased.id, Job.fence == leased.fence, Job.state == "due"
    statement = update(Job).where(*mine).values({**changes, "fence": Job.fence + 1})
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]
