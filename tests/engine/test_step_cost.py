"""What a step costs does not depend on how much has happened before: counted, not timed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from SpiffWorkflow import TaskState

from engine.execution import workflow
from tests.engine.driving import Frozen
from tests.engine.shapes import SHAPES, Shape
from tests.engine.test_live_set import bundle_of

Cost = list[tuple[int, int, int]]


class Rework:
    """An instance of a shape, sent through its loop again and again, with all its history in the rows."""

    def __init__(self, shape: str) -> None:
        self.shape: Shape = SHAPES[shape]
        self.run = Frozen(bundle_of(shape), self.shape.start)
        self.live = {row["id"]: row for row in self.run.live.rows}

    def turn(self, elements: str) -> Cost:
        """One turn; for every step the rows and bytes written, and the rows loaded."""
        return [self._step(name) for name in elements.split()]

    def _step(self, element: str) -> tuple[int, int, int]:
        loaded = workflow.Live(sorted(self.live.values(), key=lambda row: row["seq"]), self.run.body)
        step = self._taken(element, loaded)
        self.run.keep(step)
        for row in step.rows_upsert:
            self.live.pop(row["id"], None)
            if row["live"]:
                self.live[row["id"]] = self.run.rows[row["id"]]
        return len(step.rows_upsert), written(step), len(loaded.rows)

    def _taken(self, element: str, loaded: workflow.Live) -> workflow.Step:
        if element.startswith("+"):
            self.run.now += timedelta(hours=int(element))
            return workflow.advance(self.run.bundle, loaded, self.run.now)
        ready = [
            row["id"]
            for row in loaded.rows
            if row["spec"].startswith(element) and row["state"] == TaskState.READY
        ]
        values = {"again": True, "a": 1, "b": 2}
        return workflow.complete(self.run.bundle, loaded, ready[0], values, self.run.now)


def written(step: workflow.Step) -> int:
    """The bytes of what a step writes."""

    def plain(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "changed_at": row["changed_at"].isoformat(timespec="microseconds")}

    body = {**step.body, "at": ""}
    return sum(len(json.dumps(plain(row)).encode()) for row in step.rows_upsert) + len(json.dumps(body))


@pytest.mark.parametrize(
    ("shape", "elements"),
    [
        ("loop", "A B"),
        ("parallel_in_loop", "A B C"),
        pytest.param("unstructured_joins", "E B A D C", marks=pytest.mark.long),
        ("reminders_in_loop", "+1 +1 A"),
        pytest.param("reminders_in_loop", "+3 R A", marks=pytest.mark.long),
        pytest.param("multi_parallel", "U U U A", marks=pytest.mark.long),
        ("multi_sequential", "U U U A"),
        pytest.param("multi_call_parallel", "L L L Q", marks=pytest.mark.long),
        pytest.param("nested_calls", "A M L L B", marks=pytest.mark.long),
    ],
)
def test_a_late_turn_costs_what_an_early_one_costs(shape: str, elements: str) -> None:
    """Rows written, bytes written and rows loaded are the same at turn 10 and at turn 1,000 of a rework
    loop."""
    rework = Rework(shape)
    turns = {number: rework.turn(elements) for number in range(1, 1001)}
    assert turns[10] == turns[1000]
    assert max(rows for rows, _, _ in turns[1000]) <= 20
    assert max(loaded for _, _, loaded in turns[1000]) <= 12


def test_history_stays_with_its_true_parents() -> None:
    """Finished rows are never written again, and each names the task that it really came from."""
    rework = Rework("loop")
    for _ in range(20):
        rework.turn("A B")
    rows = rework.run.rows
    finished = [row for row in rows.values() if not row["live"]]
    assert len(finished) > 80
    for row in rows.values():
        above = rows.get(row["parent"])
        assert above is None or above["seq"] < row["seq"]
    expected = {"A": {"s", "X"}, "B": {"A"}, "read": {"B"}, "X": {"read"}}
    for row in rows.values():
        if row["spec"] in expected:
            assert rows[row["parent"]]["spec"] in expected[row["spec"]]


def test_reminders_do_not_pile_up() -> None:
    """After 300 reminders on one task, and 300 turns with a reminder each, the live rows are as few as at
    first."""
    rework = Rework("reminders_in_loop")
    few = []
    for _ in range(300):
        rework.turn("+1")
        few.append(len(rework.live))
    assert few[5] == few[-1]
    for _ in range(300):
        rework.turn("+1 A")
        few.append(len(rework.live))
    assert few[310] == few[-1] <= 9
