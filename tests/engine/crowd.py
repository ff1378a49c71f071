"""Many cases at once, written straight into the tables: what lists have to cope with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.commands.steps import NO_DUE
from engine.records.variables import grams, text_of
from engine.storage.models import (
    Base,
    ProcessDefinition,
    ProcessInstance,
    SearchGram,
    UserTask,
    UserTaskCandidate,
    Variable,
)
from engine.storage.models import Clock as ClockRow
from tests.drive import Clock, House
from tests.engine.bpmn_text import diagram, flow
from tests.engine.houses import END, START, task

KINDS = ("mine", "group", "done")
TWO_STEPS = {
    "p.bpmn": diagram(
        START + task("UT_0") + task("UT_1") + END
        + flow("SE", "UT_0") + flow("UT_0", "UT_1") + flow("UT_1", "EE_done")
    )
}  # fmt: skip


def crowd(house: House, number: int) -> None:
    """Writes `number` cases of process `p` with a task each: in turn assigned to, offered to, done by cs.

    Due times and priorities repeat, every fifth task has no due time; every thousandth case says 漏斗. Every
    case has a clock, which is breached in one of four."""
    session = house.session
    definition = session.scalars(select(ProcessDefinition).where(ProcessDefinition.process_id == "p")).one()
    cases = [_case(definition, n) for n in range(number)]
    tasks = [_task(n) for n in range(number)]
    _write(session, ProcessInstance, cases)
    _write(session, UserTask, tasks)
    offered = [_offer(task) for n, task in enumerate(tasks) if KINDS[n % 3] == "group"]
    _write(session, UserTaskCandidate, offered)
    _write(session, ClockRow, [_clock(n, task) for n, task in enumerate(tasks)])
    _write_texts(session, cases)
    session.commit()


def _write(session: Session, table: type[Base], rows: list[dict[str, object]]) -> None:
    """Without objects in between: they would take most of the time."""
    session.connection().execute(insert(table.__table__), rows)


def _case(definition: ProcessDefinition, n: int) -> dict[str, object]:
    return {
        "id": f"case-{n:06}", "business_key": f"QF-2026-{n + 1:06}", "process_id": "p",
        "definition_id": definition.id, "bundle_hash": definition.bundle_hash, "title": f"第{n}件",
        "state": "completed" if n % 3 == 2 else "running", "started_at": _at(n // 2), "started_by": "staff",
        "revision": 1, "body": {}, "chain_head": "", "chain_length": 0,
    }  # fmt: skip


def _at(n: int) -> object:
    return Clock().now + timedelta(minutes=n)


def _task(n: int) -> dict[str, object]:
    kind, due = KINDS[n % 3], None if n % 5 == 0 else _at((n * 7) % 60)
    return {
        "id": f"task-{(n * 7919) % 1_000_003:07}", "instance_id": f"case-{n:06}",
        "business_key": f"QF-2026-{n + 1:06}", "process_id": "p", "element_id": f"UT_{n % 2}", "scope": "",
        "name": "做", "name_en": "", "lane": "", "lane_en": "",
        "state": "completed" if kind == "done" else "open",
        "assignee_id": None if kind == "group" else "cs", "candidate_groups": ["cs"], "candidate_users": [],
        "created_at": _at(n // 4), "due_at": due, "due_sort": due or NO_DUE, "priority": 40 + n % 3,
        "revision": 1, "completed_at": _at(n) if kind == "done" else None,
        "completed_by": "cs" if kind == "done" else None,
    }  # fmt: skip


def _clock(n: int, task: dict[str, object]) -> dict[str, object]:
    breached, due = n % 4 == 1, task["due_at"] or _at(100)
    return {
        "id": f"clock-{n:06}", "instance_id": f"case-{n:06}", "name": "confirm", "scope": "", "turn": 1,
        "process_id": "p", "element_id": "SE", "limit": "PT48H", "warn": "75%", "calendar": "natural",
        "started_at": _at(n), "warn_at": due, "due_at": due, "first_due_at": due,
        "verdict": "breached" if breached else "running", "stopped_at": _at(n) if breached else None,
        "extensions": 0,
    }  # fmt: skip


def _offer(task: dict[str, object]) -> dict[str, object]:
    same = ("instance_id", "element_id", "business_key", "created_at", "due_sort", "priority")
    return {"task_id": task["id"], "principal": "group:cs", "claimed": False, **{k: task[k] for k in same}}


def _write_texts(session: Session, cases: list[dict[str, object]]) -> None:
    texts = [(case["id"], "弹簧 漏斗 阀" if n % 1000 == 7 else "弹簧阀") for n, case in enumerate(cases)]
    variables = [
        {"instance_id": i, "scope": "", "name": "gist", "value": text, "text": text_of(text),
         "personal": False, "updated_at": Clock().now, "updated_by": "staff"}
        for i, text in texts
    ]  # fmt: skip
    _write(session, Variable, variables)
    words = [{"gram": g, "personal": False, "instance_id": i} for i, text in texts for g in grams(text)]
    _write(session, SearchGram, words)


class Steps:
    """How many steps SQLite's virtual machine took, in hundreds."""

    taken = 0


@contextmanager
def stepping(session: Session) -> Iterator[Steps]:
    """Counts the work that SQLite does inside the block: not time, the same on every machine."""
    steps = Steps()

    def count() -> int:
        steps.taken += 1
        return 0

    driver = session.connection().connection.dbapi_connection
    assert driver is not None
    driver.set_progress_handler(count, 100)
    try:
        yield steps
    finally:
        driver.set_progress_handler(None, 100)
