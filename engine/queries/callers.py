"""Which processes run inside which others: their cases are the caller's."""

from collections.abc import Mapping, Set

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.queries.bundles import bundle_of
from engine.queries.views import Text
from engine.storage.models import ProcessDefinition


def callers(session: Session) -> dict[str, Mapping[str, Text]]:
    """By process: the deployed processes, id → name, whose latest version calls it, directly or through
    others; of those only the outermost, in whose cases it runs."""
    latest = select(ProcessDefinition).where(ProcessDefinition.latest.is_(True))
    rows = list(session.scalars(latest.order_by(ProcessDefinition.name, ProcessDefinition.process_id)))
    inside = {row.process_id: bundle_of(session, row.bundle_hash).processes.keys() for row in rows}
    names = {row.process_id: Text(row.name, row.name_en) for row in rows}
    called = {process: _calling(process, inside) for process in inside}
    return {
        process: {one: names[one] for one in by if not called[one] or process in called[one]}
        for process, by in called.items()
        if by
    }


def _calling(process_id: str, inside: Mapping[str, Set[str]]) -> list[str]:
    return [one for one, processes in inside.items() if one != process_id and process_id in processes]
