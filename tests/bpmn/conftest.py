"""A company of its own for each process test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import engine
from tests.bpmn.case import Case


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
