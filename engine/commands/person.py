"""`python -m engine person …`: opens and manages accounts, the first administrator's too."""

import argparse
import getpass
import sys

from sqlalchemy.orm import Session

from engine.commands import migrate
from engine.commands.people import create_person, set_active, set_groups, set_password
from engine.errors import PasswordsDiffer
from engine.queries.account_rules import SYSTEM
from engine.queries.people import list_people
from engine.storage.session import transaction

WORDS = {
    "zh": {"on": "在用", "off": "停用", "done": "已完成", "password": "新密码：", "again": "再次输入："},
    "en": {"on": "active", "off": "off", "done": "done", "password": "New password: ", "again": "Again: "},
}
VERBS = {
    "add": "开立账号，密码首次登录时须更改 · open an account; its password is changed at first sign-in",
    "list": "列出账号 · list accounts",
    "groups": "替换岗位组 · replace the groups",
    "password": "重置密码 · set a new password",
    "deactivate": "停用账号 · switch an account off",
    "activate": "恢复账号 · switch an account on again",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command a verb. Passwords are no arguments: they are asked for, or read from standard input."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", help=", ".join(VERBS))
    for name, purpose in VERBS.items():
        verb = verbs.add_parser(name, help=purpose, description=purpose)
        if name == "list":
            verb.add_argument("--group", help="岗位组 · of this group only")
        else:
            verb.add_argument("id", help="用户名 · user name")
            verb.add_argument("--reason", required=True, help="理由，留存备查 · why, kept with the account")
        if name == "add":
            verb.add_argument("--name", required=True, help="姓名 · name")
            verb.add_argument("--language", choices=("zh", "en"), default="zh")
        if name in ("add", "groups"):
            needed = name == "groups"  # `--groups` alone takes all groups away, forgetting it must not
            verb.add_argument("--groups", nargs="*", default=[], required=needed, help="岗位组 · groups")
        migrate.add_arguments(verb)


def run(options: argparse.Namespace) -> int:
    """Does what the verb says and commits. Raises what the verbs raise, and NotMigrated."""
    with migrate.opened(options, migrated=True) as database, Session(database) as session:
        if options.verb == "list":
            _list(session, options)
            return 0
        secret = _password(options) if options.verb in ("add", "password") else ""
        with transaction(session):
            _change(session, options, secret)
    print(f"{options.id}: {WORDS[options.lang]['done']}")
    return 0


def _change(session: Session, options: argparse.Namespace, secret: str) -> None:
    facts = {"by": _operator(), "reason": options.reason}
    if options.verb == "add":
        name, language = options.name, options.language
        create_person(session, options.id, name, secret, options.groups, language=language, **facts)
    elif options.verb == "groups":
        set_groups(session, options.id, options.groups, **facts)
    elif options.verb == "password":
        set_password(session, options.id, secret, **facts)
    else:
        set_active(session, options.id, options.verb == "activate", **facts)


def _list(session: Session, options: argparse.Namespace) -> None:
    words = WORDS[options.lang]
    for person in list_people(session, options.group):
        state = words["on"] if person.active else words["off"]
        print(f"{person.id:<20} {state:<7} {','.join(person.groups) or '-':<24} {person.name}")


def _operator() -> str:
    """Who is recorded: the login at this machine. The database is trusted to those who can open it."""
    try:
        return f"{SYSTEM}:{getpass.getuser()}"[:64]
    except (KeyError, OSError):  # a container may run under a number without a name
        return SYSTEM


def _password(options: argparse.Namespace) -> str:
    """Asked for twice at a terminal; otherwise the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    words = WORDS[options.lang]
    first = getpass.getpass(words["password"])
    if getpass.getpass(words["again"]) != first:
        raise PasswordsDiffer()
    return first
