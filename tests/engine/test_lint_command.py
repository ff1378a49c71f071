"""`python -m engine lint`: what it prints and how it exits."""

from pathlib import Path

import pytest

from engine.__main__ import main
from tests.engine.faulty.drawing import alone, chain

GOOD = '<startEvent id="SE"/>\n<userTask id="UT"/>\n<endEvent id="EE"/>' + chain("SE", "UT", "EE")
BAD = GOOD.replace('id="UT"/>', 'id="UT" camunda:assignee="${nobody}"/>')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a faulty and a merely untidy diagram."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "good").mkdir()
    (tmp_path / "bad" / "p.bpmn").write_bytes(alone(BAD).files["p.bpmn"])
    (tmp_path / "good" / "p.bpmn").write_bytes(alone(GOOD).files["p.bpmn"])
    return tmp_path


def test_errors_exit_with_1_and_name_file_line_column_level_and_element(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", str(folder / "bad")]) == 1
    lines = capsys.readouterr().out.splitlines()
    expected = f"{folder / 'bad' / 'p.bpmn'}:6:1 error UT Nothing sets the variable nobody"
    assert any(line.startswith(expected) for line in lines)


def test_messages_come_in_chinese_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--lang", "zh", str(folder / "bad" / "p.bpmn")]) == 1
    assert ":6:1 错误 UT 变量 nobody 没有任何来源" in capsys.readouterr().out


def test_warnings_fail_only_with_strict(folder: Path) -> None:
    assert main(["lint", str(folder / "good")]) == 0
    assert main(["lint", "--strict", str(folder / "good")]) == 1


def test_a_path_that_does_not_exist_exits_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(folder / "nothing")]) == 2
    assert "nothing" in capsys.readouterr().err


def test_our_own_folder_is_clean_even_if_strict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--strict", str(Path(__file__).parents[2] / "bpmn")]) == 0
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "已检查 2 个表单、1 个名称表，未发现问题。\n"),
        ("en", "Checked 2 forms, 1 table of names: no problems found.\n"),
    ],
)
def test_where_nothing_is_found_one_line_says_what_was_checked(
    tmp_path: Path, lang: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that lint passes over are not counted."""
    ours = Path(__file__).parents[2] / "bpmn"
    for name in ("forms/reply.form", "forms/reopen.form", "clauses.csv"):
        (tmp_path / Path(name).name).write_bytes((ours / name).read_bytes())
    (tmp_path / "prices.csv").write_text("a,b\n")
    assert main(["lint", "--lang", lang, str(tmp_path)]) == 0
    assert capsys.readouterr().out == said


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "没有可检查的文件。\n"), ("en", "There is no file to check.\n")]
)
def test_what_lint_passes_over_is_not_called_checked(
    tmp_path: Path, lang: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prices.csv").write_text("a,b\n")
    assert main(["lint", "--lang", lang, str(tmp_path)]) == 0
    assert capsys.readouterr().out == said
