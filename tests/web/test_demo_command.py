"""`python -m web`: what it says of itself, and of the demo organisation."""

from pathlib import Path

import pytest

from tests.databases import Databases
from tests.processes import PATIENCE, started
from web.__main__ import main
from web.demo.organisation import sign_in_lines
from web.settings import Settings

LOCALES = {"zh": "zh_CN.UTF-8", "en": "en_GB.UTF-8"}


def demo(databases: Databases, template: str, folder: Path) -> tuple[int, str]:
    """The exit code of `python -m web demo` on a copy of a database, and all that it says."""
    with (
        databases.copy(template) as url,
        started(folder / "log", "web", "demo", database_url=url, files=str(folder)) as made,
    ):
        return made.popen.wait(PATIENCE), made.said


def test_help_names_every_setting_with_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    said = capsys.readouterr().out.splitlines()
    for name, value in Settings().__dict__.items():
        shown = int(value) if isinstance(value, bool) else value
        assert f"  ZHIHUAN_{name.upper()}={shown}" in said


@pytest.mark.parametrize(("lang", "heading"), [("zh", "岗位组"), ("en", "group")])
def test_who_can_sign_in_is_told_in_the_language_of_the_terminal(
    lang: str, heading: str, tmp_path: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", LOCALES[lang])
    code, said = demo(databases, "furnished", tmp_path)
    assert code == 0
    assert said.splitlines() == sign_in_lines(lang)  # type: ignore[arg-type] # nobody is asked to wait
    assert said.startswith(heading)


def test_before_it_takes_its_minute_it_says_so(
    tmp_path: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is deployed here, so that it ends after that line."""
    monkeypatch.setenv("LC_ALL", LOCALES["en"])
    code, said = demo(databases, "empty", tmp_path)
    assert code != 0
    assert said.startswith("setting the demo organisation up, a minute or so …\n")
