"""The rows of running instances: read, written. What they mean is not known here."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from engine.storage.cases import EngineTask
from engine.storage.prepared import Prepared
from engine.storage.session import insert_of

ROW_COLUMNS = tuple(c.name for c in EngineTask.__table__.columns if c.name != "instance_id")
FINAL = frozenset({"id", "instance_id", "scope", "parent"})  # never rewritten once there
_engine_task: Any = EngineTask.__table__

_LIVE_ROWS = Prepared(
    lambda _: (
        select(*(_engine_task.c[name] for name in ROW_COLUMNS))
        .where(_engine_task.c.instance_id == bindparam("instance"), _engine_task.c.live.is_(True))
        .order_by(_engine_task.c.seq)
    )
)


def live_rows(session: Session, instance_id: str) -> list[dict[str, object]]:
    """The engine tasks that the next step can look at, in order."""
    return [
        dict(zip(ROW_COLUMNS, row, strict=True)) for row in _LIVE_ROWS.read(session, instance=instance_id)
    ]


def save_rows(session: Session, instance_id: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Writes the engine tasks that a step changed, in one statement.

    A None in `data` or `internal` means "as it was"."""
    if rows:
        _SAVE_ROWS.write(session, [{"instance_id": instance_id, **row} for row in rows])


def _save_statement(dialect: str) -> Any:
    statement = insert_of(dialect)(_engine_task)
    changes = {name: statement.excluded[name] for name in ROW_COLUMNS if name not in FINAL}
    for name in ("data", "internal"):
        changes[name] = func.coalesce(statement.excluded[name], _engine_task.c[name])
    return statement.on_conflict_do_update(index_elements=["id"], set_=changes)


_SAVE_ROWS = Prepared(_save_statement, (*ROW_COLUMNS, "instance_id"))
