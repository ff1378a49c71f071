"""What waits to be done and what has failed for good, for programs: jobs and open incidents, page by page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from engine.errors import IncidentNotFound, JobNotFound
from engine.queries.access import may_see_one
from engine.queries.operations import check_reader
from engine.queries.sorting import Order, ordered
from engine.queries.views import Actor, Text
from engine.storage.models import ExternalTask, Incident, Job, ProcessInstance


@dataclass(frozen=True)
class OpenIncident:
    """A job that failed for good, and nobody has dealt with it. `process_id`, `definition_id`: of its case;
    `instance_id` is None where there is no case or the reader may not see it; `element_id`, `task_id`: of the
    service task of a program."""

    id: str
    job_id: str
    kind: str
    cause: Text
    opened_at: datetime
    process_id: str | None
    definition_id: str | None
    instance_id: str | None
    element_id: str | None
    task_id: str | None


@dataclass(frozen=True)
class JobView:
    """A job that is due some time, or has failed for good (`retries` 0). The case as in OpenIncident."""

    id: str
    kind: str
    retries: int
    due_at: datetime
    created_at: datetime
    last_error: str | None
    suspended: bool
    process_id: str | None
    definition_id: str | None
    instance_id: str | None
    element_id: str | None


LEFT = case((Job.state == "failed", 0), else_=Job.most_attempts - Job.attempts)
CASE = {
    "instance_id": ProcessInstance.id,
    "process_id": ProcessInstance.process_id,
    "definition_id": ProcessInstance.definition_id,
}
INCIDENT = {
    "id": Incident.id, "job_id": Incident.job_id, "kind": Incident.kind, "cause": Incident.cause,
    "opened": Incident.opened_at, **CASE,
}  # fmt: skip
JOB = {"id": Job.id, "kind": Job.kind, "retries": LEFT, "due": Job.due_at, **CASE}


def find_incidents(
    session: Session,
    actor: Actor,
    wanted: Mapping[str, object],
    first: int = 0,
    limit: int = 200,
    order: Order | None = None,
) -> list[OpenIncident]:
    """Open incidents, the oldest first, those that fit every one of `wanted`: id, job_id, kind, process_id,
    definition_id, instance_id, element_id; `message`: the cause in either language; `external` (a bool): of
    the tasks of programs, or of all other jobs. Raises NotAllowed."""
    statement = ordered(_incidents(actor, wanted), INCIDENT, order, Incident.opened_at, Incident.id)
    rows = session.execute(statement.offset(first).limit(limit)).all()
    elements = _elements(session, (row.payload for row in rows))
    return [_incident(row, elements) for row in rows]


def count_incidents(session: Session, actor: Actor, wanted: Mapping[str, object]) -> int:
    """How many there are. Raises NotAllowed."""
    return session.scalar(_incidents(actor, wanted).with_only_columns(func.count(Incident.id))) or 0


def get_incident(session: Session, incident_id: str, actor: Actor) -> OpenIncident:
    """An open incident. Raises NotAllowed, IncidentNotFound."""
    found = find_incidents(session, actor, {"id": incident_id}, limit=1)
    if not found:
        raise IncidentNotFound(incident_id)
    return found[0]


def find_jobs(
    session: Session,
    actor: Actor,
    wanted: Mapping[str, object],
    first: int = 0,
    limit: int = 200,
    order: Order | None = None,
) -> list[JobView]:
    """Jobs that are due some time or have failed for good, by when they are due, those that fit every one of
    `wanted`: id, kind, process_id, definition_id, instance_id, element_id; and (bools) `failing`: with an
    error, `exhausted`: for good, `suspended`: of a suspended case. Raises NotAllowed."""
    statement = ordered(_jobs(actor, wanted), JOB, order, Job.due_at, Job.id)
    rows = session.execute(statement.offset(first).limit(limit)).all()
    elements = _elements(session, (row.Job.payload for row in rows))
    return [_job(row, elements) for row in rows]


def count_jobs(session: Session, actor: Actor, wanted: Mapping[str, object]) -> int:
    """How many there are. Raises NotAllowed."""
    return session.scalar(_jobs(actor, wanted).with_only_columns(func.count(Job.id))) or 0


def get_job(session: Session, job_id: str, actor: Actor) -> JobView:
    """One of them. Raises NotAllowed, JobNotFound."""
    found = find_jobs(session, actor, {"id": job_id}, limit=1)
    if not found:
        raise JobNotFound(job_id)
    return found[0]


def _incidents(actor: Actor, wanted: Mapping[str, object]) -> Select[Any]:
    check_reader(actor)
    facts = [Incident.resolved_at.is_(None), *_facts(actor, wanted, INCIDENT)]
    if "message" in wanted:
        facts.append(or_(Incident.cause == wanted["message"], Incident.cause_zh == wanted["message"]))
    if "external" in wanted:
        external = Incident.kind == "external"
        facts.append(external if wanted["external"] else ~external)
    statement: Select[Any] = select(Incident, Job.payload, *_case_columns(actor))
    joined = statement.join(Job, Job.id == Incident.job_id)
    return joined.outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id).where(*facts)


def _jobs(actor: Actor, wanted: Mapping[str, object]) -> Select[Any]:
    check_reader(actor)
    conditions = {
        "failing": Job.last_error.is_not(None) | (Job.state == "failed"),
        "exhausted": LEFT == 0,
        "suspended": func.coalesce(ProcessInstance.suspended, False).is_(True),
    }
    facts = [Job.state.in_(("due", "failed")), *_facts(actor, wanted, JOB)]
    facts += [conditions[n] if wanted[n] else ~conditions[n] for n in conditions if n in wanted]
    columns = LEFT.label("retries"), ProcessInstance.suspended
    statement: Select[Any] = select(Job, *columns, *_case_columns(actor))
    return statement.outerjoin(ProcessInstance, ProcessInstance.id == Job.instance_id).where(*facts)


def _case_columns(actor: Actor) -> list[Any]:
    seen = and_(ProcessInstance.id.is_not(None), may_see_one(actor, ProcessInstance.id)).label("seen")
    return [ProcessInstance.process_id, ProcessInstance.definition_id, seen]


def _facts(actor: Actor, wanted: Mapping[str, object], columns: Mapping[str, Any]) -> list[Any]:
    """Who asks for one case must be allowed to see it: else the answer would tell what goes on in it."""
    asked = [columns[name] == value for name, value in wanted.items() if name in columns]
    if "element_id" in wanted:
        at = ExternalTask.element_id == wanted["element_id"]
        asked.append(Job.payload["task"].as_string().in_(select(ExternalTask.id).where(at)))
    return [*asked, may_see_one(actor, ProcessInstance.id)] if "instance_id" in wanted else asked


def _elements(session: Session, payloads: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Where the service tasks of programs stand, by task."""
    tasks = {str(payload["task"]) for payload in payloads if "task" in payload}
    known = select(ExternalTask.id, ExternalTask.element_id).where(ExternalTask.id.in_(tasks))
    return {row.id: row.element_id for row in session.execute(known)} if tasks else {}


def _incident(row: Any, elements: Mapping[str, str]) -> OpenIncident:
    found, task = row.Incident, row.payload.get("task")
    return OpenIncident(
        found.id, found.job_id, found.kind, Text(found.cause_zh, found.cause), found.opened_at,
        row.process_id, row.definition_id, found.instance_id if row.seen else None,
        elements.get(str(task)), str(task) if task else None,
    )  # fmt: skip


def _job(row: Any, elements: Mapping[str, str]) -> JobView:
    job = row.Job
    return JobView(
        job.id, job.kind, max(0, row.retries), job.due_at, job.created_at, job.last_error,
        bool(row.suspended), row.process_id, row.definition_id, job.instance_id if row.seen else None,
        elements.get(str(job.payload.get("task"))),
    )  # fmt: skip
