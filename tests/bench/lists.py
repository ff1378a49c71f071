"""The task list and the search for cases, at ten thousand, a hundred thousand and a million rows."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from sqlalchemy.orm import Session

import engine
from tests.bench.many_rows import fill
from tests.bench.measure import Measure, milliseconds, p95, times_as_long
from tests.bench.places import postgres_database
from tests.bench.plan import Plan
from tests.drive import Clock, actor

PAGES = 8  # of each list, one after the other
ROUNDS = 5
VIEWS = [(view, sort) for view in ("mine", "group") for sort in ("due", "created", "priority", "number")]
WORDS = ("漏斗", "弹簧阀", "QF-2026-001234", "没有的词", None)
Pager = Callable[[Session, str | None], engine.Page]


def measure(plan: Plan) -> Iterator[Measure]:
    """95 % of the pages are not slower than this; on SQLite, and on PostgreSQL if there is one."""
    with ExitStack() as stack:
        yield from _measured("SQLite", [f"sqlite:///{plan.at(f'rows/{n}.sqlite')}" for n in plan.sizes], plan)
        places = [stack.enter_context(postgres_database(f"rows_{n}")) for n in plan.sizes]
        if all(places):
            yield from _measured("PostgreSQL", [place for place in places if place], plan)


def _measured(kind: str, urls: list[str], plan: Plan) -> Iterator[Measure]:
    with ExitStack() as stack:
        sessions = []
        for url, number in zip(urls, plan.sizes, strict=True):
            fill(url, number)
            database = engine.create_database_engine(url)
            stack.callback(database.dispose)
            sessions.append(stack.enter_context(Session(database)))
        for name, pagers, person, at_most in _lists():
            rounds = [_round(sessions, person, pagers) for _ in range(ROUNDS + 1)][1:]
            for column in range(1, len(sessions)):
                pairs = [(times[column], times[0]) for times in rounds]
                asked = at_most if column == len(sessions) - 1 and kind == "SQLite" else None
                sizes = f"{plan.sizes[column]:,} against {plan.sizes[0]:,}"
                yield times_as_long(f"{kind}, {name}, p95 (ms): {sizes}", pairs, at_most=asked)


def _lists() -> Iterator[tuple[str, list[Pager], str, float | None]]:
    """Name, the lists to page through, who looks, and the target."""
    yield "task list page", [_tasks(view, sort) for view, sort in VIEWS], "cs", 1.5
    yield "search for cases", [_cases(word) for word in WORDS], "compliance", None


def _tasks(view: str, sort: str) -> Pager:
    def page(session: Session, cursor: str | None) -> engine.Page:
        who = actor(session, "cs")
        engine.count_tasks(session, who, now=Clock().now)  # stands above every list
        return engine.list_tasks(session, who, view, sort=sort, cursor=cursor, now=Clock().now)

    return page


def _cases(word: str | None) -> Pager:
    def page(session: Session, cursor: str | None) -> engine.Page:
        who = actor(session, "compliance")
        return engine.list_instances(session, who, search=word, cursor=cursor, now=Clock().now)

    return page


def _round(sessions: list[Session], person: str, pagers: list[Pager]) -> list[float]:
    """The 95th percentile for each database; they take turns page by page."""
    took: list[list[float]] = [[] for _ in sessions]
    for pager in pagers:
        cursors: list[str | None] = [None for _ in sessions]
        for _ in range(PAGES):
            for column, session in enumerate(sessions):
                time, cursors[column] = _timed(session, pager, cursors[column])
                took[column].append(time)
    return [p95(times) for times in took]


def _timed(session: Session, pager: Pager, cursor: str | None) -> tuple[float, str | None]:
    found: list[engine.Page] = []
    took = milliseconds(lambda: found.append(pager(session, cursor)))
    session.rollback()
    return took, found[0].next_cursor
