"""A file is read once, however many look at it, and what was read of another is never taken for it."""

import pytest

from engine.diagram import understood
from engine.diagram.remembered import Remembered
from engine.diagram.understood import Understood, understand
from tests.engine.bpmn_text import chain, diagram, node

START_TO_END = chain(node("startEvent", "s"), node("endEvent", "e"))


def test_the_same_file_is_read_once() -> None:
    data = diagram(START_TO_END)
    assert understand(data, "a.bpmn") is understand(data, "a.bpmn")


def test_another_name_or_another_content_is_another_file() -> None:
    data = diagram(START_TO_END)
    first = understand(data, "a.bpmn")
    assert [p.facts.file for p in understand(data, "b.bpmn").processes] == ["b.bpmn"]
    assert understand(data + b"<!-- -->", "a.bpmn") is not first
    assert [p.facts.file for p in first.processes] == ["a.bpmn"]


@pytest.mark.parametrize("name", ["x.bpmn", "x.dmn", "x.form"])
def test_what_cannot_be_read_is_told_every_time(name: str) -> None:
    for _ in range(2):
        found = understand(b"<", name)
        assert {problem.file for problem in (*found.errors, *found.remarks)} == {name}
        assert (found.processes, found.decision, found.form) == ((), None, None)


def test_a_name_that_no_encoding_can_write_is_a_name() -> None:
    assert understand(b"<", "\ud800.bpmn").errors


def test_large_files_drive_nothing_out() -> None:
    data = diagram(START_TO_END)
    small = understand(data, "small.bpmn")
    large = data + b"<!--" + b"x" * understood.LARGEST + b"-->"
    assert understand(large, "large.bpmn") is not understand(large, "large.bpmn")
    assert understand(data, "small.bpmn") is small


def test_small_files_are_not_remembered_without_end() -> None:
    first = understand(b"", "first.form")
    for n in range(understood.MOST_BYTES // understood.LEAST):
        understand(b"", f"{n}.form")
    assert understand(b"", "first.form") is not first


def test_what_is_remembered_stays_within_its_weight() -> None:
    held: Remembered[Understood] = Remembered(10)
    things = {name: Understood() for name in "abc"}
    held.keep("a", things["a"], weight=4)
    held.keep("b", things["b"], weight=4)
    held.keep("a", things["a"], weight=6)
    assert held.get("a") is things["a"]
    assert held.get("b") is things["b"]
    held.keep("c", things["c"], weight=1)
    assert held.get("a") is None
    assert (held.get("b"), held.get("c")) == (things["b"], things["c"])
    held.keep("d", things["a"], weight=11)
    assert [held.get(name) for name in "bcd"] == [None, None, None]
