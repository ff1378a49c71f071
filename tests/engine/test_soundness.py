"""Soundness: where a case would get stuck, circle for ever or never come, with the way there."""

from pathlib import Path

import pytest

from engine import check_soundness
from engine.__main__ import main
from engine.diagram.lint.command import read_paths
from tests.engine.drawing import TERMINATE, bpmn, call, ends, gateways, subprocess, tasks
from tests.engine.faulty import elements, events, house, names, structure
from tests.engine.faulty import gateways as faulty_gateways
from tests.engine.faulty.case import Case as Faulty
from tests.engine.shapes import SHAPES, Shape
from tests.engine.unsound import SOUND, UNSOUND, Case

FAULTY: list[Faulty] = [
    *structure.CASES, *faulty_gateways.CASES, *events.CASES, *elements.CASES, *names.CASES, *house.PROPERTIES,
    *faulty_gateways.WARNINGS, *house.WARNINGS,
]  # fmt: skip
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


JOINED = UNSOUND["a choice, joined"].files["p.bpmn"].replace(b"<bpmn:", b"\n<bpmn:")


def test_a_problem_names_file_line_and_element_and_says_it_in_both_languages() -> None:
    line = next(n for n, text in enumerate(JOINED.splitlines(), 1) if b'id="J"' in text)
    problem = next(p for p in check_soundness({"x.bpmn": JOINED}) if p.element == "J")
    way = "s → X → A"
    en = f"it waits for B, from where nothing comes any more. The way here: {way}"
    assert problem.text("en") == (
        f"x.bpmn:{line}:1 error J A case gets stuck here and can never go on: {en}"
    )
    zh = f"它还在等 B，而那里不会再有什么来了。走到这里的路径：{way}"
    assert problem.text("zh") == f"x.bpmn:{line}:1 错误 J 案件会在这里卡住，再也走不下去：{zh}"


def test_an_end_out_of_reach_names_what_no_case_gets_past() -> None:
    problem = next(p for p in check_soundness({"p.bpmn": JOINED}) if p.element == "e")
    assert "none gets past J. " in problem.en
    assert problem.en.endswith("a case gets: s → X → A")


@pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES.keys())
def test_what_the_engine_is_proven_on_raises_no_alarm(case: Shape) -> None:
    assert [problem.text() for problem in check_soundness(case.files)] == []


def test_many_branches_at_once_are_no_matter() -> None:
    """Forty branches have more than a million million states, of which few differ in what may follow."""
    names = [f"A{number}" for number in range(40)]
    flows = ";".join(f"F > {name}; {name} > J" for name in names)
    nodes = tasks(" ".join([*names, "Z"])) + gateways("parallel", "F J") + ends("e", TERMINATE)
    assert check_soundness({"p.bpmn": bpmn("p", nodes, f"s > F; {flows}; J > Z; Z > e")}) == []


def test_what_is_too_large_is_a_warning_and_no_alarm() -> None:
    """A choice of twelve ways at once is not combined in full: nothing is said that was not seen."""
    names = [f"A{number}" for number in range(12)]
    flows = ";".join(f"I > {name} : a; {name} > J" for name in names)
    nodes = tasks(" ".join(names)) + gateways("inclusive", "I J") + ends("e")
    problems = check_soundness({"p.bpmn": bpmn("p", nodes, f"s > I; {flows}; J > e")})
    assert [(p.code, p.level, p.element) for p in problems] == [("sound.too-large", "warning", "s")]


@pytest.mark.parametrize("case", FAULTY, ids=str)
def test_a_faulty_file_is_left_to_lint(case: Faulty) -> None:
    """Whatever is wrong with it, the check answers, and names only elements that are drawn."""
    for problem in check_soundness(case.files.files):
        assert problem.element.encode() in case.files.files[problem.file]


def test_calls_may_go_in_circles_or_very_deep() -> None:
    deep = {f"p{n}.bpmn": calling(f"p{n}", f"p{n + 1}") for n in range(300)}
    assert check_soundness(deep) == []
    assert check_soundness({"p.bpmn": calling("p", "q"), "q.bpmn": calling("q", "p")}) == []


def calling(process_id: str, other: str) -> bytes:
    """A process that only calls another one."""
    return bpmn(process_id, call("C", other, "") + ends("e"), "s > C; C > e")


def test_the_command_prints_as_lint_does_and_fails_on_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.bpmn").write_bytes(JOINED)
    assert main(["sound", "--lang", "zh", str(tmp_path)]) == 1
    assert "错误 J 案件会在这里卡住" in capsys.readouterr().out
    assert main(["sound", str(tmp_path / "nothing")]) == 2
    assert main(["sound", "--strict", str(BPMN)]) == 0


@pytest.mark.parametrize(
    ("lang", "all_well", "left"),
    [
        ("zh", "已推演 2 个流程的所有走法，未发现问题。", "另有 1 个流程图未能推演，请用 lint 检查。"),
        ("en", "Played 2 processes in every way: no problems found.",
         " 1 diagram could not be played: check with lint."),
    ],
)  # fmt: skip
def test_the_command_says_what_it_played_where_nothing_is_found(
    tmp_path: Path, lang: str, all_well: str, left: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A subprocess is no process of its own; a diagram that cannot be read is not passed over in silence."""
    inner = subprocess("S", ends("e2"), "s_S > e2")
    (tmp_path / "p.bpmn").write_bytes(calling("p", "q"))
    (tmp_path / "q.bpmn").write_bytes(bpmn("q", inner + ends("e"), "s > S; S > e"))
    assert main(["sound", "--lang", lang, str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{all_well}\n"
    (tmp_path / "broken.bpmn").write_bytes(b"<definitions")
    assert main(["sound", "--lang", lang, str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{all_well}{left}\n"
