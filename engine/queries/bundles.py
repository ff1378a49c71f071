"""Bundles of this database, compiled; and which version of a process starts now."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram import bundle_cache
from engine.diagram.bundle import Bundle
from engine.errors import ProcessNotFound
from engine.storage import models


def bundle_of(session: Session, bundle_hash: str) -> Bundle:
    """The bundle with that hash, from memory or compiled from the stored sources.

    Raises BundleChanged if what is stored is no longer what the hash was taken of."""
    return bundle_cache.bundle_of(bundle_hash, lambda: stored_sources(session, bundle_hash))


MOVED = "instance_migrated"  # the kind of the history event that tells of it
BundleAt = Callable[[int], Bundle]


def moves_of(session: Session, instance_id: str) -> Sequence[models.HistoryEvent]:
    """The events that tell of a case's migrations, oldest first."""
    table = models.HistoryEvent
    told = select(table).where(table.instance_id == instance_id, table.kind == MOVED).order_by(table.seq)
    return list(session.scalars(told))


def bundles_over(session: Session, now_runs: Bundle, moves: Sequence[models.HistoryEvent]) -> BundleAt:
    """Which bundle a case ran when an event of its history happened, by the event's `seq`: names and forms
    are shown as they were then.

    `now_runs`: what it runs now; `moves`: as from `moves_of`."""
    before = [(move.seq, _left(move)) for move in moves]

    def at(seq: int) -> Bundle:
        left = next((left for moved, left in before if seq <= moved), None)
        return now_runs if left is None else bundle_of(session, left)

    return at


def bundle_when(
    session: Session, now_runs: Bundle, moves: Sequence[models.HistoryEvent], when: datetime | None
) -> Bundle:
    """Which bundle a case ran at a time, None meaning now."""
    left = next((_left(move) for move in moves if when and when <= move.at), None)
    return now_runs if left is None else bundle_of(session, left)


def bundle_left(session: Session, move: models.HistoryEvent) -> Bundle:
    """What a case ran before a move."""
    return bundle_of(session, _left(move))


def _left(move: models.HistoryEvent) -> str:
    return str((move.data or {})["from_bundle"])


def latest_definition(session: Session, process_id: str) -> models.ProcessDefinition:
    """The version of a process that starts now. Raises ProcessNotFound."""
    table = models.ProcessDefinition
    statement = select(table).where(table.process_id == process_id, table.latest.is_(True))
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise ProcessNotFound(process_id)
    return found


def stored_sources(session: Session, bundle_hash: str) -> tuple[str, Mapping[str, bytes]]:
    """The process id and the files of a bundle, as kept at its deployment. Raises ProcessNotFound."""
    statement = (
        select(models.Bundle.process_id, models.BundleSource.name, models.Source.content)
        .join(models.BundleSource, models.BundleSource.bundle_hash == models.Bundle.hash)
        .join(models.Source, models.Source.hash == models.BundleSource.source_hash)
        .where(models.Bundle.hash == bundle_hash)
    )
    rows = session.execute(statement).all()
    if not rows:
        raise ProcessNotFound(bundle_hash)
    return rows[0].process_id, {row.name: row.content for row in rows}


def latest_hashes(session: Session) -> list[str]:
    """The hash of the bundle of every process as it starts now, the newest deployment first."""
    table = models.ProcessDefinition
    statement = (
        select(table.bundle_hash)
        .join(models.Deployment, models.Deployment.id == table.deployment_id)
        .where(table.latest.is_(True))
        .order_by(models.Deployment.at.desc(), table.process_id)
    )
    return list(session.scalars(statement))
