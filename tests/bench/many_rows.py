"""As many open tasks as are wanted, written straight into the tables of a database.

Ten thousand cases are made as rows, each with an open task and searchable texts; the database then copies
them, so a million takes a minute and not an hour. Half of the tasks are assigned to `cs`, half are offered to
the group `cs`; every thousandth case says 漏斗."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, func, insert, literal, select
from sqlalchemy.orm import Session

import engine
from engine.records.variables import grams, text_of
from engine.storage.models import ProcessDefinition, ProcessInstance, SearchGram, UserTask, Variable
from engine.storage.models import UserTaskCandidate as Candidate
from tests.drive import Clock, sign_up
from tests.engine.crowd import TWO_STEPS

FIRST = 10_000
TEXTS = ("弹簧阀", "弹簧 漏斗 阀")
KEYS = ("id", "instance_id", "task_id")
Row = dict[str, Any]


def fill(url: str, number: int) -> None:
    """A company at `url` with `number` open tasks (a multiple of ten thousand, or fewer)."""
    database = engine.create_database_engine(url)
    engine.migrate(database)
    first = min(number, FIRST)
    with Session(database) as session:
        sign_up(session)
        with engine.transaction(session):
            engine.deploy(session, TWO_STEPS, "owner", "bench", now=Clock().now)
        for table, rows in _first_rows(session, first).items():
            session.execute(insert(table), rows)
        session.commit()
        for copy in range(1, number // first):
            for table in _first_rows(session, 0):
                session.execute(_copied(table, copy))
            session.commit()
        session.connection().exec_driver_sql("ANALYZE")
        session.commit()
    database.dispose()


def _first_rows(session: Session, number: int) -> dict[Table, list[Row]]:
    definition = session.scalars(select(ProcessDefinition).where(ProcessDefinition.process_id == "p")).one()
    cases = [_case(definition, n) for n in range(number)]
    tasks = [_task(n) for n in range(number)]
    said = [(case["id"], TEXTS[n % 1000 == 7]) for n, case in enumerate(cases)]
    made: list[tuple[Any, Iterable[Row]]] = [
        (ProcessInstance, cases),
        (UserTask, tasks),
        (Candidate, (_offer(task) for task in tasks if task["assignee_id"] is None)),
        (Variable, (_variable(*pair) for pair in said)),
        (SearchGram, (row for pair in said for row in _grams(*pair))),
    ]
    return {model.__table__: list(rows) for model, rows in made}


def _copied(table: Table, copy: int) -> Any:
    """The first rows once more, under other ids and numbers."""
    columns = []
    for column in table.columns:
        value: Any = column
        if column.name in KEYS:
            value = column + literal(f"-{copy:03}")
        if column.name == "business_key":
            value = literal(f"QF-{2026 - copy}-") + func.substr(column, 9)
        columns.append(value.label(column.name))
    key = next(table.columns[name] for name in KEYS if name in table.columns)
    source = select(*columns).where(func.length(key) == len(_id("case", 0)))
    return insert(table).from_select([column.name for column in table.columns], source)


def _id(kind: str, n: int) -> str:
    return f"{kind}-{(n * 7919) % 1_000_003:07}"  # in no order, as ids are


def _case(definition: ProcessDefinition, n: int) -> Row:
    return {
        "id": _id("case", n), "business_key": f"QF-2026-{n + 1:06}", "process_id": "p",
        "definition_id": definition.id, "bundle_hash": definition.bundle_hash, "title": f"第{n}件",
        "state": "running", "started_at": _at(n), "started_by": "staff",
        "revision": 1, "body": {}, "chain_head": "", "chain_length": 0,
    }  # fmt: skip


def _at(n: int) -> object:
    return Clock().now + timedelta(minutes=n)


def _task(n: int) -> Row:
    due = _at((n * 7) % 2000)
    return {
        "id": _id("task", n), "instance_id": _id("case", n), "business_key": f"QF-2026-{n + 1:06}",
        "process_id": "p", "element_id": f"UT_{n % 2}", "scope": "", "name": "做", "name_en": "", "lane": "",
        "lane_en": "", "state": "open", "assignee_id": "cs" if n % 2 else None, "candidate_groups": ["cs"],
        "candidate_users": [], "created_at": _at(n), "due_at": due, "due_sort": due, "priority": 40 + n % 3,
        "revision": 1, "announced": True,
    }  # fmt: skip


def _offer(task: Row) -> Row:
    same = ("instance_id", "element_id", "business_key", "created_at", "due_sort", "priority")
    offer = {"task_id": task["id"], "principal": "group:cs", "claimed": False}
    return offer | {key: task[key] for key in same}


def _variable(instance_id: str, text: str) -> Row:
    return {
        "instance_id": instance_id, "scope": "", "name": "gist", "value": text, "text": text_of(text),
        "personal": False, "updated_at": Clock().now, "updated_by": "staff",
    }  # fmt: skip


def _grams(instance_id: str, text: str) -> Iterator[Row]:
    return ({"gram": g, "personal": False, "instance_id": instance_id} for g in grams(text))
