"""The vocabulary of the process tests: one case of the main job, told step by step."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from engine.storage.models import Clock
from tests.company import MONDAY
from tests.engine.timed import clocks
from web.demo.player import REVIEWER, Player


class Case:
    """A complaint. Each step takes an hour; plain answers come from the demo, `values` override them.

    `at`: when it begins. `process_id`: another process that somebody starts.
    """

    def __init__(
        self,
        session: Session,
        files: Path,
        by: str = "wang.fang",
        at: datetime = MONDAY,
        process_id: str = "qf_main",
        **values: object,
    ) -> None:
        self.player = Player(session, files)
        self.now = at
        gist = {"gist": "安全阀回座后持续泄漏", "product_name": "弹簧式安全阀"}
        opening = (gist if process_id == "qf_main" else {}) | values
        started = self.player.start(by, self.now, process_id, **opening)
        self.id, self.number = started.instance_id, started.business_key

    @property
    def open(self) -> list[str]:
        """The elements at which the case waits, sorted."""
        return sorted(task.element_id for task in self.player.open_tasks(self.id))

    @property
    def view(self) -> engine.InstanceView:
        """The case as compliance sees it."""
        return engine.get_instance(self.player.session, self.id, self.player.actor(REVIEWER))

    @property
    def outcome(self) -> str | None:
        """The name of the end event that the case reached."""
        view = self.view
        return view.outcome.zh if view.outcome else None

    def task(self, element: str) -> engine.TaskRow:
        """The first open task of `element`, which may be written `process.element`."""
        found = [task for task in self.player.open_tasks(self.id) if element in names(task)]
        assert found, f"{element} is not open, but {self.open}"
        return found[0]

    def do(self, element: str, as_: str | None = None, **values: object) -> "Case":
        """Completes the first open task of `element`, as `as_` or whoever may."""
        task = self.task(element)
        self.now += timedelta(hours=1)
        if task.element_id == "UT_register":
            symptom = "客户反映：回座后持续泄漏，设备已按说明书操作。"
            values = {"product_name": "弹簧式安全阀", "model": "A48Y-16C", "symptom": symptom} | values
        self.player.complete(task, self.now, as_, **values)
        return self

    def wait(self, **time: float) -> "Case":
        """Time passes (`hours=48`), and a worker does what has come due by then."""
        self.now += timedelta(**time)
        self.player.session.rollback()
        engine.run_due(self.database, now=self.now)
        return self

    @property
    def database(self) -> Engine:
        """Where the case is kept."""
        bind = self.player.session.get_bind()
        assert isinstance(bind, Engine)
        return bind

    def clock(self, name: str) -> Clock:
        """The latest turn of a clock of the case."""
        return clocks(self.player.session, self.id)[name]

    @property
    def reached(self) -> set[tuple[str, str]]:
        """The (process, element) pairs that the case has completed."""
        return {(d.process_id, element) for d in self.view.diagrams for element in d.completed}

    def go_to(self, *elements: str, **answers: dict[str, object]) -> "Case":
        """Completes what is open until only `elements` are; `answers` override the plain ones by element."""
        for _ in range(100):
            tasks = self.player.open_tasks(self.id)
            others = [task for task in tasks if not set(elements) & set(names(task))]
            if not others:
                assert tasks, f"the case ended with {self.outcome}"
                return self
            self.do(names(others[0])[1], **override(others[0], answers))
        raise AssertionError(f"{elements} not reached; open: {self.open}")

    def finish(self, **answers: dict[str, object]) -> "Case":
        """Completes everything that opens until the case ends."""
        for _ in range(200):
            tasks = self.player.open_tasks(self.id)
            if not tasks:
                return self
            self.do(names(tasks[0])[1], **override(tasks[0], answers))
        raise AssertionError(f"the case does not end; open: {self.open}")


def names(task: engine.TaskRow) -> tuple[str, str]:
    """How a test may call the task: by element, or by process and element."""
    return task.element_id, f"{task.process_id}.{task.element_id}"


def override(task: engine.TaskRow, answers: dict[str, dict[str, object]]) -> dict[str, object]:
    """What a test answers at the task instead of the plain answer."""
    return next((answers[name] for name in reversed(names(task)) if name in answers), {})
