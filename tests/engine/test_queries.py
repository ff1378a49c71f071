"""Lists: order, filters, search, and pages that cost the same however long the list is."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import engine
from engine.records.variables import index_texts
from tests.databases import EACH_DATABASE, TEMPLATES, Databases, only_on_sqlite
from tests.drive import Clock, House, sign_up
from tests.engine.counting import plans
from tests.engine.crowd import TWO_STEPS, crowd, stepping
from tests.engine.houses import ONE

Open = Callable[[Mapping[str, bytes]], House]
TASK_SORTS = ("due", "created", "priority", "number")
DONE_SORTS = ("completed", "number")
FEW, MANY = 6_600, 20_000


def _crowded(url: str) -> None:
    database = engine.create_database_engine(url)
    engine.migrate(database)
    with Session(database) as session:
        sign_up(session)
        crowd(House(session, Clock(), Path()).deploy(TWO_STEPS), 90)
    database.dispose()


TEMPLATES["crowded"] = _crowded


@pytest.fixture(params=EACH_DATABASE)
def crowded(
    request: pytest.FixtureRequest, databases: Databases, clock: Clock, tmp_path: Path
) -> Iterator[House]:
    """Ninety cases on each database."""
    source = databases if request.param == "database" else request.getfixturevalue("server")
    with source.copy("crowded") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session:
            yield House(session, clock, tmp_path)
        database.dispose()


def task_pages(house: House, view: str, **more: object) -> list[engine.Page[engine.TaskRow]]:
    """All pages of a task list, forwards."""
    found, cursor = [], None
    while True:
        page = engine.list_tasks(
            house.session, house.actor("cs"), view, cursor=cursor, limit=7, now=house.clock.now, **more
        )
        found.append(page)
        cursor = page.next_cursor
        if cursor is None:
            return found


def value(row: engine.TaskRow, sort: str) -> object:
    """What a list is ordered by; no due time comes last."""
    key = {"number": row.business_key, "created": row.created_at, "priority": row.priority}
    key |= {"completed": row.completed_at}
    return key.get(sort) or (row.due_at is None, row.due_at)


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", dict.fromkeys(TASK_SORTS + DONE_SORTS))
def test_pages_hold_every_task_once_and_in_order(crowded: House, sort: str, descending: bool) -> None:
    views = {"mine": TASK_SORTS, "group": TASK_SORTS, "done": DONE_SORTS}
    for view in (view for view, sorts in views.items() if sort in sorts):
        pages = task_pages(crowded, view, sort=sort, descending=descending)
        rows = [row for page in pages for row in page.items]
        assert len({row.id for row in rows}) == len(rows) == 30 == pages[0].total
        by_value = [value(row, sort) for row in rows]
        assert by_value == sorted(by_value, reverse=descending)


@pytest.mark.parametrize("sort", TASK_SORTS)
def test_going_back_shows_the_same_pages(crowded: House, sort: str) -> None:
    pages = task_pages(crowded, "group", sort=sort)
    cursor, back = pages[-1].previous_cursor, [pages[-1].items]
    while cursor:
        page = engine.list_tasks(
            crowded.session, crowded.actor("cs"), "group", sort=sort, cursor=cursor, limit=7
        )
        back.append(page.items)
        cursor = page.previous_cursor
    assert [row.id for page in reversed(back) for row in page] == [r.id for p in pages for r in p.items]


def test_a_task_that_comes_or_goes_does_not_shift_the_next_page(crowded: House) -> None:
    first, second, *_ = task_pages(crowded, "group", sort="number")
    engine.claim_task(crowded.session, first.items[0].id, crowded.actor("cs"))
    again = engine.list_tasks(
        crowded.session, crowded.actor("cs"), "group", sort="number", cursor=first.next_cursor, limit=7
    )
    assert [row.id for row in again.items] == [row.id for row in second.items]


def test_a_damaged_cursor_shows_the_first_page(crowded: House) -> None:
    first = task_pages(crowded, "mine")[0]
    for cursor in ("", "x", "bm9uc2Vuc2U=", "W10=", "WyJ4IiwgMSwgMV0="):
        page = engine.list_tasks(crowded.session, crowded.actor("cs"), "mine", cursor=cursor, limit=7)
        assert [row.id for row in page.items] == [row.id for row in first.items], cursor


def test_lists_filter_by_step_process_and_overdue(crowded: House) -> None:
    session, cs = crowded.session, crowded.actor("cs")
    now = crowded.clock.advance(minutes=30)
    chosen = engine.list_tasks(session, cs, "mine", element="UT_1", overdue=True, limit=100, now=now).items
    assert chosen
    assert all(row.element_id == "UT_1" and row.due_at and row.due_at < now for row in chosen)
    assert engine.list_tasks(session, cs, "mine", process="q").items == []
    counts = engine.count_tasks(session, cs, now=now)
    for view in ("mine", "group"):
        late = engine.list_tasks(session, cs, view, overdue=True, limit=100, now=now)
        assert counts[f"{view}_overdue"] == late.total == len(late.items)
    assert counts["overdue"] == counts["mine_overdue"] + counts["group_overdue"]


def test_search_finds_a_number_written_in_any_way(crowded: House) -> None:
    session, cs = crowded.session, crowded.actor("cs")
    for text in ("QF-2026-000042", "qf-2026-42", "000042", "42", "2026-42"):
        found = engine.list_instances(session, cs, search=text, now=crowded.clock.now).items
        assert [row.business_key for row in found] == ["QF-2026-000042"], text


def test_search_finds_any_part_of_a_word_and_all_of_several(house: Open) -> None:
    at = house(ONE)
    case = at.start("p", "cs", gist="国网上海电力公司 安全阀 Model A48Y-16C", phone="13812341234")
    at.start("p", "cs", gist="上海 海电 电力")

    def found(text: str, who: str = "cs") -> list[str]:
        return [row.id for row in engine.list_instances(at.session, at.actor(who), search=text).items]

    for text in ("上海电力", "安全阀", "a48y", "48Y-16", "安全 上海电", "model 国网", "司", "阀"):
        assert found(text) == [case.id], text
    for text in ("海电公", "安全阀门", "%", "_", "门", "上海电力 没有"):
        assert found(text) == [], text
    assert found("13812341234") == [case.id]
    assert found("13812341234", "qa") == []
    task = engine.list_tasks(at.session, at.actor("cs"), "group", search="上海电力").items
    assert [row.instance_id for row in task] == [case.id]


def test_a_rare_character_leads_to_its_cases_however_many_pairs_it_begins(house: Open) -> None:
    """Counted are the cases in which it is, not the pairs: few cases are looked up, none is walked past."""
    at = house(ONE)
    if at.session.get_bind().dialect.name != "sqlite":
        pytest.skip("reads the plans of SQLite")
    cs, found = at.actor("cs"), [at.start("p", "cs", gist="罕").id for _ in range(2)]
    for case in found:
        for first in (0x4E00, 0x5200):
            words = " ".join(f"罕{chr(first + number)}" for number in range(600))
            index_texts(at.session, case, {"said": words})
    steps = plans(at.session.get_bind(), lambda: engine.list_instances(at.session, cs, search="罕"))
    assert not [step for step in steps if step.startswith("SCAN process_instance")]
    assert {row.id for row in engine.list_instances(at.session, cs, search="罕").items} == set(found)


@pytest.mark.parametrize("between", ["", " "], ids=["one word", "many words"])
def test_a_search_of_any_length_is_answered(crowded: House, between: str) -> None:
    text = between.join(chr(0x4E00 + number) for number in range(3000))
    assert engine.list_instances(crowded.session, crowded.actor("cs"), search=text).items == []
    assert engine.list_tasks(crowded.session, crowded.actor("cs"), "group", search=text).items == []


def test_instances_are_listed_by_state_process_and_order(crowded: House) -> None:
    session, cs = crowded.session, crowded.actor("cs")
    done = engine.list_instances(session, cs, state="completed", process="p", sort="number", limit=100)
    keys = [row.business_key for row in done.items]
    assert keys == sorted(keys, reverse=True)
    assert len(keys) == done.total == 30
    assert engine.list_instances(session, cs, process="q").items == []
    newest = engine.list_instances(session, cs, limit=5)
    older = engine.list_instances(session, cs, limit=5, cursor=newest.next_cursor)
    assert newest.items[-1].started_at >= older.items[0].started_at


def test_a_task_offered_to_two_of_my_groups_is_listed_once(house: Open) -> None:
    files = {"p.bpmn": ONE["p.bpmn"].replace(b'"cs"', b'"cs,staff"')}
    case = house(files).start("p", gist="x")
    session, cs = case.house.session, case.house.actor("cs")
    assert [row.instance_id for row in engine.list_tasks(session, cs, "group").items] == [case.id]
    assert engine.count_tasks(session, cs)["group"] == 1


@pytest.fixture(scope="module")
def halls(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, House]]:
    """A small and a large house, three times as full; every list is longer than counting goes."""
    only_on_sqlite("steps of its machine are counted")
    houses = []
    for number in (FEW, MANY):
        folder = tmp_path_factory.mktemp("hall")
        database = engine.create_database_engine(f"sqlite:///{folder / 'hall.sqlite'}")
        engine.migrate(database)
        session = Session(database)
        sign_up(session)
        house = House(session, Clock(), folder).deploy(TWO_STEPS)
        crowd(house, number)
        houses.append(house)
    yield houses[0], houses[1]
    for house in houses:
        house.session.close()
        house.session.get_bind().dispose()


LISTS: dict[str, Callable[[House], object]] = {
    **{
        f"{view} by {sort}{' down' if down else ''}": lambda h, v=view, s=sort, d=down: engine.list_tasks(
            h.session, h.actor("cs"), v, sort=s, descending=d, now=h.clock.now
        )
        for view, sorts in {"mine": TASK_SORTS, "group": TASK_SORTS, "done": DONE_SORTS}.items()
        for sort in sorts
        for down in (False, True)
    },
    **{
        f"instances by {sort} {state} {process}": lambda h, s=sort, t=state, p=process: engine.list_instances(
            h.session, h.actor("cs"), sort=s, state=t, process=p
        )
        for sort in ("started", "number")
        for state in (None, "running")
        for process in (None, "p")
    },
    **{
        f"late by {sort} after {hours} hours": lambda h, s=sort, n=hours: engine.list_instances(
            h.session, h.actor("cs"), sort=s, late=True, now=h.clock.now + timedelta(hours=n)
        )
        for sort in ("started", "number")
        for hours in (0, 2)
    },
    "own instances": lambda h: engine.list_instances(h.session, h.actor("qa2")),
    "own instances of nobody": lambda h: engine.list_instances(h.session, h.actor("dept")),
    "a case among many of one's own": lambda h: engine.get_instance(
        h.session, "case-000000", h.actor("staff"), now=h.clock.now
    ),
    "a task among many of one's own": lambda h: engine.get_task(
        h.session, "task-0000000", h.actor("staff"), now=h.clock.now
    ),
    "group by step": lambda h: engine.list_tasks(h.session, h.actor("cs"), "group", element="UT_1"),
    "a common word": lambda h: engine.list_instances(h.session, h.actor("cs"), search="弹簧"),
    "an unknown word": lambda h: engine.list_instances(h.session, h.actor("cs"), search="没有"),
    "a number": lambda h: engine.list_instances(h.session, h.actor("cs"), search="4711"),
    "overdue": lambda h: engine.list_tasks(h.session, h.actor("cs"), "mine", overdue=True),
    "how many tasks": lambda h: engine.count_tasks(h.session, h.actor("cs"), now=h.clock.now),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_page_of_a_long_list_costs_what_a_page_of_a_short_one_costs(
    halls: tuple[House, House], name: str
) -> None:
    """Counted in steps of SQLite's machine at 6,600 and 20,000 cases, so that no clock is asked."""
    costs = []
    for hall in halls:
        LISTS[name](hall)
        with stepping(hall.session) as steps:
            LISTS[name](hall)
        hall.session.rollback()
        costs.append(steps.taken)
    few, many = costs
    assert many <= 1.2 * few + 5, costs


def test_tasks_are_counted_no_further_than_just_above_the_limit(halls: tuple[House, House]) -> None:
    hall = halls[1]
    counts = engine.count_tasks(hall.session, hall.actor("cs"), now=hall.clock.now + timedelta(days=1))
    assert counts["mine"] == counts["group"] == counts["overdue"] == engine.COUNT_LIMIT + 1
    assert counts["mine_soon"] == 0


def test_page_one_hundred_costs_what_page_one_costs(halls: tuple[House, House]) -> None:
    hall, cursor, costs = halls[1], None, []
    for _ in range(100):
        with stepping(hall.session) as steps:
            page = engine.list_tasks(
                hall.session, hall.actor("cs"), "group", cursor=cursor, now=hall.clock.now
            )
        costs.append(steps.taken)
        cursor = page.next_cursor
    assert max(costs[1:]) <= 1.2 * costs[0] + 5, costs
