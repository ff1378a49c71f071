"""Two hundred people at their browsers, each thinking, reading, filling in forms."""

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from engine.storage.models import Person, PersonGroup
from tests.online import Answer, Browser, Lost
from tests.soak.filling import filled, links
from web.demo.people import COLLEAGUES, PASSWORD

DONE = {302, 303}
REFUSED = {403, 409}  # somebody was faster, or four eyes: nothing of ours
STARTING = 0.1  # of those who find nothing to do, so many report a new feedback
READING = 0.1  # of all turns are spent on the list of cases and one of them


@dataclass
class Heard:
    """What all people heard."""

    started: set[str] = field(default_factory=set)  # addresses of cases
    completed: dict[str, str] = field(default_factory=dict)  # task → person
    seconds: dict[str, list[float]] = field(default_factory=dict)  # by kind of request
    answers: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    refused: int = 0


def multiply(database: Engine, number: int) -> list[str]:
    """Signs up colleagues of the demo people, group by group, until there are `number`. Returns their ids."""
    workers = [c for c in COLLEAGUES if c.group != "admin"]
    with Session(database) as session, session.begin():
        known = session.scalars(select(Person).where(Person.id == workers[0].person_id)).one()
        same = {"password_hash": known.password_hash, "created_by": "test", "created_at": known.created_at,
                "password_changed_at": known.password_changed_at}  # fmt: skip
        ids = [(f"{c.person_id}{n or ''}", c, n) for n in range(number // len(workers) + 1) for c in workers]
        new = [(key, c, n) for key, c, n in ids[:number] if n]
        people = [{"id": key, "name": f"{c.name}{n}", **same} for key, c, n in new]
        members = [{"person_id": key, "group_id": g} for key, c, _ in new for g in c.groups - {"staff"}]
        for model, rows in ((Person, people), (PersonGroup, members)):
            if rows:
                session.execute(insert(model), rows)
    return [key for key, _, _ in ids[:number]]


class Colleague:
    """One person in a thread of its own."""

    def __init__(self, person: str, urls: Sequence[str], heard: Heard, seed: int, think: float) -> None:
        self.person, self.heard, self.think = person, heard, think
        self.dice = random.Random(f"{seed}.{person}")
        self.browser, self.count = Browser(urls, self.dice), 0

    def run(self, arrived: threading.Semaphore, stop: threading.Event, ramp: float) -> None:
        """Comes within `ramp` seconds, works until `stop`."""
        try:
            time.sleep(self.dice.uniform(0, ramp))
            answer = self._timed("sign in", lambda: self.browser.sign_in(self.person, PASSWORD))
            assert answer.status in DONE, answer.status
            arrived.release()
            while not self._thinks(stop):
                self._turn(stop)
        except Lost as lost:
            self.heard.faults.append(f"{self.person}: {lost}")
        except Exception as error:
            self.heard.faults.append(f"{self.person}: {error!r}"[:600])
        finally:
            self.browser.close()

    def _thinks(self, stop: threading.Event) -> bool:
        return stop.wait(min(self.dice.expovariate(1 / self.think), 5 * self.think))

    def _timed(self, kind: str, ask) -> Answer:  # type: ignore[no-untyped-def]
        began = time.perf_counter()
        answer: Answer = ask()
        self.heard.seconds.setdefault(kind, []).append(time.perf_counter() - began)
        self.heard.answers[answer.status] += 1
        if answer.status >= 500 or answer.status in (400, 422):
            main = answer.tree.xpath("string(//main)") if answer.body else ""
            said = " ".join(main.split())[:300]
            self.heard.faults.append(f"{self.person} {kind} {answer.status}: {said}")
        return answer

    def _get(self, kind: str, path: str) -> Answer:
        return self._timed(kind, lambda: self.browser.get(path))

    def _turn(self, stop: threading.Event) -> None:
        if self.dice.random() < READING:
            self._read()
            return
        found = links(self._get("task list", "/")) or links(self._get("task list", "/?view=group"))
        if found:
            self._work(self.dice.choice(found), stop)
        elif self.dice.random() < STARTING:
            self._report()

    def _read(self) -> None:
        page = self._get("case list", "/instances")
        cases = page.tree.xpath("//main//a[starts-with(@href, '/instances/')]/@href")
        if cases:
            self._get("case", str(self.dice.choice(cases)))

    def _work(self, path: str, stop: threading.Event) -> None:
        page = self._get("task", path)
        sent = filled(page, self.dice) if page.status == 200 else None
        if sent is None or self._thinks(stop):
            return
        answer = self._timed("complete", lambda: self.browser.post(path, *sent))
        if answer.status in DONE:
            self.heard.completed[path] = self.person
            self._get("after", answer.location)
        elif answer.status in REFUSED:
            self.heard.refused += 1

    def _report(self) -> None:
        self.count += 1
        path = "/processes/qf_main/start"
        page = self._get("start page", path)
        sent = filled(page, self.dice, f"阀门回座后泄漏 {self.person} {self.count}")
        if sent is None:
            return
        answer = self._timed("start", lambda: self.browser.post(path, *sent))
        if answer.status in DONE:
            self.heard.started.add(answer.location)
            self._get("after", answer.location)
