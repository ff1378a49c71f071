"""Every route and verb as every role, against a table that is written down."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.access import ROLES, Company, company

TABLE = Path(__file__).parent / "access_table.csv"
with TABLE.open(encoding="utf-8", newline="") as written:
    ROWS = list(csv.DictReader(written))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The company; the table is about the application, the database makes no difference."""
    made = company(tmp_path_factory.mktemp("access") / "files")
    yield made
    made.database.dispose()


def test_every_route_and_verb_stands_in_the_table_and_nothing_else(here: Company) -> None:
    assert {(row["route"], row["verb"]) for row in ROWS} == here.verbs()
    assert len(ROWS) == len(here.verbs())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['verb']} {row['route']}")
def test_every_role_is_answered_as_the_table_says(here: Company, row: dict[str, str]) -> None:
    """Each cell is `allowed`, `401`, `403`, `404` (what he may not see is not there) or `sign-in`."""
    answers = {role: here.asks(role, row["route"], row["verb"]) for role in ROLES}
    assert answers == {role: row[role] for role in ROLES}


def test_nobody_reaches_more_than_signing_in_and_what_monitors_read() -> None:
    opened = {row["route"] for row in ROWS if row["anonymous"] == "allowed"}
    assert opened <= {
        *("/sign-in", "/language", "/static/<path:filename>", "/healthz", "/readyz", "/metrics"),
        "/.well-known/camunda-automation-platform/webapps",
    }
