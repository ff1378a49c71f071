"""The live set: an instance that is frozen and thawed after every step behaves as one that stays in
memory."""

from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.diagram.bundle import Bundle, compile_bundle
from engine.errors import NobodyWaits
from engine.execution.live_set import thaw
from tests.engine.driving import Frozen, Remembered, all_scopes, outcome, picture
from tests.engine.shapes import SHAPES

STEPS, EXAMPLES = 30, 19  # a shape; 20 shapes make 11,400 steps
BUNDLES: dict[str, Bundle] = {}


def fingerprint(bundle: Bundle) -> str:
    """Everything in the specs of a bundle that a running instance could have changed."""
    specs = [
        spec for process in (bundle.spec, *bundle.subspecs.values()) for spec in process.task_specs.values()
    ]
    facts = [
        {k: v for k, v in vars(spec).items() if not k.endswith("event") and k != "_wf_spec"} for spec in specs
    ]
    definitions = [vars(spec.event_definition) for spec in specs if hasattr(spec, "event_definition")]
    subscribers = [spec.completed_event.n_subscribers() for spec in specs]
    return repr((facts, definitions, subscribers))


def bundle_of(shape: str) -> Bundle:
    """The compiled shape."""
    return BUNDLES.setdefault(shape, compile_bundle(SHAPES[shape].files, "p"))


class Twins:
    """The same instance twice: in memory and frozen."""

    def __init__(self, shape: str) -> None:
        self.shape, self.bundle = SHAPES[shape], bundle_of(shape)
        self.reached: set[str] = set()
        self.frozen = Frozen(self.bundle, self.shape.start)
        self.memory = Remembered(self.bundle, self.shape.start)
        self.compare()

    def act(self, choice: int) -> None:
        """Does what the number says: complete a task (most often), let time pass, deliver a message."""
        pick, values = divmod(choice, 64)
        kinds = ["time"] * 2 + ["message"] * (4 if self.shape.messages else 0) + ["task"] * 12
        kind, tasks = kinds[pick % len(kinds)], self.frozen.tasks()
        given = {
            **{name: values % 8 for at, name in enumerate("abcd") if values >> at & 1},
            "again": values % 5 != 0,
            "stop": values % 7 == 0,
            "key": values % 2,
        }
        if kind == "task" and tasks:
            seqs = {self.frozen.rows[task]["seq"]: task for _, task in tasks}
            number = sorted(seqs)[pick % len(seqs)]
            self.frozen.complete(seqs[number], given)
            self.memory.complete(self.id_in_memory(number), given)
        elif kind == "message":
            self.deliver(self.shape.messages[pick % len(self.shape.messages)], given)
        else:
            for twin in (self.frozen, self.memory):
                twin.wait(minutes=10 + values * 5)
        self.compare()

    def deliver(self, name: str, payload: dict[str, Any]) -> None:
        refused = []
        for twin in (self.frozen, self.memory):
            try:
                twin.deliver(name, payload)
                refused.append(False)
            except NobodyWaits:
                refused.append(True)
        assert refused[0] == refused[1]

    def id_in_memory(self, number: int) -> str:
        tasks = (task for scope in all_scopes(self.memory.instance) for task in scope.tasks.values())
        return next(str(task.id) for task in tasks if task.seq == number)

    def compare(self) -> None:
        """Same tasks, states, data, clocks, trace, end."""
        self.reached.update(event.element_id for event in self.frozen.step.trace)
        seqs = {str(t.id): t.seq for scope in all_scopes(self.memory.instance) for t in scope.tasks.values()}
        rows = {row["id"]: row["seq"] for row in self.frozen.rows.values()}
        assert outcome(self.frozen.step, rows) == outcome(self.memory.step, seqs)
        thawed = thaw(self.bundle, self.frozen.live, self.frozen.now)
        if not self.frozen.step.ended:
            assert picture(thawed) == picture(self.memory.instance)


@pytest.mark.parametrize("shape", SHAPES)
def test_frozen_equals_in_memory(shape: str) -> None:
    """Whatever people, time and messages do, step by step: same tasks, data, timers and trace."""
    done, reached, before = [], set(), fingerprint(bundle_of(shape))

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(st.randoms(use_true_random=True))
    def drive(chance: Random) -> None:
        twins = Twins(shape)
        for _ in range(STEPS):
            if twins.frozen.step.ended:
                twins = Twins(shape)
            twins.act(chance.randrange(2**16))
            done.append(shape)
            reached.update(twins.reached)

    drive()
    drawn = {element_id for _, element_id in bundle_of(shape).elements}
    assert drawn - reached == set(), "driving at random reaches every element"
    assert fingerprint(bundle_of(shape)) == before, "instances share specs and never change them"
    assert len(done) >= 10_000 / len(SHAPES)
