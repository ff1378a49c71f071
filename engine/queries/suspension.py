"""Which version of a process is held, and who held and released it, when and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import ProcessNotFound
from engine.storage.models import DefinitionChange, ProcessDefinition


@dataclass(frozen=True)
class DefinitionChangeView:
    """A version was `suspended` or `activated`: when, by whom, why."""

    kind: str
    at: datetime
    by_name: str
    reason: str


def changes_of(session: Session, definition: ProcessDefinition) -> tuple[DefinitionChangeView, ...]:
    """How often it was suspended and activated, the latest first."""
    of_this = select(DefinitionChange).where(DefinitionChange.definition_id == definition.id)
    rows = session.scalars(of_this.order_by(DefinitionChange.at.desc(), DefinitionChange.id))
    return tuple(DefinitionChangeView(row.kind, row.at, row.by_name, row.reason) for row in rows)


def find_definition(
    session: Session, id: str | None, process_id: str | None, *, locked: bool = False
) -> ProcessDefinition:
    """A version by its id, or the latest of a process. Raises ProcessNotFound."""
    by_id, latest = ProcessDefinition.id == id, ProcessDefinition.latest.is_(True)
    fitting = [by_id] if id is not None else [ProcessDefinition.process_id == process_id, latest]
    statement = select(ProcessDefinition).where(*fitting).execution_options(populate_existing=True)
    found = session.scalars(statement.with_for_update() if locked else statement).one_or_none()
    if found is None:
        raise ProcessNotFound(id if id is not None else process_id)
    return found
