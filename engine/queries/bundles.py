"""Compiled bundles by hash. A bundle never changes, so every thread shares the one compiled first."""

import threading

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle, compile_bundle
from engine.diagram.element import Element
from engine.errors import ProcessNotFound
from engine.storage import models

KEPT = 128
_compiled: dict[str, Bundle] = {}
_lock = threading.Lock()


def bundle_of(session: Session, bundle_hash: str) -> Bundle:
    """The bundle with that hash, from memory or compiled from the stored sources."""
    with _lock:
        found = _compiled.get(bundle_hash)
    return found or remember(_load(session, bundle_hash))


def remember(bundle: Bundle) -> Bundle:
    """Keeps a compiled bundle; the oldest goes when there are too many."""
    with _lock:
        while len(_compiled) >= KEPT:
            _compiled.pop(next(iter(_compiled)))
        return _compiled.setdefault(bundle.hash, bundle)


def _load(session: Session, bundle_hash: str) -> Bundle:
    statement = (
        select(models.Bundle.process_id, models.BundleSource.name, models.Source.content)
        .join(models.BundleSource, models.BundleSource.bundle_hash == models.Bundle.hash)
        .join(models.Source, models.Source.hash == models.BundleSource.source_hash)
        .where(models.Bundle.hash == bundle_hash)
    )
    rows = session.execute(statement).all()
    if not rows:
        raise ProcessNotFound(bundle_hash)
    return compile_bundle({row.name: row.content for row in rows}, rows[0].process_id)


def start_element(bundle: Bundle) -> Element:
    """The start event of a bundle's process, which carries its start form."""
    here = (e for e in bundle.elements.values() if e.process_id == bundle.process_id)
    return next(e for e in here if e.kind == "startEvent")


def latest_definition(session: Session, process_id: str) -> models.ProcessDefinition:
    """The version of a process that starts now. Raises ProcessNotFound."""
    statement = select(models.ProcessDefinition).where(
        models.ProcessDefinition.process_id == process_id, models.ProcessDefinition.latest.is_(True)
    )
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise ProcessNotFound(process_id)
    return found
