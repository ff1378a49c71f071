"""After the soak: everything acknowledged is there once, and nothing is broken or stuck."""

from collections.abc import Iterator

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from engine.storage.models import Incident, Job, Message, ProcessInstance, Submission, UserTask
from tests.crash.reconcile import chains, completions, numbers, steps_once
from tests.soak.people import Heard


def faults(database: Engine, heard: Heard) -> list[str]:
    """Every sentence that does not hold."""
    with Session(database) as session:
        return [
            *_starts(session, heard), *completions(session, heard.completed), *steps_once(session),
            *numbers(session), *chains(session), *_broken(session),
        ]  # fmt: skip


def counts(database: Engine) -> dict[str, int]:
    """How much there is."""
    with Session(database) as session:
        def many(model: type, *rules: object) -> int:
            return session.scalar(select(func.count()).select_from(model).where(*rules)) or 0

        return {
            "cases": many(ProcessInstance),
            "closed": many(ProcessInstance, ProcessInstance.state == "completed"),
            "tasks": many(UserTask),
            "submissions": many(Submission),
            "jobs": many(Job, Job.state == "done"),
        }


def _starts(session: Session, heard: Heard) -> Iterator[str]:
    there = {f"/instances/{key}" for key in session.scalars(select(ProcessInstance.id))}
    yield from (f"start lost: {address}" for address in heard.started - there)


def _broken(session: Session) -> Iterator[str]:
    for model, wrong in ((Incident, Incident.id.is_not(None)), (Message, Message.state == "dead"),
                         (Job, Job.state == "failed")):  # fmt: skip
        number = session.scalar(select(func.count()).select_from(model).where(wrong))
        if number:
            yield f"{number} rows: {wrong}"
