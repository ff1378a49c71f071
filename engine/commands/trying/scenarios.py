"""Verbs on scenarios: keep a walk as one, rename it, delete it, walk it again, run all of a process."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.commands.trying.expectations import Expectation, difference, found_in
from engine.commands.trying.places import root_of
from engine.commands.trying.replay import MOST_SECONDS
from engine.commands.trying.scratch import furnished, key_of
from engine.commands.trying.shown import name_of
from engine.commands.trying.steps import WalkStep, read, written
from engine.commands.trying.walks import OpenWalk, check_walker, keep_walk, walked
from engine.diagram.remembered import Remembered
from engine.errors import (
    BadScenario,
    BundleRefused,
    EngineError,
    ReasonRequired,
    ScenarioNotFound,
    StaleScenario,
)
from engine.queries.bundles import bundle_of, latest_definition
from engine.queries.clock import time_of
from engine.queries.definition_drafts import person_name
from engine.queries.scenarios import alive, all_scenarios
from engine.queries.views import Actor, Text
from engine.storage.guards import is_keepable
from engine.storage.ids import new_id
from engine.storage.models import DefinitionScenario
from engine.storage.session import begin_write

LONGEST_NAME = 100
MOST_SCENARIOS = 100  # a process
FOUND: Remembered[tuple[Text | None]] = Remembered(1000)  # what came of scenarios
STEPS = {
    "start": Text("发起", "start"), "complete": Text("办理", "complete"),
    "result": Text("外部结果", "result of"), "error": Text("外部错误", "error of"),
    "message": Text("消息", "message"), "wait": Text("等待", "wait"), "next": Text("到下一时刻", "next due"),
}  # fmt: skip


@dataclass(frozen=True)
class ScenarioResult:
    """What came of a scenario: green (`passed`), red with the first difference in words, or nothing: it was
    not run (`ran`) because the time of all was up."""

    scenario_id: str
    name: str
    passed: bool
    difference: Text | None = None
    ran: bool = True

    @property
    def red(self) -> bool:
        """Whether it came out otherwise than expected."""
        return self.ran and not self.passed


def save_scenario(
    session: Session,
    actor: Actor,
    walk: OpenWalk,
    name: str,
    variables: Collection[str] = (),
    clocks: Collection[str] | None = None,
    *,
    now: datetime | None = None,
) -> str:
    """Keeps an open walk as a scenario that expects what has come of it: the end or what waits, these
    variables of the whole case, these clocks by name and turn (`confirm#1`; None: all). Returns its id.

    Raises NotAllowed, BadScenario (its name; nothing has started; a step failed; there are too many)."""
    check_walker(actor)
    at, process_id = time_of(now), walk.subject.process_id
    expected = found_in(walk.session, variables, clocks)
    if walk.failed or root_of(walk.session) is None:
        raise _bad()
    begin_write(session)
    called = _free_name(session, process_id, name)
    held = select(func.count()).select_from(DefinitionScenario).where(*alive(process_id))
    if (session.scalar(held) or 0) >= MOST_SCENARIOS:
        raise _bad()
    kept = DefinitionScenario(
        id=new_id(), process_id=process_id, name=called, began_at=walk.began_at,
        steps=written(walk.steps), expected=expected.written(), created_by=actor.person_id, created_at=at,
        updated_by=actor.person_id, updated_at=at,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return kept.id


def rename_scenario(
    session: Session, actor: Actor, scenario_id: str, name: str, revision: int, *, now: datetime | None = None
) -> None:
    """Gives a scenario another name. Raises NotAllowed, ScenarioNotFound, StaleScenario, BadScenario."""
    kept = _opened(session, actor, scenario_id, revision)
    kept.name = _free_name(session, kept.process_id, name, kept.id)
    _touch(kept, actor, time_of(now))
    session.flush()


def delete_scenario(
    session: Session,
    actor: Actor,
    scenario_id: str,
    reason: str,
    revision: int,
    *,
    now: datetime | None = None,
) -> None:
    """Runs a scenario never again; it stays in the database with who deleted it and why.

    Raises NotAllowed, ScenarioNotFound, StaleScenario, ReasonRequired."""
    if not reason.strip():
        raise ReasonRequired()
    kept, at = _opened(session, actor, scenario_id, revision), time_of(now)
    kept.deleted_by, kept.deleted_at, kept.delete_reason = actor.person_id, at, reason.strip()
    _touch(kept, actor, at)
    session.flush()


def walk_scenario(
    session: Session, actor: Actor, scenario_id: str, walk: OpenWalk, *, now: datetime | None = None
) -> None:
    """Makes a scenario the actor's walk through a draft or version of its process.

    Raises NotAllowed, ScenarioNotFound, StaleWalk."""
    kept = session.get(DefinitionScenario, scenario_id)
    if kept is None or kept.deleted_at or kept.process_id != walk.subject.process_id:
        raise ScenarioNotFound(scenario_id)
    steps = read(kept.steps)
    keep_walk(session, actor, walk.subject.key, steps, walk.revision, kept.began_at, now=now)


def run_scenarios(
    session: Session,
    process_id: str,
    files: Mapping[str, bytes],
    *,
    published: bool = False,
    only: str | None = None,
    seconds: float = MOST_SECONDS,
) -> list[ScenarioResult]:
    """Walks every scenario of a process through these files, by name: what a publication shows.

    `published`: the files ran before and are not checked again. `only`: this scenario alone. `seconds`: of
    computing for all together; those that it does not suffice for are not run, and what is known is not
    worked out again. Files that cannot be deployed make all red. Reads the record and writes nothing."""
    deadline = time.thread_time() + seconds
    kept = [one for one in all_scenarios(session, process_id) if only in (None, one.id)]
    if not kept:
        return []
    try:
        base, content = furnished(session, files, published=published)
    except BundleRefused as refused:
        return [_red(one, Text(refused.message("zh"), refused.message("en"))) for one in kept]
    return list(_results(kept, base, content, deadline))


def _results(
    kept: Sequence[DefinitionScenario], base: str, content: bytes, deadline: float
) -> Iterator[ScenarioResult]:
    """The first that is walked has all the time there is: if that is too short it is red, the others wait."""
    first = True
    for one in kept:
        key = key_of(base, one.process_id, one.began_at, one.steps, one.expected)
        known = FOUND.get(key)
        if known is None and time.thread_time() < deadline:
            found = (_walked(one, base, content, deadline),)
            in_time = time.thread_time() < deadline
            if in_time:
                FOUND.keep(key, found)
            known, first = found if in_time or first else None, False
        yield ScenarioResult(one.id, one.name, False, ran=False) if known is None else _judged(one, known[0])


def _judged(one: DefinitionScenario, found: Text | None) -> ScenarioResult:
    return _red(one, found) if found else ScenarioResult(one.id, one.name, True)


def _walked(one: DefinitionScenario, base: str, content: bytes, deadline: float) -> Text | None:
    """The first difference from what is expected, in words."""
    process_id, began_at = one.process_id, one.began_at
    try:
        steps, expected = read(one.steps), Expectation.read(one.expected)
        with walked(base, content, process_id, began_at, steps, deadline=deadline) as (walking, failed):
            if failed:
                return _failure(walking.session, one.process_id, failed, steps[failed[0]])
            return difference(walking.session, expected)
    except EngineError as refused:  # the process is gone from the files
        return Text(refused.message("zh"), refused.message("en"))


def _failure(store: Session, process_id: str, failed: tuple[int, EngineError], step: WalkStep) -> Text:
    """The step that cannot be taken, and why."""
    place, why = failed
    definition = latest_definition(store, process_id)
    bundle = bundle_of(store, definition.bundle_hash)
    name, does = name_of(bundle, step, Text(definition.name, definition.name_en)), STEPS[step.kind]
    zh = f"第 {place + 1} 步（{does.zh} {name.zh}）：{why.message('zh')}"
    return Text(zh, f"Step {place + 1} ({does.en} {name.get('en')}): {why.message('en')}")


def _red(one: DefinitionScenario, why: Text) -> ScenarioResult:
    return ScenarioResult(one.id, one.name, False, why)


def _opened(session: Session, actor: Actor, scenario_id: str, revision: int) -> DefinitionScenario:
    check_walker(actor)
    begin_write(session)
    kept = session.get(DefinitionScenario, scenario_id, populate_existing=True, with_for_update=True)
    if kept is None:
        raise ScenarioNotFound(scenario_id)
    if kept.revision != revision or kept.deleted_at:
        raise StaleScenario(by=person_name(session, kept.updated_by))
    return kept


def _free_name(session: Session, process_id: str, name: str, own: str = "") -> str:
    called = " ".join(name.split())
    if not 0 < len(called) <= LONGEST_NAME or not called.isprintable() or not is_keepable(called):
        raise _bad()
    same = DefinitionScenario.name == called, DefinitionScenario.id != own, *alive(process_id)
    if session.scalar(select(DefinitionScenario.id).where(*same).limit(1)):
        raise _bad()
    return called


def _touch(kept: DefinitionScenario, actor: Actor, at: datetime) -> None:
    kept.updated_by, kept.updated_at, kept.revision = actor.person_id, at, kept.revision + 1


def _bad() -> BadScenario:
    return BadScenario(longest=LONGEST_NAME, most=MOST_SCENARIOS)
