"""Somebody's walk through a draft or a version: opened with its store, taken one step further, kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.trying.places import open_task
from engine.commands.trying.replay import Walking
from engine.commands.trying.scratch import STORES, content_of, furnished, key_of, opened
from engine.commands.trying.shown import WalkView, view_of
from engine.commands.trying.stand_ins import worker_for
from engine.commands.trying.steps import WalkStep, read, written
from engine.commands.trying.subjects import WalkSubject, subject_of
from engine.errors import EngineError, ProcessNotFound, StaleWalk
from engine.queries.bundles import bundle_of, latest_definition
from engine.queries.clock import time_of
from engine.queries.permissions import may_publish
from engine.queries.task_page import get_task
from engine.queries.views import Actor, TaskView
from engine.storage.models import DefinitionWalk, ProcessDefinition
from engine.storage.session import begin_write


@dataclass
class OpenWalk:
    """A walk with its scratch store, open until the block ends.

    steps: those taken. failed: the first of the kept steps that can be taken no more (the draft has changed
    since), and why; the store then stands before it."""

    subject: WalkSubject
    steps: tuple[WalkStep, ...]
    revision: int
    began_at: datetime
    failed: tuple[int, EngineError] | None
    walking: Walking
    base: str

    @property
    def session(self) -> Session:
        """The scratch store, for what pages look up themselves: people and groups that a form offers."""
        return self.walking.session

    @property
    def now(self) -> datetime:
        """What the driven clock shows."""
        return self.walking.now

    def view(self) -> WalkView:
        """Where the walk is."""
        return view_of(self.walking, self.steps, self.failed)

    def task(self, step: WalkStep) -> tuple[TaskView, Actor]:
        """The page of an open task, as the stand-in who may complete it sees it.

        Raises NotStarted, NotOpenInWalk."""
        task = open_task(self.session, step)
        who = worker_for(self.session, task)
        return get_task(self.session, task.id, who, now=self.now), who

    def diagram(self, process_id: str) -> bytes:
        """The diagram of the process or of one that it calls. Raises ProcessNotFound."""
        definition = latest_definition(self.session, self.subject.process_id)
        return bundle_of(self.session, definition.bundle_hash).diagram_of(process_id)

    def take(self, step: WalkStep) -> EngineError | None:
        """Takes one more step, or says why it cannot be taken; then nothing has changed. Who keeps the walk
        keeps it with `keep_walk`. Raises WalkTooLong, UnkeepableText."""
        if self.failed:
            return self.failed[1]
        written([*self.steps, step])
        refusal = self.walking.take(step)
        if refusal is None:
            self.steps = (*self.steps, step)
            _remember(self)
        return refusal


@contextmanager
def open_walk(session: Session, actor: Actor, key: str, *, now: datetime | None = None) -> Iterator[OpenWalk]:
    """The actor's walk through a draft (`draft:<id>`) or version (`version:<process>:<number>`), replayed; an
    empty one if there is none. Nothing is written.

    Raises NotAllowed, DefinitionDraftNotFound, ProcessNotFound, VersionNotFound, and BundleRefused: a draft
    with errors cannot run."""
    check_walker(actor)
    subject = subject_of(session, key)
    kept = session.get(DefinitionWalk, (key, actor.person_id), populate_existing=True)
    steps = read(kept.steps) if kept else ()
    began_at = kept.began_at if kept else time_of(now)
    base, content = furnished(session, subject.files, published=subject.published, language=actor.language)
    with walked(base, content, subject.process_id, began_at, steps) as (walking, failed):
        yield OpenWalk(
            subject, steps[: failed[0]] if failed else steps, kept.revision if kept else 0, began_at, failed,
            walking, base,
        )  # fmt: skip


@contextmanager
def walked(
    base: str,
    content: bytes,
    process_id: str,
    began_at: datetime,
    steps: Sequence[WalkStep],
    *,
    deadline: float | None = None,
) -> Iterator[tuple[Walking, tuple[int, EngineError] | None]]:
    """A store in which these steps were taken, and the first that failed; remembered if all were taken.

    `deadline`: of this thread's computing, earlier than that of every walk; what is walked by then is no walk
    of somebody who goes on, and is not remembered."""
    key = _key(base, process_id, began_at, steps)
    known = STORES.get(key) if steps else None
    with opened(known[0] if known else content) as database, Session(database) as store:
        walking = Walking(database, store, process_id, known[1] if known else began_at)
        walking.deadline = min(walking.deadline, deadline or walking.deadline)
        if process_id not in _deployed(store):
            raise ProcessNotFound(process_id)
        failed = None if known else walking.walk(steps)
        if failed is None and not known and deadline is None:
            STORES.keep(key, (content_of(store), walking.now))
        yield walking, failed


def _deployed(store: Session) -> set[str]:
    return set(store.scalars(select(ProcessDefinition.process_id)))


def _key(base: str, process_id: str, began_at: datetime, steps: Sequence[WalkStep]) -> str:
    return key_of(base, process_id, began_at, written(steps))


def _remember(walk: OpenWalk) -> None:
    key = _key(walk.base, walk.subject.process_id, walk.began_at, walk.steps)
    STORES.keep(key, (content_of(walk.session), walk.now))


def keep_walk(
    session: Session,
    actor: Actor,
    key: str,
    steps: Sequence[WalkStep],
    revision: int,
    began_at: datetime,
    *,
    now: datetime | None = None,
) -> int:
    """Keeps the actor's walk with these steps; `revision` is that of the walk when it was opened (0: there
    was none). Returns the new one. Raises NotAllowed, StaleWalk, WalkTooLong, UnkeepableText."""
    check_walker(actor)
    rows, at = written(steps), time_of(now)
    begin_write(session)
    place = key, actor.person_id
    kept = session.get(DefinitionWalk, place, populate_existing=True, with_for_update=True)
    if (kept.revision if kept else 0) != revision:
        raise StaleWalk()
    if kept is None:
        kept = DefinitionWalk(subject=key, person_id=actor.person_id, revision=0)
        session.add(kept)
    kept.steps, kept.began_at, kept.updated_at, kept.revision = rows, began_at, at, revision + 1
    session.flush()
    return kept.revision


def check_walker(actor: Actor) -> None:
    """Raises NotAllowed unless the actor publishes processes."""
    if refusal := may_publish(actor).refusal:
        raise refusal
