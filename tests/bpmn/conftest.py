"""A furnished company for the process tests: bpmn/ deployed, the demo people signed up, no case yet."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import engine
from tests.bpmn.case import MONDAY, Case
from web.demo.people import COLLEAGUES, PASSWORD

BPMN = Path(__file__).parents[2] / "bpmn"


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with processes and people, made once a worker and copied for each test."""
    path = tmp_path_factory.mktemp("company") / "furnished.sqlite"
    database = engine.create_database_engine(f"sqlite:///{path}")
    engine.migrate(database)
    files = {
        str(file.relative_to(BPMN)): file.read_bytes()
        for file in BPMN.rglob("*")
        if file.suffix in (".bpmn", ".dmn", ".form", ".csv")
    }
    with Session(database) as session, engine.transaction(session):
        engine.deploy(session, files, "jiang.bo", "首次发布", now=MONDAY)
        for colleague in COLLEAGUES:
            who = (colleague.person_id, colleague.name, PASSWORD, colleague.groups)
            engine.create_person(session, *who, by="test", now=MONDAY)
    database.dispose()
    return path


@pytest.fixture
def company(furnished: Path, tmp_path: Path) -> Iterator[Session]:
    """A session on a fresh copy of the furnished company."""
    path = tmp_path / "company.sqlite"
    shutil.copy(furnished, path)
    database = engine.create_database_engine(f"sqlite:///{path}")
    with Session(database) as session:
        yield session
    database.dispose()


@pytest.fixture
def case(company: Session, tmp_path: Path) -> Callable[..., Case]:
    """Opens a complaint: `case(by="wang.fang", **values)`."""
    return lambda by="wang.fang", **values: Case(company, tmp_path / "files", by, **values)
