"""What is published: the list of definitions with their numbers, one definition, its files."""

import io
import zipfile
from collections.abc import Callable

import pytest
from sqlalchemy import text

import engine
from engine import DefinitionRow
from engine.errors import NotAllowed, ProcessNotFound, SourceNotFound, VersionNotFound
from tests.drive import House
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.counting import counted, plans
from tests.engine.houses import CALLED, DECIDED, END, ONE, REWORK, START, task
from tests.engine.test_incidents import fail
from tests.engine.test_jobs import BROKEN
from tests.engine.timed import limited, wait

Furnish = Callable[..., House]
RENAMED = {"p.bpmn": ONE["p.bpmn"].replace("做do".encode(), "办理".encode())}


def small(process_id: str) -> dict[str, bytes]:
    """A process of one task under this id."""
    body = START + task("UT_do") + END + flow("SE", "UT_do") + flow("UT_do", "EE_done")
    return {f"{process_id}.bpmn": diagram(body, process_id, attributes=f'name="流程{process_id}"')}


def rows(house: House, as_: str = "owner", **how: object) -> list[DefinitionRow]:
    """The list of definitions as somebody sees it now."""
    page = engine.list_definitions(house.session, house.actor(as_), now=house.clock.now, **how)
    return page.items


def test_the_list_says_who_published_the_latest_version_when_and_why(house: Furnish) -> None:
    made = house(ONE)
    made.clock.advance(hours=1)
    made.deploy(RENAMED, "改名")
    (row,) = rows(made)
    assert (row.process_id, row.version, row.reason) == ("p", 2, "改名")
    assert (row.published_by_name, row.published_at) == ("owner 先生", made.clock.now)


def test_instances_of_all_versions_are_counted_by_state(house: Furnish) -> None:
    made = house(ONE)
    for _ in range(3):
        made.start("p", gist="x")
    made.start("p", gist="x").complete("UT_do", "cs")
    made.deploy(RENAMED)
    case = made.start("p", gist="x")
    with engine.transaction(made.session):
        engine.cancel_instance(made.session, case.id, made.actor("cs_lead"), "误报", now=made.clock.now)
    (row,) = rows(made)
    assert (row.running, row.completed, row.cancelled) == (3, 1, 1)


def test_a_called_process_says_inside_which_process_it_runs(house: Furnish) -> None:
    """The outermost one that calls it, directly or through others: its cases are counted there."""
    made = house(CALLED)
    made.start("outer", gist="x")
    outer = {"outer": engine.Text("总流程")}
    found = {row.process_id: row for row in rows(made)}
    assert [found[one].inside for one in ("inner", "middle", "outer")] == [outer, outer, {}]
    assert [found[one].own_cases for one in ("inner", "middle", "outer")] == [False, False, True]
    assert engine.get_definition(made.session, "inner", made.actor("owner")).inside == outer


def test_what_is_started_most_often_is_offered_first(house: Furnish) -> None:
    """Before anything was started, the process that comprises others; the look at what was started goes
    through an index."""
    made = house({**small("a"), **small("b"), **CALLED})
    session, staff = made.session, made.actor("staff")
    assert [one.process_id for one in engine.startable(session, staff)] == ["outer", "a", "b"]
    for process_id in ("b", "b", "a"):
        made.start(process_id, gist="x")
    assert [one.process_id for one in engine.startable(session, staff)] == ["b", "a", "outer"]
    if session.get_bind().dialect.name == "sqlite":
        found = plans(session.get_bind(), lambda: engine.startable(session, staff))
        assert any("process_instance USING INDEX ix_instance_star" in step for step in found)
        assert not [step for step in found if "process_instance" in step and "INDEX" not in step]


def test_the_cases_of_a_version_are_counted_and_found_by_an_index(house: Furnish) -> None:
    made = house(ONE)
    session, owner = made.session, made.actor("owner")
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("reads the plans of SQLite")
    made.start("p", gist="x")
    made.deploy(RENAMED)
    session.execute(text("ANALYZE"))
    found = plans(session.get_bind(), lambda: engine.get_definition(session, "p", owner))
    found += plans(session.get_bind(), lambda: engine.plan_instance_migration(session, "p", owner, before=1))
    assert any("INDEX ix_instance_definition (definition_id=?" in step for step in found)
    assert not [step for step in found if "SCAN process_instance" in step]


def test_health_counts_open_incidents(house: Furnish) -> None:
    made = house(BROKEN)
    made.start("p", gist="不是日期")
    assert rows(made)[0].incidents == 0
    wait(made, hours=1)
    fail(made)
    assert rows(made)[0].incidents == 1


def test_health_counts_running_cases_with_a_late_limit_once_each(house: Furnish) -> None:
    made = house(limited())
    late = made.start("p", gist="x")
    made.clock.advance(hours=47)
    made.start("p", gist="y")
    assert rows(made)[0].late == 0
    made.clock.advance(hours=2)
    assert rows(made)[0].late == 1
    page = engine.list_instances(
        made.session, made.actor("owner"), process="p", state="running", late=True, now=made.clock.now
    )
    assert [row.id for row in page.items] == [late.id]


def test_health_counts_what_the_list_of_cases_calls_late(house: Furnish) -> None:
    """A task past its due time, too, though no clock counts it."""
    made = house(REWORK)
    for _ in range(2):
        made.start("p", gist="x")
    made.clock.advance(hours=49)
    page = engine.list_instances(
        made.session, made.actor("owner"), process="p", state="running", late=True, now=made.clock.now
    )
    assert rows(made)[0].late == page.total == 2


def test_a_page_of_the_list_is_three_statements_however_many_processes_there_are(house: Furnish) -> None:
    made = house(small("a"))
    owner = made.actor("owner")
    with counted(made.session.get_bind()) as few:
        engine.list_definitions(made.session, owner, now=made.clock.now)
    made.deploy({name: data for key in "bcdefg" for name, data in small(key).items()})
    with counted(made.session.get_bind()) as many:
        page = engine.list_definitions(made.session, owner, now=made.clock.now)
    assert len(page.items) == 7
    asked = [sum(s.startswith("SELECT") for s in work.statements) for work in (few, many)]
    assert asked == [3, 3]


@pytest.mark.parametrize("sort", ["name", "key", "published"])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_hold_every_definition_once_and_in_order(house: Furnish, sort: str, descending: bool) -> None:
    made = house(small("a"))
    for key in "edcb":
        made.clock.advance(hours=1)
        made.deploy(small(key))
    found, cursor = [], None
    while True:
        page = engine.list_definitions(
            made.session, made.actor("owner"), sort=sort, descending=descending, cursor=cursor, limit=2
        )
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    ordered = "aedcb" if sort == "published" else "abcde"
    assert [row.process_id for row in found] == list(reversed(ordered) if descending else ordered)
    assert page.total == 5


def test_a_definition_is_found_by_part_of_its_key_or_name(house: Furnish) -> None:
    made = house({**small("abc"), **small("xyz")})
    assert [row.process_id for row in rows(made, search="xy")] == ["xyz"]
    assert [row.process_id for row in rows(made, search="程ab")] == ["abc"]
    assert rows(made, search="%") == []


@pytest.mark.parametrize("who", ["staff", "cs", "qa_lead", "vp", "it"])
def test_others_are_refused_list_page_files_and_export(house: Furnish, who: str) -> None:
    made = house(ONE)
    session, actor = made.session, made.actor(who)
    with pytest.raises(NotAllowed):
        engine.list_definitions(session, actor)
    with pytest.raises(NotAllowed):
        engine.get_definition(session, "p", actor)
    with pytest.raises(NotAllowed):
        engine.get_source(session, "p", 1, "p.bpmn", actor)
    with pytest.raises(NotAllowed):
        engine.export_bundle(session, "p", 1, actor)


@pytest.mark.parametrize("who", ["owner", "compliance", "admin"])
def test_owners_compliance_and_administrators_read_it_all(house: Furnish, who: str) -> None:
    made = house(ONE)
    assert rows(made, who)
    assert engine.get_definition(made.session, "p", made.actor(who)).versions
    assert engine.get_source(made.session, "p", 1, "p.bpmn", made.actor(who)) == ONE["p.bpmn"]


def test_a_page_shows_each_version_with_its_own_instances(house: Furnish) -> None:
    made = house(ONE)
    made.start("p", gist="x").complete("UT_do", "cs")
    made.start("p", gist="x")
    made.deploy(RENAMED, "改名")
    made.start("p", gist="x")
    view = engine.get_definition(made.session, "p", made.actor("owner"))
    numbers = [(row.version, row.running, row.completed, row.cancelled) for row in view.versions]
    assert numbers == [(2, 1, 0, 0), (1, 1, 1, 0)]
    assert [row.latest for row in view.versions] == [True, False]
    only = engine.list_instances(made.session, made.actor("owner"), process="p", version=1)
    assert only.total == 2


def test_an_older_version_is_shown_as_it_was(house: Furnish) -> None:
    made = house(ONE).deploy(RENAMED)
    old = engine.get_definition(made.session, "p", made.actor("owner"), version=1)
    assert (old.chosen.version, old.latest) == (1, 2)
    assert "做do" in [element.name.zh for element in old.elements]


def test_many_versions_are_shown_a_page_at_a_time(house: Furnish) -> None:
    made = house(ONE)
    for number in range(2, 53):
        made.deploy({"p.bpmn": ONE["p.bpmn"].replace("做do".encode(), f"做{number}".encode())})
    owner = made.actor("owner")
    first = engine.get_definition(made.session, "p", owner)
    assert [first.versions[0].version, first.versions[-1].version, first.more] == [52, 3, True]
    rest = engine.get_definition(made.session, "p", owner, before=3)
    assert [row.version for row in rest.versions] == [2, 1]
    assert not rest.more


def test_a_page_names_the_clauses_and_the_elements_that_realise_them(house: Furnish) -> None:
    made = house(REWORK)
    view = engine.get_definition(made.session, "p", made.actor("owner"))
    used = {use.clause.id: [element.zh for element in use.elements] for use in view.clauses}
    assert used == {"S1-1": ["SE"], "S1-3.1a": ["做do"]}


def test_a_page_names_every_file_and_what_it_defines(house: Furnish) -> None:
    made = house(DECIDED)
    view = engine.get_definition(made.session, "p", made.actor("owner"))
    assert [(file.name, file.kind, file.key) for file in view.sources] == [
        ("p.bpmn", "process", "p"),
        ("level.dmn", "decision", "level"),
    ]
    assert view.diagram == "p.bpmn"


def test_called_processes_are_parts_and_definitions_of_their_own(house: Furnish) -> None:
    call = node("callActivity", "CA", name="调用", calledElement="b")
    caller = diagram(
        START + call + node("endEvent", "EE") + flow("SE", "CA") + flow("CA", "EE"),
        "a",
        attributes='name="甲"',
    )
    made = house({"a.bpmn": caller, **small("b")})
    view = engine.get_definition(made.session, "a", made.actor("owner"))
    assert list(view.called) == ["b"]
    assert [file.name for file in view.sources] == ["a.bpmn", "b.bpmn"]
    assert engine.get_definition(made.session, "b", made.actor("owner")).versions


def test_an_exported_version_deployed_again_is_the_same_bundle(house: Furnish) -> None:
    made = house(DECIDED)
    archive = engine.export_bundle(made.session, "p", 1, made.actor("owner"))
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    assert files == DECIDED
    made.deploy({"p.bpmn": RENAMED["p.bpmn"]}).deploy(files)
    view = engine.get_definition(made.session, "p", made.actor("owner"))
    assert [row.version for row in view.versions] == [3, 2, 1]
    assert view.versions[0].bundle_hash == view.versions[2].bundle_hash


def test_the_same_version_is_exported_as_the_same_bytes(house: Furnish) -> None:
    made = house(DECIDED)
    first = engine.export_bundle(made.session, "p", 1, made.actor("owner"))
    made.clock.advance(days=3)
    assert engine.export_bundle(made.session, "p", 1, made.actor("owner")) == first


def test_what_is_not_published_is_not_there(house: Furnish) -> None:
    made = house(ONE)
    owner = made.actor("owner")
    with pytest.raises(ProcessNotFound):
        engine.get_definition(made.session, "nothing", owner)
    with pytest.raises(VersionNotFound):
        engine.get_definition(made.session, "p", owner, version=2)
    with pytest.raises(SourceNotFound):
        engine.get_source(made.session, "p", 1, "level.dmn", owner)
