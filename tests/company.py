"""A furnished company: bpmn/ deployed and the demo people signed up, no case yet."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

import engine
from engine.records.passwords import hash_password
from engine.storage.models import Person, PersonGroup
from web.demo.people import COLLEAGUES, PASSWORD

BPMN = Path(__file__).parents[1] / "bpmn"
MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


def furnish(url: str) -> None:
    """Makes the bare database at `url` a company that is ready for its first case."""
    database = engine.create_database_engine(url)
    engine.migrate(database)
    files = {
        str(file.relative_to(BPMN)): file.read_bytes()
        for file in BPMN.rglob("*")
        if file.suffix in (".bpmn", ".dmn", ".form", ".csv")
    }
    with Session(database) as session, engine.transaction(session):
        engine.deploy(session, files, "jiang.bo", "首次发布", now=MONDAY)
        _sign_up(session)
    database.dispose()


def _sign_up(session: Session) -> None:
    """Everybody at once, with one slow hash: they share the demo password."""
    known = {"password_hash": hash_password("", PASSWORD), "created_by": "test"}
    times = {"created_at": MONDAY, "password_changed_at": MONDAY}
    people = [{"id": c.person_id, "name": c.name, **known, **times} for c in COLLEAGUES]
    session.execute(insert(Person), people)
    members = [
        {"person_id": c.person_id, "group_id": group}
        for c in COLLEAGUES
        for group in sorted(c.groups - {"staff"})
    ]
    session.execute(insert(PersonGroup), members)
