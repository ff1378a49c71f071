"""The scenarios of a process, read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from engine.errors import ScenarioNotFound
from engine.queries.access import check_definition_reader
from engine.queries.paging import count, order_by
from engine.queries.views import Actor, Page
from engine.storage.models import DefinitionScenario, Person

_creator, _editor = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class ScenarioRow:
    """A scenario in a list: how many steps it has, what must come of it (see `Expectation`)."""

    id: str
    process_id: str
    name: str
    steps: int
    expected: Mapping[str, Any]
    revision: int
    created_at: datetime
    created_by_name: str
    updated_at: datetime
    updated_by_name: str


def list_scenarios(
    session: Session, process_id: str, actor: Actor, *, cursor: str | None = None, limit: int = 25
) -> Page[ScenarioRow]:
    """One page of the scenarios of a process, by name. Raises NotAllowed."""
    check_definition_reader(actor)
    order = order_by(DefinitionScenario.name, DefinitionScenario.id, False, cursor, limit)
    statement = _rows().where(*alive(process_id))
    rows = session.execute(order.apply(statement)).all()
    kept, following, preceding = order.cut(rows, lambda row: (row[0].name, row[0].id))
    total = count(session, statement.with_only_columns(DefinitionScenario.id))
    return Page([_row(row) for row in kept], following, preceding, *total)


def get_scenario(session: Session, scenario_id: str, actor: Actor) -> ScenarioRow:
    """One scenario. Raises NotAllowed, ScenarioNotFound."""
    check_definition_reader(actor)
    this = DefinitionScenario.id == scenario_id, DefinitionScenario.deleted_at.is_(None)
    found = session.execute(_rows().where(*this)).one_or_none()
    if found is None:
        raise ScenarioNotFound(scenario_id)
    return _row(found)


def all_scenarios(session: Session, process_id: str) -> Sequence[DefinitionScenario]:
    """Every scenario of a process, by name."""
    ordered = select(DefinitionScenario).where(*alive(process_id)).order_by(DefinitionScenario.name)
    return session.scalars(ordered).all()


def alive(process_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The condition that a scenario of a process has not been deleted."""
    return DefinitionScenario.process_id == process_id, DefinitionScenario.deleted_at.is_(None)


def _rows() -> Any:
    names = (
        func.coalesce(_creator.name, DefinitionScenario.created_by),
        func.coalesce(_editor.name, DefinitionScenario.updated_by),
    )
    return (
        select(DefinitionScenario, *names)
        .outerjoin(_creator, _creator.id == DefinitionScenario.created_by)
        .outerjoin(_editor, _editor.id == DefinitionScenario.updated_by)
    )


def _row(row: Any) -> ScenarioRow:
    kept, creator, editor = row
    return ScenarioRow(
        kept.id, kept.process_id, kept.name, len(kept.steps), kept.expected, kept.revision, kept.created_at,
        creator, kept.updated_at, editor,
    )  # fmt: skip
