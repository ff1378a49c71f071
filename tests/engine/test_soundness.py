"""Soundness: where a case would get stuck, circle for ever or never come, with the way there."""

from pathlib import Path

import pytest

from engine import check_soundness
from engine.diagram.lint.command import read_paths
from tests.engine.unsound import SOUND, UNSOUND, Case

BPMN = Path(__file__).parents[2] / "bpmn"


@pytest.mark.parametrize("case", SOUND.values(), ids=SOUND.keys())
def test_a_sound_diagram_raises_no_alarm(case: Case) -> None:
    assert [problem.text() for problem in check_soundness(case.files)] == []


@pytest.mark.parametrize("case", UNSOUND.values(), ids=UNSOUND.keys())
def test_an_unsound_diagram_is_told_by_kind_element_and_path(case: Case) -> None:
    problems = check_soundness(case.files)
    assert {(p.code.removeprefix("sound."), p.element) for p in problems} == case.verdict
    for text in ([p.zh for p in problems], [p.en for p in problems]) if case.path else ():
        assert any(line.endswith(case.path) for line in text), text


def test_our_own_processes_raise_no_alarm() -> None:
    assert [problem.text() for problem in check_soundness(read_paths([BPMN]))] == []
