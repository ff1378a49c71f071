"""Our side: the public verbs on a SQLite file, one session and one commit a step, everything recorded."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy.orm import Session

import engine
from tests.bench.measure import milliseconds
from tests.drive import PASSWORD, Clock, actor, sign_up


class OurSide:
    """A database of our own in which cases of process `p` are driven by customer service."""

    def __init__(self, file: Path, regulation: Mapping[str, bytes], person: str = "cs") -> None:
        self.database = engine.create_database_engine(f"sqlite:///{file}")
        engine.migrate(self.database)
        self.now = Clock().now
        with closing(Session(self.database)) as session:
            sign_up(session)
            with engine.transaction(session):
                engine.deploy(session, regulation, "owner", "bench", now=self.now)
            self.person = actor(session, person)

    def start(self, **values: object) -> str:
        """Starts a case; the id of its first task."""
        with Session(self.database) as session:
            with engine.transaction(session):
                opening = {"gist": "阀门渗漏", **values}
                started = engine.start_instance(session, "p", self.person, opening, now=self.now)
            case = engine.get_instance(session, started.instance_id, self.person, now=self.now)
            return case.tasks[0].id

    def complete(self, task_id: str, values: Mapping[str, object]) -> engine.Completed:
        """What is measured: one completion, from a new session to the commit."""
        with Session(self.database) as session, engine.transaction(session):
            return engine.complete_task(
                session, task_id, self.person, values, password=PASSWORD, now=self.now
            )

    def close(self) -> None:
        """Lets the file go."""
        self.database.dispose()


class OurCase:
    """A case with one open task at a time."""

    def __init__(self, side: OurSide) -> None:
        self.side = side
        self.task = side.start()

    def step(self, values: Mapping[str, object]) -> float:
        """Completes the open task; milliseconds."""
        opened: list[engine.Completed] = []
        took = milliseconds(lambda: opened.append(self.side.complete(self.task, values)))
        self.task = opened[0].opened[0] if opened[0].opened else ""
        return took
