"""`python -m engine COMMAND`: exit codes and refusals as a shell sees them."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

import engine
from engine.__main__ import COMMANDS, main
from engine.storage.models import HistoryEvent
from tests.drive import Clock, House, sign_up
from tests.engine.bpmn_text import chain, diagram, node
from tests.engine.houses import ONE


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as leaving:
        main([name, "--help"])
    assert leaving.value.code == 0
    assert f"python -m engine {name}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["no-such-command"]])
def test_a_wrong_call_says_which_commands_there_are(words, capsys):
    with pytest.raises(SystemExit) as leaving:
        main(words)
    assert leaving.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_a_refusal_goes_to_stderr_with_its_place_and_exit_code_1(tmp_path, capsys):
    file = tmp_path / "p.bpmn"
    file.write_bytes(b"<a>\n</b>")
    for lang, level in (("zh", "错误"), ("en", "error")):
        assert main(["tidy", str(file), "--lang", lang]) == 1
        assert f"p.bpmn:2:3 {level}" in capsys.readouterr().err
    assert file.read_bytes() == b"<a>\n</b>"


def test_tidy_draws_a_diagram_that_has_no_drawing(tmp_path):
    file = tmp_path / "p.bpmn"
    file.write_bytes(diagram(chain(node("userTask", "a", name="登记"))))
    assert main(["tidy", str(file)]) == 0
    assert b"BPMNShape" in file.read_bytes()


def verified(url, lang, monkeypatch, capsys):
    """What `verify` says in a terminal of that locale, and its exit code."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", lang)
    code = main(["verify", "--database-url", url])
    return code, capsys.readouterr().out


def test_verify_tells_how_much_it_checked_in_the_language_of_the_terminal(tmp_path, monkeypatch, capsys):
    url = f"sqlite:///{tmp_path / 'z.sqlite'}"
    database = engine.create_database_engine(url)
    engine.migrate(database)
    with Session(database) as session:
        sign_up(session)
        home = House(session, Clock(), tmp_path).deploy(ONE)
        home.start("p", gist="x").complete("UT_do", "cs", note="y")
        broken = home.start("p", gist="z")
    zh = "已核验：案件 2 件，历史链 2 条，历史记录 4 条，提交内容、签名与表单记录 3 份。"
    en = "Checked: cases 2, history chains 2, entries 4, submissions, signatures and records 3."
    assert verified(url, "zh_CN.UTF-8", monkeypatch, capsys) == (0, f"{zh}所有历史链完好。\n")
    assert verified(url, "en_GB.UTF-8", monkeypatch, capsys) == (0, f"{en} Every chain holds.\n")
    with Session(database) as session, engine.transaction(session):
        session.execute(update(HistoryEvent).where(HistoryEvent.instance_id == broken.id).values(reason="!"))
    number = broken.business_key
    left = "不完好的历史链：1 条。", " Chains that do not hold: 1."
    faults = f"{number}: 第 1 条历史记录被改动\n", f"{number}: history event 1 was altered\n"
    assert verified(url, "C.UTF-8", monkeypatch, capsys) == (1, f"{faults[0]}{zh}{left[0]}\n")
    assert verified(url, "de_DE", monkeypatch, capsys) == (1, f"{faults[1]}{en}{left[1]}\n")
    database.dispose()


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("person", "lint", "sound")])
def test_every_command_speaks_the_language_of_the_terminal(name, monkeypatch, capsys):
    monkeypatch.delenv("LC_ALL", raising=False)
    for lang, spoken in (("zh_TW.UTF-8", "zh"), ("en_US.UTF-8", "en"), ("POSIX", "zh")):
        monkeypatch.setenv("LANG", lang)
        with pytest.raises(SystemExit):
            main([name, "--help"])
        assert f"(LANG: {spoken})" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["lint", "sound"])
def test_a_missing_path_is_named_in_the_language_of_the_terminal(name, tmp_path, monkeypatch, capsys):
    """Where the locale says nothing it is English, as editors and programs read it."""
    monkeypatch.delenv("LC_ALL", raising=False)
    said = {"zh_CN.UTF-8": "没有这个文件", "en_US.UTF-8": "no such file", "C": "no such file"}
    for lang, words in said.items():
        monkeypatch.setenv("LANG", lang)
        assert main([name, str(tmp_path / "x")]) == 2
        assert words in capsys.readouterr().err
