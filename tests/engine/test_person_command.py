"""`python -m engine person …`: what the operator at the machine can do with accounts."""

import io
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import engine
from engine.__main__ import main
from engine.storage.models import Person, PersonEvent
from tests.databases import Databases

SECRET = "a long password"
PersonCommand = Callable[..., int]


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    """A database with our groups in it and nobody who could sign in."""
    groups = Path("bpmn/groups.csv").read_bytes()
    with databases.copy("empty") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session, engine.transaction(session):
            engine.deploy(session, {"groups.csv": groups}, "system", "first")
        database.dispose()
        yield url


@pytest.fixture
def session(url: str) -> Iterator[Session]:
    """A look into that database."""
    database = engine.create_database_engine(url)
    with Session(database) as session:
        yield session
    database.dispose()


@pytest.fixture
def person(url: str, monkeypatch: pytest.MonkeyPatch) -> PersonCommand:
    """`person("add", "li.na", …)` as typed, with a password on standard input."""

    def command(*words: str, secret: str = SECRET, lang: str = "en") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(secret + "\n"))
        return main(["person", *words, "--database-url", url, "--lang", lang])

    return command


@pytest.fixture
def admin(person: PersonCommand) -> PersonCommand:
    """The command, with one administrator in the database."""
    words = "--name", "谢宁", "--groups", "admin", "--reason", "首位管理员"
    assert person("add", "xie.ning", *words) == 0
    return person


def test_the_first_administrator_is_opened_without_anybody_signed_in_and_must_change_the_password(
    admin: PersonCommand, session: Session
) -> None:
    actor = engine.authenticate(session, "xie.ning", SECRET)
    assert (actor.name, actor.groups, actor.must_change_password) == ("谢宁", {"admin", "staff"}, True)
    event = session.query(PersonEvent).one()
    assert (event.kind, event.by.partition(":")[0], event.reason) == ("created", "system", "首位管理员")


def test_a_list_shows_everybody_with_groups_and_state(
    admin: PersonCommand, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert admin("list", lang="zh") == 0
    assert capsys.readouterr().out.split() == ["xie.ning", "在用", "admin", "谢宁"]
    assert admin("list", "--group", "qa") == 0
    assert capsys.readouterr().out == ""


def test_groups_are_replaced_accounts_switched_off_and_on_and_passwords_set(
    admin: PersonCommand, session: Session
) -> None:
    words = "--name", "李娜", "--groups", "cs", "--language", "en", "--reason", "入职"
    assert admin("add", "li.na", *words) == 0
    assert admin("groups", "li.na", "--groups", "qa", "qa_lead", "--reason", "调岗") == 0
    assert admin("deactivate", "li.na", "--reason", "休假") == 0
    assert engine.get_actor(session, "li.na") is None
    assert admin("activate", "li.na", "--reason", "回岗") == 0
    assert admin("password", "li.na", "--reason", "忘记", secret="another password") == 0
    session.expire_all()
    actor = engine.authenticate(session, "li.na", "another password")
    assert (actor.groups, actor.language) == ({"qa", "qa_lead", "staff"}, "en")
    kinds = [event.kind for event in session.query(PersonEvent).filter_by(person_id="li.na")]
    assert kinds == ["created", "groups_set", "deactivated", "activated", "password_set"]


@pytest.mark.parametrize(
    ("words", "secret", "zh", "en"),
    [
        (("add", "xie.ning", "--name", "x"), SECRET, "用户名 xie.ning 已被使用", "xie.ning is taken"),
        (("add", "Li Na", "--name", "x"), SECRET, "不能是“Li Na”", "not “Li Na”"),
        (("add", "system", "--name", "x"), SECRET, "不能是“system”", "not “system”"),
        (("add", "li.na", "--name", " "), SECRET, "请填写姓名", "needs a name"),
        (("add", "li.na", "--name", "x"), "", "密码至少 10 个字符", "at least 10 characters"),
        (
            ("add", "li.na", "--name", "x", "--groups", "qq"),
            SECRET,
            "qq。现有：admin, ",
            "qq. There are admin, ",
        ),
        (("add", "li.na", "--name", "x", "--groups", "admin", "qa"), SECRET, "不得与 qa 兼任", "with qa"),
        (("password", "xie.ning"), "short", "密码至少 10 个字符", "at least 10 characters"),
        (("groups", "nobody", "--groups", "qa"), "", "没有人员 nobody", "no person nobody"),
        (("groups", "xie.ning", "--groups", "admin"), "", "未作更改", "nothing was changed"),
        (("groups", "xie.ning", "--groups", "qa"), "", "最后一位", "last active administrator"),
        (("deactivate", "xie.ning"), "", "最后一位", "last active administrator"),
        (("activate", "xie.ning"), "", "未作更改", "nothing was changed"),
    ],
)
def test_a_refusal_says_why_in_either_language_and_changes_nothing(
    admin: PersonCommand,
    session: Session,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    secret: str,
    zh: str,
    en: str,
) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        assert admin(*words, "--reason", "试", secret=secret, lang=lang) == 1
        assert said in capsys.readouterr().err
    assert [p.id for p in session.query(Person)] == ["xie.ning"]
    assert session.query(PersonEvent).count() == 1


def test_every_change_asks_for_a_reason(admin: PersonCommand, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        admin("deactivate", "xie.ning")
    assert leaving.value.code == 2
    assert "--reason" in capsys.readouterr().err
    assert admin("deactivate", "xie.ning", "--reason", " ", lang="zh") == 1
    assert "请填写理由" in capsys.readouterr().err


def test_forgetting_which_groups_takes_none_away(admin: PersonCommand) -> None:
    with pytest.raises(SystemExit) as leaving:
        admin("groups", "xie.ning", "--reason", "x")
    assert leaving.value.code == 2


def test_a_database_without_tables_is_refused_with_what_to_do(
    databases: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    with databases.copy("bare") as url:
        assert main(["person", "list", "--database-url", url, "--lang", "zh"]) == 1
    assert "python -m engine migrate" in capsys.readouterr().err


@pytest.mark.parametrize(("again", "code"), [(SECRET, 0), ("another password", 1)])
def test_at_a_terminal_the_password_is_asked_for_twice_and_never_shown(
    url: str, again: str, code: int
) -> None:
    terminal, inside = pty.openpty()
    words = ["person", "add", "li.na", "--name", "李娜", "--reason", "入职", "--database-url", url]
    command = [sys.executable, "-m", "engine", *words]
    child = subprocess.Popen(command, stdin=inside, stdout=inside, stderr=inside, start_new_session=True)
    shown = b""
    for prompt, answer in (("新密码：", SECRET), ("再次输入：", again)):
        while prompt.encode() not in shown:
            shown += os.read(terminal, 1024)
        os.write(terminal, answer.encode() + b"\n")
    assert child.wait(30) == code
    shown += os.read(terminal, 1024)
    os.close(terminal)
    os.close(inside)
    assert ("两次输入的密码不一致" in shown.decode()) == (code == 1)
    assert SECRET.encode() not in shown
