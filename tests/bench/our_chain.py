"""Our side of the main job: the demo people work on the whole of bpmn/, each step timed."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

import engine
from tests.bench.measure import milliseconds
from tests.company import MONDAY, furnish
from web.demo.people import PASSWORD
from web.demo.player import Player

REPORT = {"gist": "安全阀回座后持续泄漏", "product_name": "弹簧式安全阀"}
REGISTERED = {"product_name": "弹簧式安全阀", "model": "A48Y-16C", "symptom": "客户反映：回座后持续泄漏。"}
PACE = timedelta(minutes=5)  # between two steps: nothing becomes due on the way


class OurChain:
    """A furnished company in a SQLite file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / 'ours.sqlite'}"
        furnish(url)
        self.database = engine.create_database_engine(url)
        self.session = Session(self.database)
        self.player = Player(self.session, folder / "files")

    def begin(self) -> "OurCase":
        """A new complaint."""
        return OurCase(self, self.player.start("wang.fang", MONDAY, **REPORT).instance_id)

    def close(self) -> None:
        """Lets the file go."""
        self.session.close()
        self.database.dispose()


class OurCase:
    """A complaint on its way; `path` names the steps so far, with what was entered."""

    def __init__(self, chain: OurChain, instance_id: str) -> None:
        self.chain, self.id = chain, instance_id
        self.now: datetime = MONDAY
        self.path: list[tuple[str, dict[str, object]]] = []
        self.signed = 0

    def is_open(self) -> bool:
        """Whether a task is open."""
        return bool(self.chain.player.open_tasks(self.id))

    def step(self) -> float:
        """Completes the oldest open task; milliseconds of the verb and its commit, in a new session."""
        player, task = self.chain.player, self.chain.player.open_tasks(self.id)[0]
        self.now += PACE
        who = player.actor(player.somebody_for(task))
        page = engine.get_task(self.chain.session, task.id, who, now=self.now)
        answer = self._answer(task, page, who)
        self.chain.session.commit()
        self.path.append((task.element_id, answer))
        self.signed += page.sign is not None
        return milliseconds(lambda: self._complete(task.id, who, answer))

    def _answer(
        self, task: engine.TaskRow, page: engine.TaskView, who: engine.Actor
    ) -> dict[str, object]:
        answer = self.chain.player.filled(task.element_id, self.now, task.process_id)
        if task.element_id == "UT_register":
            answer |= REGISTERED | {"aware_at": page.values["aware_at"]}
        files = [f.key for f in page.form.inputs if f.type == "file" and f.required] if page.form else []
        return answer | {name: [self.chain.player.attach(who, self.now)] for name in files}

    def _complete(self, task_id: str, who: engine.Actor, answer: dict[str, object]) -> None:
        with Session(self.chain.database) as session, engine.transaction(session):
            engine.complete_task(session, task_id, who, answer, password=PASSWORD, now=self.now)
