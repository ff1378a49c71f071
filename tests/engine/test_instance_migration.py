"""May a running case be moved to another version? Only if it then goes on as a case of that version."""

import json
import re
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.diagram.bundle import Bundle, compile_bundle
from engine.diagram.soundness.reached import reached_in
from engine.execution.instance_migration import WORDING, CaseFacts, Verdict, check_move
from engine.execution.instance_migration.state import state_of_scope
from engine.execution.live_set import thaw
from tests.engine.driving import Frozen
from tests.engine.shapes import SHAPES
from tests.engine.test_live_set import Twins
from tests.engine.versions import ALLOWED, REFUSED, Versions

HOURS = re.compile(r"@(\d+)h")


class Told(Frozen):
    """A case that remembers which elements have completed and what people gave, as the history does."""

    def __init__(self, files: dict[str, bytes], start: dict[str, Any] | None = None) -> None:
        self.passed: set[tuple[str, str]] = set()
        self.values: dict[str, Any] = {}
        self.told: list[Any] = []
        super().__init__(compile_bundle(files, "p"), start or {})

    def keep(self, step: Any) -> Any:
        self.passed |= {(e.process_id, e.element_id) for e in step.trace if e.kind == "completed"}
        return super().keep(step)

    def follow(self, words: str) -> "Told":
        """Does what the words say (see `Versions`), and notes what is to be seen after each."""
        for word in filter(None, map(str.strip, words.split(";"))):
            name, *given = word.split()
            values = dict(pair.split("=") for pair in given)
            values |= {key: value.split(",") for key, value in values.items() if key == "items"}
            if hours := HOURS.fullmatch(word):
                self.wait(hours=int(hours[1]))
            elif name.startswith("!"):
                self.deliver(name[1:])
            else:
                self.do(name, **values)
                self.values |= values
            self.told.append(self.seen())
        return self

    def seen(self) -> dict[str, Any]:
        """What people and programs can see: what is open with its data, what has just happened, the end."""
        step = self.step
        happened = [(e.kind, e.element_id, e.source, e.at) for e in step.trace]
        data = sorted((name, self.rows[task]["data"]) for name, task in self.tasks())
        return {"happened": happened, "open": data, "end": (step.ended, step.outcome)}

    def facts(self) -> CaseFacts:
        return CaseFacts(frozenset(self.passed), dict(self.values))

    def verdict(self, new: Bundle) -> Verdict:
        return check_move(self.bundle, new, self.live, self.facts(), self.now)

    def moved(self, new: Bundle, verdict: Verdict) -> "Told":
        """The case after the move: the rows as the verdict changes them, under the new version."""
        self.rows |= {row["id"]: dict(row) for row in verdict.rows}
        self.bundle, self.told = new, []
        return self


def codes(verdict: Verdict) -> list[str]:
    return sorted(obstacle.code for obstacle in verdict.obstacles)


@pytest.mark.parametrize("name", ALLOWED)
def test_a_case_that_may_be_moved_goes_on_as_one_of_the_new_version(name: str) -> None:
    versions = ALLOWED[name]
    new = compile_bundle(versions.new, "p")
    case = Told(versions.old).follow(versions.before)
    verdict = case.verdict(new)
    assert codes(verdict) == []
    case.moved(new, verdict).follow(versions.after)
    fresh = Told(versions.new).follow(versions.before if versions.fresh is None else versions.fresh)
    fresh.told.clear()
    fresh.follow(versions.after)
    assert case.told == fresh.told
    assert case.step.ended


@pytest.mark.parametrize("name", REFUSED)
def test_a_case_that_may_not_be_moved_would_break_or_is_not_proven(name: str) -> None:
    versions = REFUSED[name]
    new = compile_bundle(versions.new, "p")
    case = Told(versions.old).follow(versions.before)
    verdict = case.verdict(new)
    assert codes(verdict) == sorted(versions.codes.split())
    if versions.proven:
        assert forced(case, new, versions) != regular(versions)


def forced(case: Told, new: Bundle, versions: Versions) -> object:
    """What becomes of a case that is put under the new version all the same."""
    try:
        return case.moved(new, Verdict(())).follow(versions.after).told
    except Exception as error:
        return repr(error)


def regular(versions: Versions) -> object:
    """What becomes of a case of the new version."""
    fresh = Told(versions.new).follow(versions.before if versions.fresh is None else versions.fresh)
    fresh.told.clear()
    try:
        return fresh.follow(versions.after).told
    except IndexError:
        return fresh.told


@pytest.mark.parametrize("name", REFUSED)
def test_every_refusal_names_the_element_in_both_languages(name: str) -> None:
    versions = REFUSED[name]
    verdict = Told(versions.old).follow(versions.before).verdict(compile_bundle(versions.new, "p"))
    for obstacle in verdict.obstacles:
        for text in obstacle.texts:
            assert obstacle.name in text
            assert "{" not in text


def test_a_refused_or_allowed_plan_changes_nothing() -> None:
    for versions in (*ALLOWED.values(), *REFUSED.values()):
        case = Told(versions.old).follow(versions.before)
        before = json.dumps([case.rows, case.body], default=str)
        case.verdict(compile_bundle(versions.new, "p"))
        assert json.dumps([case.rows, case.body], default=str) == before


def test_timers_keep_their_due_time_when_the_drawing_changes_it() -> None:
    old = ALLOWED["what an armed timer leads to has changed"].old
    new = {name: data.replace(b"PT5H", b"PT50H") for name, data in old.items()}
    case = Told(old).follow("@1h")
    due = case.step.next_due
    bundle = compile_bundle(new, "p")
    verdict = case.verdict(bundle)
    assert codes(verdict) == []
    case.moved(bundle, verdict).follow("@1h")
    assert case.step.next_due == due
    assert case.follow("@3h").open() == ["L"]


@pytest.mark.parametrize("shape", SHAPES)
def test_wherever_a_case_waits_the_new_version_is_known_to_wait_too(shape: str) -> None:
    """At every state of random walks: the state is among those that playing the diagram reaches, a version
    that says the same takes the case, and its rows stay as they are."""
    files = {name: data + b"\n" for name, data in SHAPES[shape].files.items()}
    new = compile_bundle(files, "p")
    checked = []

    @settings(max_examples=4, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(st.randoms(use_true_random=True))
    def drive(chance: Random) -> None:
        twins = Twins(shape)
        for _ in range(15):
            twins.act(chance.randrange(2**16))
            if twins.frozen.step.ended:
                return
            live = twins.frozen.live
            verdict = check_move(twins.bundle, new, live, CaseFacts(), twins.frozen.now)
            assert verdict == replace(verdict, obstacles=(), rows=())
            checked.append(known(twins, new))

    drive()
    assert sum(checked) > len(checked) / 2


def known(twins: Twins, new: Bundle) -> bool:
    """Whether the state was looked for; reminders may pile up beyond what is played."""
    case = thaw(twins.bundle, twins.frozen.live, twins.frozen.now)
    for scope in case.scopes():
        reached = reached_in(new)[scope.spec.name]
        sent_out = sum(t.task_spec.armed and not t.unfinished for t in scope.tasks.values())
        if not reached.complete or sent_out > 1:
            return False
        assert state_of_scope(scope, reached.net) in reached.states
    return True


def test_every_reason_is_worded_in_both_languages() -> None:
    assert all(zh and en and ("{name}" in zh) == ("{name}" in en) for zh, en in WORDING.values())
