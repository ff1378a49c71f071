"""An upgrade by the command line: what owners published stays, the shipped version is offered as a draft."""

import io
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from importlib.metadata import version
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import engine
from engine.__main__ import main
from engine.storage.models import Deployment
from tests.databases import Databases
from tests.drive import actor, sign_up
from tests.engine.test_modeler import WHOLE, asking

CLAUSES = "id,regulation,zh,en\nS1-1,S1,一,one\n".encode()
FIRST = {**WHOLE, "clauses.csv": CLAUSES}
OWN = asking(name="负责人的写法")
SECOND = {**FIRST, "part.bpmn": asking(name="新版的写法")}


class Place:
    """A folder of shipped files and a database file."""

    def __init__(self, root: Path, url: str) -> None:
        self.folder, self.url = root / "bpmn", url
        self.database = engine.create_database_engine(self.url)

    def run(self, files: Mapping[str, bytes], *words: str, own: bool = False) -> str:
        """`python -m engine deploy` of these files, shipped or one's own; what it printed."""
        for name, data in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(data)
        line = ["deploy", str(self.folder), "--lang", "en", *([] if own else ["--shipped"])]
        said, refused = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(refused):
            code = main([*line, "--database-url", self.url, *words])
        assert code == 0, refused.getvalue()
        return said.getvalue()

    def publish(self, files: Mapping[str, bytes]) -> None:
        """An owner publishes files."""
        with Session(self.database) as session, engine.transaction(session):
            engine.deploy_part(session, files, actor(session, "owner"), "自己的写法")

    def versions(self) -> dict[str, int]:
        """The version of every process that starts now."""
        with Session(self.database) as session:
            found = engine.list_definitions(session, actor(session, "owner"))
            return {row.process_id: row.version for row in found.items}

    def drafts(self) -> list[engine.DraftRow]:
        """The drafts there are."""
        with Session(self.database) as session:
            return list(engine.list_definition_drafts(session, actor(session, "owner")).items)


@pytest.fixture
def place(databases: Databases, tmp_path: Path) -> Iterator[Place]:
    """A database with people in which the first shipped version is deployed."""
    with databases.copy("empty") as url:
        made = Place(tmp_path, url)
        with Session(made.database) as session:
            sign_up(session)
        made.run(FIRST)
        yield made
        made.database.dispose()


def test_what_nobody_changed_is_upgraded(place: Place) -> None:
    assert "part v2 new" in place.run(SECOND)
    assert (place.versions(), place.drafts()) == ({"main": 2, "part": 2, "other": 1}, [])
    with Session(place.database) as session:
        assert {row.shipped for row in session.query(Deployment)} == {version("zhihuan")}


def test_an_owner_s_version_is_kept_and_the_shipped_one_offered_as_a_draft_that_shows_the_difference(
    place: Place,
) -> None:
    place.publish({"part.bpmn": OWN})
    said = place.run(SECOND)
    assert place.versions() == {"main": 2, "part": 2, "other": 1}
    rows = {row.process_id: row for row in place.drafts()}
    assert set(rows) == {"main", "part"}  # main contains part
    assert all(row.id in said and row.state == "open" for row in rows.values())
    assert version("zhihuan") in rows["part"].title
    with Session(place.database) as session:
        view = engine.get_publishing(session, rows["part"].id, actor(session, "owner"))
        assert view.compared
        assert (view.against, view.shipped, view.errors) == (2, version("zhihuan"), ())
        (change,) = view.compared.processes[0].changes
        (name,) = [p for p in change.properties if p.name == "name"]
        assert name.before
        assert name.after
        assert (name.before.zh, name.after.zh) == ("负责人的写法", "新版的写法")
        with engine.transaction(session):
            engine.submit_definition_draft(
                session, actor(session, "owner"), rows["part"].id, "采用新版", 1, approval=False
            )
    assert place.versions() == {"main": 3, "part": 3, "other": 1}


def test_the_same_files_again_offer_nothing_twice(place: Place) -> None:
    place.publish({"part.bpmn": OWN})
    place.run(FIRST)
    assert place.drafts() == []  # the owner began with just that
    place.run(SECOND)
    place.run(SECOND)
    assert len(place.drafts()) == 2
    assert place.versions() == {"main": 2, "part": 2, "other": 1}


def test_what_others_ship_goes_on_beside_an_owner_s_version(place: Place) -> None:
    place.publish({"part.bpmn": OWN})
    changed = FIRST["other.bpmn"].replace("做x".encode(), "办x".encode())
    assert "other v2 new" in place.run({**FIRST, "other.bpmn": changed})
    assert place.versions() == {"main": 2, "part": 2, "other": 2}


def test_replace_publishes_the_shipped_files_all_the_same(place: Place) -> None:
    place.publish({"part.bpmn": OWN})
    assert "part v3 new" in place.run(SECOND, "--replace")
    assert (place.versions(), place.drafts()) == ({"main": 3, "part": 3, "other": 1}, [])
    third = {**SECOND, "part.bpmn": asking(name="第三版")}
    assert "part v4 new" in place.run(third)  # what runs is the shipped one again


def test_an_owner_s_tables_are_kept(place: Place) -> None:
    with Session(place.database) as session, engine.transaction(session):
        own = CLAUSES + "S1-2,S1,二,two\n".encode()
        engine.deploy(session, {**FIRST, "clauses.csv": own}, "owner", "补充条款")
    assert "clauses.csv what was published is kept" in place.run(FIRST)
    with Session(place.database) as session:
        assert set(engine.list_clauses(session)) == {"S1-1", "S1-2"}
    place.run(FIRST, "--replace")
    with Session(place.database) as session:
        assert set(engine.list_clauses(session)) == {"S1-1"}


def test_files_of_a_folder_are_one_s_own_and_an_upgrade_keeps_them(place: Place) -> None:
    own = {**FIRST, "part.bpmn": OWN}
    assert "part v2 new" in place.run(own, own=True)
    assert "part v3 new" in place.run({**own, "part.bpmn": asking(name="又改一次")}, own=True)
    said = place.run(SECOND)
    assert place.versions() == {"main": 3, "part": 3, "other": 1}
    assert {row.process_id for row in place.drafts()} == {"main", "part"}
    assert all(row.id in said for row in place.drafts())


def test_one_s_own_files_are_not_deployed_over_what_another_published(place: Place) -> None:
    place.publish({"part.bpmn": OWN})
    assert "this version is draft" in place.run(SECOND, own=True)
    assert place.versions()["part"] == 2
    with Session(place.database) as session:
        (row,) = [row for row in place.drafts() if row.process_id == "part"]
        assert engine.get_publishing(session, row.id, actor(session, "owner")).shipped == ""
    assert "part v3 new" in place.run(SECOND, "--replace", own=True)


def test_what_is_handed_in_unchanged_stays_the_product_s(place: Place) -> None:
    """Tables, too: an upgrade goes on with them."""
    place.run(FIRST, own=True)
    clauses = CLAUSES + "S1-2,S1,二,two\n".encode()
    assert "kept" not in place.run({**SECOND, "clauses.csv": clauses})
    assert (place.versions(), place.drafts()) == ({"main": 2, "part": 2, "other": 1}, [])
    with Session(place.database) as session:
        assert set(engine.list_clauses(session)) == {"S1-1", "S1-2"}
