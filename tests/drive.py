"""The vocabulary of process tests: deploy, start, complete, what is open, how it ended."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

import engine
from engine.records.passwords import hash_password
from engine.storage.models import Base, OrgGroup, Person, PersonGroup

PASSWORD = "correct horse battery"
PEOPLE = {
    "staff": ("staff",),
    "staff2": ("staff",),
    "cs": ("cs",),
    "cs2": ("cs",),
    "cs_lead": ("cs_lead",),
    "sales": ("sales",),
    "qa": ("qa",),
    "qa2": ("qa",),
    "qa_lead": ("qa_lead",),
    "dept": ("dept",),
    "vp": ("vp",),
    "gm": ("gm",),
    "compliance": ("compliance",),
    "owner": ("owner",),
    "it": ("it",),
    "admin": ("admin",),
}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)

    def advance(self, **time: float) -> datetime:
        """Moves on: `advance(hours=2)`."""
        self.now += timedelta(**time)
        return self.now


def contents(session: Session) -> dict[str, list[object]]:
    """Every row of every table: equal before and after, if a refusal left nothing behind."""
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
    }


@cache
def _secret() -> str:
    """One slow hash for all test people."""
    return hash_password("", PASSWORD)


def sign_up(session: Session) -> None:
    """Groups and people, a person's user name being the group's (`qa`, and `qa2` for four eyes)."""
    at = Clock().now
    groups = sorted({group for groups in PEOPLE.values() for group in groups})
    session.execute(insert(OrgGroup), [{"id": g, "name": f"{g} 组"} for g in groups])
    known = {"password_hash": _secret(), "created_at": at, "created_by": "test", "password_changed_at": at}
    session.execute(insert(Person), [{"id": p, "name": f"{p} 先生", **known} for p in PEOPLE])
    members = [
        {"person_id": p, "group_id": g} for p, groups in PEOPLE.items() for g in groups if g != "staff"
    ]
    session.execute(insert(PersonGroup), members)
    session.commit()


def actor(session: Session, person_id: str) -> engine.Actor:
    """A person as the verbs want them."""
    found = engine.get_actor(session, person_id)
    assert found, person_id
    return found


@dataclass
class House:
    """A session, a clock and a folder for files: where cases are driven."""

    session: Session
    clock: Clock
    folder: Path

    def deploy(self, files: Mapping[str, bytes], reason: str = "test") -> "House":
        """Deploys files; refused ones raise."""
        with engine.transaction(self.session):
            engine.deploy(self.session, files, "owner", reason, now=self.clock.now)
        return self

    def actor(self, person_id: str) -> engine.Actor:
        """A person as the verbs want them."""
        return actor(self.session, person_id)

    def start(self, process_id: str, as_: str = "staff", **values: object) -> "Case":
        """Starts a case."""
        with engine.transaction(self.session):
            started = engine.start_instance(
                self.session, process_id, self.actor(as_), values, now=self.clock.now
            )
        return Case(self, started.instance_id, started.business_key)

    def attach(self, as_: str, name: str = "照片.png", content: bytes = PNG) -> str:
        """Keeps a file and returns its id."""
        with engine.transaction(self.session):
            stream = io.BytesIO(content)
            kept = engine.add_attachment(
                self.session, self.actor(as_), self.folder, name, stream, now=self.clock.now
            )
        return kept.id


@dataclass
class Case:
    """A case being driven. Every step commits, as on the pages."""

    house: House
    id: str
    business_key: str

    def view(self, as_: str = "compliance") -> engine.InstanceView:
        """The case page."""
        return engine.get_instance(
            self.house.session, self.id, self.house.actor(as_), now=self.house.clock.now
        )

    def open_tasks(self) -> list[str]:
        """The elements at which the case waits for people, sorted."""
        return sorted(task.element_id for task in self._open())

    def _open(self) -> list[engine.TaskRow]:
        return engine.list_case_tasks(self.house.session, self.id, self.house.actor("compliance"))

    @property
    def ended_at(self) -> str | None:
        """The name of the end event, None while the case runs."""
        outcome = self.view().outcome
        return outcome.zh if outcome else None

    def task(self, element_id: str, number: int = 0) -> engine.TaskRow:
        """The open task of an element (the `number`th, oldest first)."""
        found = [task for task in self._open() if task.element_id == element_id]
        assert len(found) > number, f"{element_id} is not open, but {self.open_tasks()}"
        return found[number]

    def page(self, element_id: str, as_: str) -> engine.TaskView:
        """The task page of an open element."""
        task = self.task(element_id)
        return engine.get_task(self.house.session, task.id, self.house.actor(as_), now=self.house.clock.now)

    def complete(self, element_id: str, as_: str, number: int = 0, **values: object) -> engine.Completed:
        """Completes an open task as its page would: shown values, overridden by `values`; signs if asked."""
        session, who, now = self.house.session, self.house.actor(as_), self.house.clock.now
        page = engine.get_task(session, self.task(element_id, number).id, who, now=now)
        shown = {name: value for name, value in page.values.items() if value not in (None, "", [])}
        with engine.transaction(session):
            return engine.complete_task(
                session,
                page.row.id,
                who,
                {**shown, **values},
                revision=page.revision,
                password=PASSWORD,
                now=now,
            )
