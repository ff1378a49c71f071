"""The demo people at work: the right person completes a task with a plain answer, through the real verbs."""

import io
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

import engine
from web.demo.answers import ANSWERS, Answer
from web.demo.people import COLLEAGUES, PASSWORD
from web.demo.pictures import photo

STARTS = {"qf_main": "SE_feedback", "sla_extension": "SE_extension"}  # where each process begins
REVIEWER = "tao.ran"  # compliance sees every case, so the player finds the open tasks with these eyes


class Player:
    """Plays cases on one session; every step commits on its own, as in the pages.

    `files` is the folder for attachments; `answers` override the plain ones, by element or `process.element`.
    """

    def __init__(self, session: Session, files: Path, answers: Mapping[str, Answer] | None = None) -> None:
        self.session = session
        self.files = files
        self.answers = answers or {}

    def start(
        self, person_id: str, now: datetime, process_id: str = "qf_main", **values: object
    ) -> engine.Started:
        """`person_id` reports a feedback (or begins another process) at `now`; `values` override the plain
        answer."""
        opening = self.filled(STARTS[process_id], now) | values
        started = engine.start_instance(self.session, process_id, self.actor(person_id), opening, now=now)
        self.session.commit()
        return started

    def open_tasks(self, instance_id: str) -> list[engine.TaskRow]:
        """The open tasks of the case, in the order in which they came up."""
        return engine.list_case_tasks(self.session, instance_id, self.actor(REVIEWER))

    def complete(
        self, task: engine.TaskRow, now: datetime, person_id: str | None = None, **values: object
    ) -> engine.Completed:
        """Claims where nobody has yet, fills the form in and completes, as `person_id` or whoever may.

        What the answer leaves out stays as the form shows it."""
        actor = self.actor(person_id or self.somebody_for(task))
        answer = self.filled(task.element_id, now, task.process_id) | values
        for name in self._file_fields(task, answer):
            answer.setdefault(name, [self.attach(actor, now)])
        if task.assignee is None:
            engine.claim_task(self.session, task.id, actor, now=now)
        done = engine.complete_task(
            self.session, task.id, actor, answer, password=PASSWORD, keep_rest=True, now=now
        )
        self.session.commit()
        return done

    def filled(self, element_id: str, now: datetime, process_id: str = "") -> dict[str, object]:
        """The plain answer for an element with its overrides, callables asked for their value at `now`."""
        keys = (f"{process_id}.{element_id}", element_id)
        base = next((ANSWERS[key] for key in keys if key in ANSWERS), {})
        extra = next((self.answers[key] for key in keys if key in self.answers), {})
        return {name: value(now) if callable(value) else value for name, value in {**base, **extra}.items()}

    def attach(self, actor: engine.Actor, now: datetime, name: str = "现场照片.png") -> str:
        """Stores a picture and returns the attachment's id."""
        picture = io.BytesIO(photo(zlib.crc32(name.encode())))
        return engine.add_attachment(self.session, actor, self.files, name, picture, now=now).id

    def actor(self, person_id: str) -> engine.Actor:
        """The person as the engine knows them now."""
        actor = engine.get_actor(self.session, person_id)
        if actor is None:
            raise LookupError(person_id)
        return actor

    def somebody_for(self, task: engine.TaskRow) -> str:
        """The assignee, or the first demo person of a candidate group."""
        return task.assignee or next(c.person_id for c in COLLEAGUES if c.group in task.candidate_groups)

    @staticmethod
    def _file_fields(task: engine.TaskRow, answer: Mapping[str, object]) -> tuple[str, ...]:
        if task.element_id == "UT_register":
            return ("photos",)
        return ("evidence",) if task.element_id == "UT_do" or answer.get("ours") == "否" else ()
