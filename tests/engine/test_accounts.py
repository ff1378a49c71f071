"""Accounts under administration: separation of duties, the last administrator, who may look."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import engine
from engine.errors import (
    AdminAlone,
    InitialPassword,
    LastAdmin,
    NotAllowed,
    NothingToChange,
    OwnAccount,
    PersonNotFound,
    SamePassword,
    StaleAccount,
)
from engine.storage.models import Person
from tests.drive import PASSWORD, Clock, House, actor, sign_up
from tests.engine.houses import REWORK
from tests.engine.test_races import at_once

ROUNDS = 10


@pytest.fixture
def two_admins(people: Session) -> Session:
    """The people of the tests, the vice president being an administrator too."""
    with engine.transaction(people):
        engine.set_groups(people, "vp", ["admin"], by="admin", reason="第二位管理员")
    return people


@pytest.mark.parametrize("by", ["cs", "compliance", "owner"])
def test_only_an_administrator_administers(people: Session, by: str) -> None:
    with pytest.raises(NotAllowed):
        engine.create_person(people, "li.na", "李娜", PASSWORD, by=by, reason="x")
    with pytest.raises(NotAllowed):
        engine.set_groups(people, "qa", ["cs"], by=by, reason="x")
    with pytest.raises(NotAllowed):
        engine.set_active(people, "qa", False, by=by, reason="x")
    with pytest.raises(NotAllowed):
        engine.set_password(people, "qa", "another password", by=by, reason="x")


def test_who_is_unknown_or_switched_off_administers_nothing(two_admins: Session) -> None:
    with engine.transaction(two_admins):
        engine.set_active(two_admins, "vp", False, by="admin", reason="离职")
    for by in ("vp", "nobody", ""):
        with pytest.raises(PersonNotFound):
            engine.set_groups(two_admins, "qa", ["cs"], by=by, reason="x")


def test_the_operator_at_the_machine_may_do_what_an_administrator_may(people: Session) -> None:
    for by in ("system", "system:root"):
        engine.set_active(people, "qa", by != "system", by=by, reason="x")
    assert engine.get_actor(people, "qa")


def test_nobody_administers_the_own_account(two_admins: Session) -> None:
    with pytest.raises(OwnAccount):
        engine.set_groups(two_admins, "admin", ["admin", "gm"], by="admin", reason="x")
    with pytest.raises(OwnAccount):
        engine.set_active(two_admins, "admin", False, by="admin", reason="x")
    with pytest.raises(OwnAccount):
        engine.set_password(two_admins, "admin", "another password", by="admin", reason="x")


def test_the_last_active_administrator_stays(two_admins: Session) -> None:
    engine.set_active(two_admins, "vp", False, by="system", reason="离职")
    with pytest.raises(LastAdmin) as refused:
        engine.set_active(two_admins, "admin", False, by="system", reason="x")
    assert refused.value.message("zh") == "admin 是最后一位在用的系统管理员：请先任命另一位。"
    with pytest.raises(LastAdmin):
        engine.set_groups(two_admins, "admin", [], by="system", reason="x")
    engine.set_active(two_admins, "vp", True, by="system", reason="回岗")
    engine.set_groups(two_admins, "admin", [], by="system", reason="交接")


def test_an_administrator_belongs_to_no_business_group(people: Session) -> None:
    with pytest.raises(AdminAlone):
        engine.set_groups(people, "qa", ["admin", "qa"], by="admin", reason="x")
    with pytest.raises(AdminAlone):
        engine.create_person(people, "li.na", "李娜", PASSWORD, ["admin", "qa"], by="admin", reason="x")
    engine.create_person(people, "li.na", "李娜", PASSWORD, ["admin", "staff"], by="admin", reason="x")


def test_what_is_so_already_is_not_recorded_as_a_change(people: Session) -> None:
    with pytest.raises(NothingToChange):
        engine.set_groups(people, "qa", ["staff", "qa"], by="admin", reason="x")
    with pytest.raises(NothingToChange):
        engine.set_active(people, "qa", True, by="admin", reason="x")
    assert engine.get_account(people, "qa", actor(people, "admin")).events == []


def test_groups_are_replaced_only_as_they_were_seen(people: Session) -> None:
    with pytest.raises(StaleAccount):
        engine.set_groups(people, "qa", ["cs"], expected=["sales"], by="admin", reason="x")
    engine.set_groups(people, "qa", ["cs"], expected=["qa", "staff"], by="admin", reason="x")


def test_a_given_password_is_to_be_changed_and_the_own_one_is_not_the_given_one(people: Session) -> None:
    engine.set_password(people, "cs", "given password", by="admin", reason="忘记密码")
    assert actor(people, "cs").must_change_password
    with pytest.raises(SamePassword):
        engine.change_password(people, "cs", "given password", "given password")
    engine.change_password(people, "cs", "given password", "my own password")
    assert not actor(people, "cs").must_change_password


def test_nothing_is_signed_with_a_password_that_somebody_else_knows(
    house: Callable[..., House], people: Session
) -> None:
    case = house(REWORK).start("p", gist="x")
    case.complete("UT_do", "cs", note="x")
    engine.set_password(people, "qa", PASSWORD + "!", by="admin", reason="忘记密码")
    task, who = case.task("UT_check").id, actor(people, "qa")
    with pytest.raises(InitialPassword):
        engine.complete_task(people, task, who, {"good": True}, password=PASSWORD + "!")
    engine.change_password(people, "qa", PASSWORD + "!", PASSWORD)
    engine.complete_task(people, task, actor(people, "qa"), {"good": True}, password=PASSWORD)


def test_administrators_and_compliance_look_and_nobody_else(people: Session) -> None:
    assert engine.list_accounts(people, actor(people, "admin")).total == len(engine.list_people(people))
    page = engine.get_account(people, "qa", actor(people, "compliance"))
    assert (bool(page.may_change), bool(page.may_deactivate)) == (False, False)
    with pytest.raises(NotAllowed):
        engine.list_accounts(people, actor(people, "gm"))
    with pytest.raises(NotAllowed):
        engine.get_account(people, "qa", actor(people, "qa"))


def test_an_account_tells_what_was_done_to_it_in_both_languages(people: Session, clock: Clock) -> None:
    engine.authenticate(people, "cs", PASSWORD, now=clock.now)
    engine.set_groups(
        people, "cs", ["qa", "vp"], by="system:root", reason=" 调岗 ", now=clock.advance(hours=1)
    )
    account = engine.get_account(people, "cs", actor(people, "compliance"))
    assert account.row.last_sign_in_at == clock.now.replace(hour=1)
    (event,) = account.events
    assert (event.at, event.reason, event.by_name.zh) == (clock.now, "调岗", "命令行（root）")
    assert event.text.zh == "更改岗位组；加入：qa 组、vp 组；退出：cs 组"
    assert event.text.en == "Groups changed; joined: qa 组, vp 组; left: cs 组"


def test_two_administrators_switching_each_other_off_at_once_leave_one(each_database: Engine) -> None:
    with Session(each_database) as session, engine.transaction(session):
        sign_up(session)
        engine.set_groups(session, "vp", ["admin"], by="admin", reason="第二位管理员")

    def switching_off(person: str, by: str) -> Callable[[Session], object]:
        def verb(own: Session) -> object:
            engine.get_actor(own, by)  # the page has read who acts before the verb begins
            return engine.set_active(own, person, False, by=by, reason="x")

        return verb

    for _ in range(ROUNDS):
        results = at_once(each_database, switching_off("vp", "admin"), switching_off("admin", "vp"))
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "PersonNotFound"]
        with Session(each_database) as session, engine.transaction(session):
            (off,) = session.scalars(select(Person.id).where(Person.active.is_(False)))
            engine.set_active(session, off, True, by="system", reason="again")
