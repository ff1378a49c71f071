"""A company of its own for each process test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import engine
from tests.bpmn.case import Case
from tests.databases import Databases


@pytest.fixture
def company(databases: Databases) -> Iterator[Session]:
    """A session on a fresh copy of the furnished company."""
    with databases.copy("furnished") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session:
            yield session
        database.dispose()


@pytest.fixture
def case(company: Session, tmp_path: Path) -> Callable[..., Case]:
    """Opens a complaint: `case(by="wang.fang", **values)`."""
    return lambda by="wang.fang", **values: Case(company, tmp_path / "files", by, **values)
