"""The vocabulary of the tests of real clients: an office that is served, its cases, how clients sign in."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from camunda.client.engine_client import EngineClient
from requests.auth import HTTPBasicAuth
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine
from engine.storage.models import Incident, Job, ProcessInstance
from tests.databases import Databases
from tests.drive import PASSWORD, Clock, House, sign_up
from tests.web.serving import Office, served

REST = "/engine-rest"
PATIENCE = 60.0  # seconds


@contextmanager
def office_with(databases: Databases, files: Path, diagrams: Mapping[str, bytes]) -> Iterator[Office]:
    """The people of `tests.drive.PEOPLE` and these processes, served until the block ends."""
    with databases.copy("empty") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session:
            sign_up(session)
            House(session, Clock(), files).deploy(diagrams)
        database.dispose()
        with served(url, files) as office:
            yield office


def signed(person: str) -> dict[str, object]:
    """How the Python client for external tasks signs in; it waits for nothing."""
    times = {"asyncResponseTimeout": 0, "lockDuration": 60_000, "retryTimeout": 0}
    return {"auth_basic": {"username": person, "password": PASSWORD}, **times}


def as_person(person: str) -> requests.Session:
    """How pycamunda signs in."""
    session = requests.Session()
    session.auth = HTTPBasicAuth(person, PASSWORD)
    return session


def sent(request: Any, person: str) -> Any:
    """What pycamunda gets for a request of somebody's."""
    request.session = as_person(person)
    return request()


def start(office: Office, process: str = "p") -> str:
    """The id of a new case."""
    client = EngineClient(office.url + REST, signed("staff"))
    return str(client.start_process(process, {"gist": "漏油"})["id"])


def work_off(office: Office) -> None:
    """What a worker of ours does while clients wait. The server has one, too: what that took, it has done."""
    database = engine.create_database_engine(office.database)
    engine.run_due(database)
    give_up = time.monotonic() + PATIENCE
    leased = select(Job.id).where(Job.state == "due", Job.leased_until.is_not(None)).limit(1)
    with database.connect() as connection:
        while connection.scalar(leased):
            assert time.monotonic() < give_up, "a job was leased and never done"
            connection.rollback()
            time.sleep(0.05)
    database.dispose()


def state(office: Office, case: str) -> tuple[str, str | None]:
    """Whether a case runs, and how it ended."""
    database = engine.create_database_engine(office.database)
    with Session(database) as session:
        found = session.get_one(ProcessInstance, case)
        answer = found.state, found.outcome
    database.dispose()
    return answer


def incidents(office: Office, case: str) -> list[tuple[str, str]]:
    """Kind and cause of the incidents of a case."""
    database = engine.create_database_engine(office.database)
    with Session(database) as session:
        found = session.scalars(select(Incident).where(Incident.instance_id == case))
        answer = [(one.kind, one.cause) for one in found]
    database.dispose()
    return answer
