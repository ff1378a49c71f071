"""A person's inbox, and the channels that people choose to be told on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

import engine
from engine.commands.delivery import Services
from engine.commands.worker import Worker, run_due
from engine.errors import BadAddress, BadChannel, HostNotAllowed, NoSuchChannel, NotificationNotFound
from engine.schedule.channels import VENDOR_HOSTS
from engine.storage.models import PersonGroup
from tests.drive import House
from tests.engine.houses import ONE
from tests.engine.listening import Postbox, Robot
from tests.engine.telling import (
    DINGTALK,
    announce,
    box,
    house_of,
    inbox,
    jobs,
    open_to,
    set_channel,
    told,
    wall,
)

__all__ = ["box", "wall"]
Furnish = Callable[..., House]


def test_each_chosen_channel_says_it_in_its_persons_language(
    house: Furnish, box: Postbox, wall: Robot
) -> None:
    home = house(ONE)
    with engine.transaction(home.session):
        engine.set_language(home.session, "cs2", "en")
    set_channel(home, "cs", "email", "cs@example.com")
    set_channel(home, "cs2", "email", "cs2@example.com")
    set_channel(home, "cs", "feishu", wall.address("/feishu"), hosts={wall.origin})
    case = home.start("p", gist="泄漏")
    run_due(home.session.get_bind(), open_to(box, wall), now=home.clock.now)
    said = {mail["To"]: mail["Subject"] for mail in box.mails}
    assert said["cs@example.com"] == f"{case.business_key} 待办：做do"
    assert said["cs2@example.com"] == f"{case.business_key} to do: 做do"
    ((path, headers, body),) = wall.posts
    assert (path, body["msg_type"]) == ("/feishu", "text")
    states = {job.kind: (job.state, job.id) for job in jobs(home.session)}
    assert states["webhook"] == ("done", headers["X-Idempotency-Key"])
    assert states["mail"][0] == "done"


def test_a_channel_that_is_switched_off_or_removed_says_nothing(house: Furnish) -> None:
    home = house(ONE)
    set_channel(home, "cs", "email", "cs@example.com", enabled=False)
    set_channel(home, "cs2", "email", "cs2@example.com")
    with engine.transaction(home.session):
        engine.remove_channel(home.session, home.actor("cs2"), "email")
    home.start("p", gist="泄漏")
    announce(home)
    assert jobs(home.session) == []
    assert told(home.session) == ["cs", "cs2"]


def test_people_who_share_a_group_robot_hear_it_there_once(house: Furnish) -> None:
    home = house(ONE)
    for person in ("cs", "cs2"):
        set_channel(home, person, "dingtalk", DINGTALK + "group")
    home.start("p", gist="泄漏")
    home.start("p", gist="渗漏")
    announce(home)
    assert len(jobs(home.session)) == 2
    assert len(told(home.session)) == 4


# -- the inbox


def test_the_inbox_is_paged_newest_first_and_counts_what_is_unread(house: Furnish) -> None:
    home = house(ONE)
    for n in range(7):
        home.start("p", gist=f"第{n}件")
        home.clock.advance(minutes=1)
        announce(home)
    who = home.actor("cs")
    first = engine.list_notifications(home.session, who, limit=5)
    second = engine.list_notifications(home.session, who, limit=5, cursor=first.next_cursor)
    times = [line.at for line in first.items + second.items]
    assert (len(times), first.total, second.next_cursor) == (7, 7, None)
    assert times == sorted(times, reverse=True)
    assert engine.count_unread(home.session, "cs") == 7


def test_a_notification_is_read_when_it_is_opened(house: Furnish) -> None:
    home = house(ONE)
    case = home.start("p", gist="泄漏")
    announce(home)
    (line,) = inbox(home, "cs")
    with engine.transaction(home.session):
        link = engine.open_notification(home.session, home.actor("cs"), line.id, now=home.clock.now)
    assert link == f"/tasks/{case.task('UT_do').id}"
    assert engine.count_unread(home.session, "cs") == 0
    assert inbox(home, "cs", unread=True) == []
    (line,) = inbox(home, "cs")
    assert line.read_at == home.clock.now


def test_one_or_all_are_marked_as_read_and_only_ones_own(house: Furnish) -> None:
    home = house(ONE)
    for n in range(3):
        home.start("p", gist=f"第{n}件")
    announce(home)
    foreign, (own, *_) = inbox(home, "cs2")[0], inbox(home, "cs")
    cs = home.actor("cs")
    assert engine.mark_read(home.session, cs, foreign.id) == 0
    assert engine.mark_read(home.session, cs, own.id) == 1
    assert engine.mark_read(home.session, cs) == 2
    assert (engine.count_unread(home.session, "cs"), engine.count_unread(home.session, "cs2")) == (0, 3)
    with pytest.raises(NotificationNotFound):
        engine.open_notification(home.session, cs, foreign.id)


def test_a_notification_leads_nowhere_once_the_reader_may_not_see_the_case(house: Furnish) -> None:
    home = house(house_of("dept"))
    home.start("p", gist="泄漏")
    announce(home)
    (line,) = inbox(home, "dept")
    home.session.execute(delete(PersonGroup).where(PersonGroup.person_id == "dept"))
    home.session.commit()
    assert engine.open_notification(home.session, home.actor("dept"), line.id) is None


# -- choosing channels


@pytest.mark.parametrize(
    ("channel", "address", "refusal"),
    [
        ("email", "nobody", BadAddress),
        ("email", "a@b.example\nBcc: c@d.example", BadAddress),
        ("email", "质@b.example", BadAddress),
        ("wecom", "qyapi.weixin.qq.com", BadAddress),
        ("wecom", "file:///etc/passwd", BadAddress),
        ("wecom", "https://user@qyapi.weixin.qq.com/x", BadAddress),
        ("wecom", "https://qyapi.weixin.qq.com/" + "x" * 500, BadAddress),
        ("wecom", "http://qyapi.weixin.qq.com/x", HostNotAllowed),
        ("wecom", "https://169.254.169.254/latest", HostNotAllowed),
        ("wecom", "https://qyapi.weixin.qq.com.evil.example/x", HostNotAllowed),
        ("wecom", "https://127.0.0.1#@qyapi.weixin.qq.com/", HostNotAllowed),
        ("feishu", DINGTALK + "x", HostNotAllowed),
    ],
)
def test_an_address_that_will_not_do_is_refused(
    house: Furnish, channel: str, address: str, refusal: type[BadChannel]
) -> None:
    home = house(ONE)
    with pytest.raises(refusal) as refused:
        set_channel(home, "cs", channel, address)
    assert refused.value.field == "address"
    assert engine.list_channels(home.session, home.actor("cs")) == []


def test_a_channel_that_does_not_exist_is_refused(house: Furnish) -> None:
    home = house(ONE)
    with pytest.raises(NoSuchChannel):
        set_channel(home, "cs", "pigeon", "a@b.example")
    for verb in (engine.remove_channel, engine.send_test):
        with pytest.raises(NoSuchChannel):
            verb(home.session, home.actor("cs"), "email")


def test_a_secret_is_kept_until_another_is_given_or_the_address_changes(house: Furnish) -> None:
    home, cs = house(ONE), None

    def kept() -> list[tuple[str, bool, bool]]:
        found = engine.list_channels(home.session, cs or home.actor("cs"))
        return [(c.address, c.has_secret, c.enabled) for c in found]

    set_channel(home, "cs", "dingtalk", DINGTALK + "a", secret="SEC1")
    set_channel(home, "cs", "dingtalk", DINGTALK + "a", enabled=False)
    assert kept() == [(DINGTALK + "a", True, False)]
    set_channel(home, "cs", "dingtalk", DINGTALK + "b")
    assert kept() == [(DINGTALK + "b", False, True)]
    with pytest.raises(BadChannel) as refused:
        set_channel(home, "cs", "dingtalk", DINGTALK + "b", secret="no blanks allowed")
    assert refused.value.field == "secret"
    assert {DINGTALK.split("/")[2]} < VENDOR_HOSTS


def test_a_test_goes_through_the_outbox_and_its_end_is_shown(house: Furnish, box: Postbox) -> None:
    home = house(ONE)
    set_channel(home, "cs", "email", "cs@example.com")

    def shown() -> tuple[str | None, str | None]:
        home.session.rollback()
        (channel,) = engine.list_channels(home.session, home.actor("cs"))
        return channel.tested, channel.cause

    assert shown() == (None, None)
    _test(home)
    assert shown() == ("due", None)
    Worker(home.session.get_bind(), Services()).run_once(home.clock.now)  # type: ignore[arg-type]
    assert shown()[0] == "due"
    assert "no mail server is set" in (shown()[1] or "")
    home.clock.advance(minutes=5)
    run_due(home.session.get_bind(), Services(box.url), now=home.clock.now)
    assert shown() == ("done", None)
    assert [mail["Subject"] for mail in box.mails] == ["质环测试通知"]
    _test(home, home.clock.advance(minutes=1))
    run_due(home.session.get_bind(), Services(box.url), now=home.clock.now + timedelta(seconds=1))
    assert len({mail["Message-ID"] for mail in box.mails}) == 2


def _test(home: House, at: datetime | None = None) -> None:
    with engine.transaction(home.session):
        engine.send_test(home.session, home.actor("cs"), "email", now=at or home.clock.now)
