"""The scratch store: a private database in memory in which a draft is deployed as it would be published."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from engine import measures
from engine.commands.deployments import checked, keep_deployment
from engine.commands.trying.stand_ins import BEGAN, OBSERVER, settle_in
from engine.diagram.bundle import read_bundles
from engine.diagram.remembered import Remembered
from engine.storage import models
from engine.storage.ids import new_id
from engine.storage.session import create_database_engine

COPIED = (models.OrgGroup, models.CalendarDay, models.CalendarYear)
CAPACITY = 12  # stores remembered, about a megabyte each
# the stores made last, as SQLite writes them, and what their driven clocks show: a walk goes on where it was
STORES: Remembered[tuple[bytes, datetime]] = Remembered(CAPACITY)


def key_of(*facts: object) -> str:
    """One name for what a store was made of."""
    return hashlib.sha256(json.dumps(facts, default=str, sort_keys=True).encode()).hexdigest()


@contextmanager
def opened(content: bytes) -> Iterator[Engine]:
    """A store in memory as it was remembered; gone at the end, and counted nowhere."""
    database = create_database_engine("sqlite://")
    try:
        with measures.unseen():
            with database.connect() as connection:
                _driver(connection).deserialize(content)
            yield database
    finally:
        database.dispose()


def content_of(session: Session) -> bytes:
    """A store as SQLite writes it; everything in it must be committed."""
    written: bytes = _driver(session.connection()).serialize()
    session.rollback()
    return written


def restore(session: Session, content: bytes) -> None:
    """Makes a store again what it was; whatever was not committed is undone."""
    session.rollback()
    _driver(session.connection()).deserialize(content)
    session.rollback()
    session.expire_all()


def _driver(connection: Any) -> Any:
    return connection.connection.dbapi_connection


def furnished(
    session: Session, files: Mapping[str, bytes], *, published: bool = False, language: str = "zh"
) -> tuple[str, bytes]:
    """A store with these files deployed, the calendar and the groups of the real one and stand-ins for
    people, under its key.

    `published`: the files ran before and are not checked again. Raises BundleRefused."""
    copied = {table.__tablename__: _rows(session, table) for table in COPIED}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    key = key_of(digests, copied, published, language)
    known = STORES.get(key)
    if known is None:
        known = _furnish(files, copied, published, language), BEGAN
        STORES.keep(key, known)
    return key, known[0]


def _rows(session: Session, table: type[models.Base]) -> list[dict[str, object]]:
    rows = session.execute(select(table.__table__).order_by(*table.__table__.primary_key))
    return [dict(row) for row in rows.mappings()]


def _furnish(
    files: Mapping[str, bytes],
    copied: Mapping[str, list[dict[str, object]]],
    published: bool,
    language: str,
) -> bytes:
    bundles = read_bundles(files, ()) if published else checked(files)[0]
    database = create_database_engine("sqlite://")
    try:
        with measures.unseen(), Session(database) as store:
            models.Base.metadata.create_all(database)
            for table in COPIED:
                if copied[table.__tablename__]:
                    store.execute(insert(table), copied[table.__tablename__])
            record = models.Deployment(id=new_id(), at=BEGAN, by=OBSERVER, reason=OBSERVER)
            keep_deployment(store, record, files, bundles)
            store.execute(update(models.ProcessDefinition).values(startable=True))
            settle_in(store, language)
            store.commit()
            return content_of(store)
    finally:
        database.dispose()
