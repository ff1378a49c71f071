"""What was found in files is remembered by what is in them."""

from engine.diagram.checked import MOST_PROBLEMS, content_key, linted, once
from engine.diagram.lint import lint
from engine.diagram.remembered import Remembered
from engine.errors import Problem
from tests.engine.houses import ONE

FOUND = Problem("p.bpmn", 1, 1, "warning", "", "x", "问题", "a problem")


def test_the_key_tells_contents_names_and_facts_apart() -> None:
    files = {"a": b"1", "b": b"2"}
    others = [{"a": b"1"}, {"a": b"1", "c": b"2"}, {"a": b"2", "b": b"1"}, {"a": b"1", "b": b"3"}]
    keys = {content_key(one) for one in [files, *others]} | {content_key(files, "p"), content_key(files, 1)}
    assert len(keys) == 7
    assert content_key({"b": b"2", "a": b"1"}) == content_key(files)


def test_a_look_is_taken_once_for_a_key_also_where_nothing_was_found() -> None:
    held, looks = Remembered[tuple[Problem, ...]](2), []

    def look() -> list[Problem]:
        looks.append(1)
        return []

    assert [once(held, "k", look), once(held, "k", look)] == [(), ()]
    assert len(looks) == 1
    once(held, "l", look), once(held, "m", look), once(held, "k", look)
    assert len(looks) == 4  # k was the oldest of three, and two are held


def test_files_with_very_many_problems_are_not_remembered() -> None:
    held = Remembered[tuple[Problem, ...]](2)
    assert len(once(held, "k", lambda: [FOUND] * (MOST_PROBLEMS + 1))) == MOST_PROBLEMS + 1
    assert held.get("k") is None


def test_what_is_remembered_is_what_lint_finds() -> None:
    changed = {"p.bpmn": ONE["p.bpmn"].replace(b'targetRef="EE_done"', b'targetRef="nowhere"')}
    for files in (ONE, changed, ONE):
        assert list(linted(files)) == lint(files)
        assert linted(files) is linted(files)
