"""People who work while processes die: each remembers what was answered, and looks again when nothing was."""

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.drive import PASSWORD
from tests.online import Answer, Browser, Lost, Pairs

GIVE_UP = 90.0  # seconds without any answer
LINK = re.compile(r'href="(/tasks/[0-9a-f-]{36})"')
FEW = 12  # open tasks before one; with more, nobody starts anything new
CASES = {302, 303}  # where a step that was done leads on


@dataclass
class Remembered:
    """What the pages have said to all people: `started` and `completed` are acknowledged."""

    started: set[str] = field(default_factory=set)  # by gist
    unsure: set[str] = field(default_factory=set)  # gists of starts without an answer
    completed: dict[str, str] = field(default_factory=dict)  # task path -> person
    found: dict[str, str] = field(default_factory=dict)  # completed without an answer, seen done later
    answers: Counter[int] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)  # answers that nobody should get
    lost: int = 0


@dataclass
class Worker:
    """One person at work in a thread: `run` until `stop`; starts cases as long as `starting`."""

    person: str
    urls: Sequence[str]
    memory: Remembered
    seed: str
    starting: threading.Event
    stop: threading.Event
    patient_about: frozenset[int] = frozenset()  # statuses that mean: try again

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.browser = Browser(self.urls, random.Random(self.seed))
        self.count = 0

    def run(self) -> None:
        """Works until told to stop; any fault ends in `memory.bad`."""
        try:
            self._sign_in()
            while not self.stop.is_set():
                self._something()
                time.sleep(self.dice.uniform(0, 0.3))
        except Exception as error:
            self.memory.bad.append(f"{self.person}: {error!r}")
            raise
        finally:
            self.browser.close()

    def _sign_in(self) -> None:
        while not self.stop.is_set():
            try:
                if self._heard(self.browser.sign_in(self.person, PASSWORD)).status in CASES:
                    return
            except Lost:
                self.memory.lost += 1
                time.sleep(0.2)

    def _something(self) -> None:
        links = set(LINK.findall(self._get("/?view=group&limit=50").body + self._get("/?view=mine").body))
        if self.starting.is_set() and len(links) < FEW and self.dice.random() < 0.4:
            self._start()
        elif links:
            self._complete(self.dice.choice(sorted(links)))

    def _get(self, path: str) -> Answer:
        """A page; asked for again until it comes, for reading changes nothing."""
        give_up = time.monotonic() + GIVE_UP
        while time.monotonic() < give_up:
            try:
                answer = self._heard(self.browser.get(path))
                if answer.status not in self.patient_about:
                    return answer
            except Lost:
                self.memory.lost += 1
            time.sleep(0.1)
        raise AssertionError(f"no answer to {path}")

    def _post(self, path: str, fields: Pairs) -> Answer | None:
        """The answer to a form; None if it did not come."""
        try:
            answer = self._heard(self.browser.post(path, fields))
        except Lost:
            self.memory.lost += 1
            return None
        return None if answer.status in self.patient_about else answer

    def _heard(self, answer: Answer) -> Answer:
        self.memory.answers[answer.status] += 1
        if answer.status >= 500 and answer.status not in self.patient_about:
            self.memory.bad.append(f"{answer.status}: {answer.body[-600:]}")
        return answer

    def _start(self) -> None:
        gist, self.count = f"{self.seed}/{self.count}", self.count + 1
        form = self._get("/processes/asking/start").form("//form[.//*[@name='gist']]")
        if form is None:
            return
        filled = [*((name, value) for name, value in form if name != "gist"), ("gist", gist)]
        answer = self._post("/processes/asking/start", filled)
        if answer is None:
            self.memory.unsure.add(gist)
        elif answer.status in CASES:
            self.memory.started.add(gist)
        else:
            self.memory.bad.append(f"start {answer.status}: {answer.body[-600:]}")

    def _complete(self, path: str) -> None:
        """Completes a task; without an answer it looks, and repeats what was not done."""
        tried = False
        while True:
            page = self._get(path)
            form = page.form("//form[@id='form']") if page.status == 200 else None
            if form is None:
                if tried and self._is_mine(page):
                    self.memory.found[path] = self.person
                return
            answer = self._post(path, form)
            if answer is not None:
                if answer.status in CASES:
                    self.memory.completed[path] = self.person
                return
            tried = True

    def _is_mine(self, page: Answer) -> bool:
        """Whether a closed task says that this person completed it."""
        facts = page.tree.xpath("//dl[@class='facts']/div/dd") if page.status == 200 else []
        return any(f"{self.person} 先生" in dd.text_content() for dd in facts)
