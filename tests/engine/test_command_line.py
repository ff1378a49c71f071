"""`python -m engine COMMAND`: exit codes and refusals as a shell sees them."""

import pytest
from alembic import command
from sqlalchemy import select, update
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

import engine
from engine.__main__ import COMMANDS, main
from engine.records.files import path_of
from engine.storage.migrate import config
from engine.storage.models import Attachment, HistoryEvent
from tests.databases import postgres_url
from tests.drive import PNG, Clock, House, sign_up
from tests.engine.bpmn_text import chain, diagram, flow, node
from tests.engine.houses import END, ONE, START

PHOTOS = """{"type": "default", "id": "photos",
  "components": [{"type": "filepicker", "key": "photos", "label": "照片", "multiple": true}]}"""
ASKED = node("userTask", "UT_do", camunda_formRef="photos", camunda_candidateGroups="cs")
FILED = {
    "p.bpmn": diagram(START + ASKED + END + flow("SE", "UT_do") + flow("UT_do", "EE_done")),
    "photos.form": PHOTOS.encode(),
}


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


def verified(url, lang, monkeypatch, capsys, *more):
    """What `verify` says in a terminal of that locale, and its exit code."""
    for name in ("LC_ALL", "LC_MESSAGES", "ZHIHUAN_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", lang)
    code = main(["verify", "--database-url", url, *more])
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
    zh = f"已核验 {url}：案件 2 件，历史链 2 条，历史记录 4 条，提交内容、签名与表单记录 3 份，附件 0 个。"
    en = f"Checked {url}: cases 2, history chains 2, entries 4, submissions, signatures and records 3,"
    en += " attachments 0."
    assert verified(url, "zh_CN.UTF-8", monkeypatch, capsys) == (0, f"{zh}全部完好。\n")
    assert verified(url, "en_GB.UTF-8", monkeypatch, capsys) == (0, f"{en} Everything holds.\n")
    with Session(database) as session, engine.transaction(session):
        session.execute(update(HistoryEvent).where(HistoryEvent.instance_id == broken.id).values(reason="!"))
    number = broken.business_key
    left = (
        "不完好的历史链：1 条；缺失或被改动的附件：0 个。",
        " Chains that do not hold: 1; attachments missing or altered: 0.",
    )
    faults = f"{number}: 第 1 条历史记录被改动\n", f"{number}: history event 1 was altered\n"
    assert verified(url, "C.UTF-8", monkeypatch, capsys) == (1, f"{faults[0]}{zh}{left[0]}\n")
    assert verified(url, "de_DE", monkeypatch, capsys) == (1, f"{faults[1]}{en}{left[1]}\n")
    database.dispose()


def test_verify_names_every_attachment_that_is_missing_or_altered(tmp_path, monkeypatch, capsys):
    url, files = f"sqlite:///{tmp_path / 'z.sqlite'}", tmp_path / "files"
    database = engine.create_database_engine(url)
    engine.migrate(database)
    with Session(database) as session:
        sign_up(session)
        home = House(session, Clock(), files).deploy(FILED)
        lost, same = (home.attach("cs", f"{name}.png") for name in "甲乙")
        other = home.attach("cs", "丙.png", PNG + b"2")
        case = home.start("p", gist="x").complete("UT_do", "cs", photos=[lost, other])
        found = {row.id: path_of(files, row.sha256) for row in session.scalars(select(Attachment))}
    database.dispose()
    seen = url, "en_GB.UTF-8", monkeypatch, capsys, "--files", str(files)
    assert (verified(*seen)[0], "attachments 3. Everything holds." in verified(*seen)[1]) == (0, True)
    found[lost].unlink()
    found[other].write_bytes(PNG + b"3")
    number = case.business_key
    code, said = verified(*seen)
    assert code == 1
    *lines, end = said.splitlines()
    assert lines == [
        f"(no case yet): the file of attachment {same} (乙.png) is missing: {found[same]}",
        *sorted([
            f"{number}: the file of attachment {lost} (甲.png) is missing: {found[lost]}",
            f"{number}: the file of attachment {other} (丙.png) was altered: {found[other]}",
        ]),
    ]  # fmt: skip
    assert end.endswith("Chains that do not hold: 0; attachments missing or altered: 3.")


# -- the database


NEEDY = [["verify"], ["deploy"], ["worker", "--once"], ["person", "list"]]


@pytest.mark.parametrize("words", NEEDY, ids=" ".join)
def test_a_database_without_tables_is_told_to_migrate_and_no_file_is_made(words, tmp_path, capsys):
    for file, there in ((tmp_path / "empty.sqlite", True), (tmp_path / "no" / "new.sqlite", False)):
        if there:
            file.touch()
        assert main([*words, "--database-url", f"sqlite:///{file}", "--lang", "en"]) == 1
        said = capsys.readouterr().err
        assert str(file) in said
        assert "engine migrate" in said
        assert "Traceback" not in said
        assert file.exists() == there
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("words", [*NEEDY, ["migrate"]], ids=" ".join)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.postgres
def test_a_database_that_is_not_there_is_named_with_the_cause_and_without_the_password(
    words, lang, server, capsys
):
    url = make_url(postgres_url()).set(database="zhihuan_is_not_here", password="hush")
    given = url.render_as_string(hide_password=False)
    assert main([*words, "--database-url", given, "--lang", lang]) == 1
    said = capsys.readouterr().err
    assert said.startswith({"zh": "无法使用数据库 ", "en": "The database "}[lang])
    assert said.count("zhihuan_is_not_here") >= 2  # in the address and in what the server says
    assert "does not exist" in said
    assert "hush" not in said


@pytest.mark.parametrize("wrong", ["no address at all", "oracle+none://scott:hush@host/name"])
def test_an_address_that_is_none_is_refused_and_its_password_not_repeated(wrong, capsys):
    assert main(["migrate", "--database-url", wrong, "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert "cannot be used" in said
    assert "hush" not in said


def test_help_does_not_repeat_the_password_of_the_database(monkeypatch, capsys):
    monkeypatch.setenv("ZHIHUAN_DATABASE_URL", "postgresql://zhihuan:hush%40@host/name")
    with pytest.raises(SystemExit):
        main(["migrate", "--help"])
    said = capsys.readouterr().out
    assert "zhihuan:***@host" in said
    assert "hush" not in said


def test_migrate_tells_whether_it_created_upgraded_or_found_the_newest(tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'z.sqlite'}"
    words = ["migrate", "--database-url", url, "--lang"]
    assert main([*words, "en"]) == 0
    created = capsys.readouterr().out
    assert created.startswith("created (schema 0")
    assert url in created
    for lang, said in (("en", "already newest"), ("zh", "数据库已是最新")):
        assert main([*words, lang]) == 0
        assert said in capsys.readouterr().out
    database = engine.create_database_engine(url)
    with database.connect() as connection:
        command.downgrade(config(connection), "0013")
        connection.commit()
    database.dispose()
    assert main([*words, "en"]) == 0
    assert capsys.readouterr().out.startswith("upgraded from schema 0013 to ")


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("person", "lint", "sound")])
def test_every_command_speaks_the_language_of_the_terminal(name, monkeypatch, capsys):
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("ZHIHUAN_LANGUAGE", raising=False)
    for lang, spoken in (("zh_TW.UTF-8", "zh"), ("en_US.UTF-8", "en"), ("POSIX", "zh")):
        monkeypatch.setenv("LANG", lang)
        with pytest.raises(SystemExit):
            main([name, "--help"])
        assert f"(LANG: {spoken})" in capsys.readouterr().out


def test_the_setting_counts_where_the_terminal_names_no_language(monkeypatch, capsys):
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("ZHIHUAN_LANGUAGE", "en")
    for lang, spoken in (("C.UTF-8", "en"), ("zh_CN.UTF-8", "zh")):
        monkeypatch.setenv("LANG", lang)
        with pytest.raises(SystemExit):
            main(["migrate", "--help"])
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
