"""What was done to an account, as sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.queries.account_rules import is_system
from engine.queries.people import list_groups, names_of
from engine.queries.views import Text
from engine.storage.models import PersonEvent

SENTENCES = {
    "created": Text("开立账号", "Account opened"),
    "groups_set": Text("更改岗位组", "Groups changed"),
    "activated": Text("恢复账号", "Account switched on again"),
    "deactivated": Text("停用账号", "Account switched off"),
    "password_set": Text("重置密码，下次登录时须更改", "Password reset, to be changed at the next sign-in"),
    "password_changed": Text("本人更改密码", "Changed the own password"),
    "token_created": Text("创建程序令牌", "Token for a program created"),
    "token_revoked": Text("吊销程序令牌", "Token for a program revoked"),
}
PARTS = {
    "groups": Text("岗位组：", "groups: "),
    "added": Text("加入：", "joined: "),
    "removed": Text("退出：", "left: "),
}


@dataclass(frozen=True)
class AccountEvent:
    """One thing done to an account; `by_name` is a person's name, or the operator at the machine."""

    at: datetime
    by: str
    by_name: Text
    kind: str
    text: Text
    reason: str | None


def list_events(session: Session, person_id: str) -> list[AccountEvent]:
    """Everything that was done to an account, newest first."""
    statement = select(PersonEvent).where(PersonEvent.person_id == person_id).order_by(PersonEvent.id.desc())
    events = list(session.scalars(statement))
    names = names_of(session, (event.by for event in events))
    groups = {group.id: group.name for group in list_groups(session)}
    return [
        AccountEvent(e.at, e.by, operator_or_person(e.by, names), e.kind, _sentence(e, groups), e.reason)
        for e in events
    ]


def operator_or_person(by: str, names: Mapping[str, str]) -> Text:
    """Who `by` is: a person's name, or the operator with the login at the machine."""
    if not is_system(by):
        return Text(names.get(by, by))
    login = by.partition(":")[2]
    return Text(f"命令行（{login}）", f"command line ({login})") if login else Text("命令行", "command line")


def _sentence(event: PersonEvent, groups: Mapping[str, Text]) -> Text:
    return Text(_in("zh", event, groups), _in("en", event, groups))


def _in(lang: str, event: PersonEvent, groups: Mapping[str, Text]) -> str:
    """The sentence in one language: 更改岗位组；加入：品质部；退出：客户服务部."""
    said = [SENTENCES.get(event.kind, Text(event.kind)).get(lang)]
    for part, words in PARTS.items():
        ids = (event.data or {}).get(part)
        if isinstance(ids, list) and ids:
            named = [groups[id].get(lang) if id in groups else str(id) for id in ids]
            said.append(words.get(lang) + ("、" if lang == "zh" else ", ").join(named))
    token = (event.data or {}).get("token")
    if isinstance(token, str):
        said.append(token)
    return ("；" if lang == "zh" else "; ").join(said)
