"""The inbox and the channels on the pages: count, filter, opening, marking; addresses and their problems."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, insert

import engine
from engine.commands.notices import announce_tasks
from engine.commands.worker import run_due
from engine.storage.models import Notification
from tests.drive import Case
from tests.engine.counting import counted
from tests.engine.listening import postbox
from tests.web.pages import Answer, Site, Visitor
from web.settings import Settings, SettingsError

ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=x"


def announced(site: Site, cases: int = 1) -> list[Case]:
    """Cases whose tasks have been told to their candidates."""
    made = [site.case("p", gist=f"第{n}件") for n in range(cases)]
    with engine.transaction(site.house.session):
        announce_tasks(site.house.session, site.house.clock.now)
    return made


def lines(answer: Answer) -> list[str]:
    """The notifications on a page."""
    return [a.text_content() for a in answer.all("//ul[contains(@class, 'lines-list')]/li//a")]


def badge(visitor: Visitor, path: str = "/help") -> str:
    """The number in the bar."""
    return "".join(visitor.get(path).all("//header//span[@class='count']/text()"))


def test_the_bar_of_every_page_counts_what_is_unread(site: Site) -> None:
    visitor = site.as_("cs")
    assert badge(visitor) == ""
    announced(site, 3)
    assert {badge(visitor, path) for path in ("/", "/inbox", "/account", "/help", "/nowhere")} == {"3"}
    assert badge(site.as_("gm")) == ""


def test_the_count_stops_at_a_hundred(site: Site) -> None:
    at = datetime.now(UTC)
    many = [
        {"id": f"n{n}", "person_id": "cs", "kind": "test", "facts": {}, "dedup": f"n{n}", "at": at}
        for n in range(101)
    ]
    site.house.session.execute(insert(Notification), many)
    site.house.session.commit()
    assert badge(site.as_("cs")) == "99+"


def test_counting_costs_one_statement_more(site: Site) -> None:
    announced(site, 3)
    visitor, database = site.as_("cs"), site.house.session.get_bind()
    assert isinstance(database, Engine)
    with site.app.app_context():
        from web.db import db

        with counted(db.engine) as work:
            visitor.get("/help")
    assert len([s for s in work.statements if "notification" in s]) == 1


def test_a_line_leads_to_its_task_and_is_read_then(site: Site) -> None:
    (case,) = announced(site)
    visitor = site.as_("cs")
    page = visitor.get("/inbox")
    assert lines(page) == [f"{case.business_key} 待办：做do"]
    assert "流程：返工流程 · 期限：" in page.text
    opened = visitor.get(page.all("//ul//a[@class='step']/@href")[0])
    assert opened.location == site.task(case, "UT_do")
    assert "您已读完全部通知" in visitor.get("/inbox").text
    assert lines(visitor.get("/inbox?view=all")) == [f"{case.business_key} 待办：做do"]
    assert badge(visitor) == ""


def test_who_opens_a_task_from_the_list_has_read_of_it_too(site: Site) -> None:
    (case,) = announced(site)
    visitor = site.as_("cs")
    assert badge(visitor) != ""
    visitor.get(site.task(case, "UT_do"))
    assert badge(visitor) == ""


def test_the_inbox_speaks_the_language_of_its_reader(site: Site) -> None:
    (case,) = announced(site)
    page = site.as_("cs", "en").get("/inbox")
    assert lines(page) == [f"{case.business_key} to do: 做do"]
    assert "Process: 返工流程 · Due: " in page.text


def test_one_or_all_are_marked_as_read(site: Site) -> None:
    announced(site, 3)
    visitor = site.as_("cs")
    one = visitor.get("/inbox").all("//button[@name='id']/@value")[0]
    assert visitor.post("/inbox/read", id=one, view="all").location == "/inbox?view=all"
    assert badge(visitor) == "2"
    visitor.post("/inbox/read")
    assert badge(visitor) == ""


def test_the_inbox_is_paged(site: Site) -> None:
    announced(site, 30)
    visitor = site.as_("cs")
    first = visitor.get("/inbox")
    second = visitor.get(first.all("//a[@rel='next']/@href")[0])
    assert (len(lines(first)), len(lines(second))) == (25, 5)
    assert not set(lines(first)) & set(lines(second))


def test_nobody_opens_or_marks_what_others_were_told(site: Site) -> None:
    announced(site)
    mine = site.as_("cs").get("/inbox").all("//button[@name='id']/@value")[0]
    other = site.as_("gm")
    assert other.get(f"/inbox/{mine}").status == 404
    other.post("/inbox/read", id=mine)
    assert badge(site.as_("cs")) == "1"


def test_an_empty_inbox_says_what_will_be_in_it(site: Site) -> None:
    visitor = site.as_("gm")
    assert "您已读完全部通知" in visitor.get("/inbox").text
    assert "还没有给您的通知" in visitor.get("/inbox?view=all").text
    assert visitor.get("/inbox?view=nonsense").status == 400


def test_a_channel_is_set_changed_and_removed_on_the_account_page(site: Site) -> None:
    visitor = site.as_("cs")
    saved = visitor.follow("/account/channels/email", address="cs@example.com", enabled="1")
    assert "渠道已保存" in saved.text
    page = visitor.get("/account")
    assert page.all("//input[@id='email-address']/@value") == ["cs@example.com"]
    visitor.post("/account/channels/email", address="new@example.com")
    known = engine.list_channels(site.house.session, site.house.actor("cs"))
    assert [(c.address, c.enabled) for c in known] == [("new@example.com", False)]
    visitor.post("/account/channels/email/remove")
    site.house.session.rollback()
    assert engine.list_channels(site.house.session, site.house.actor("cs")) == []


@pytest.mark.parametrize(
    ("channel", "field", "fields", "said"),
    [
        ("email", "address", {"address": "nobody"}, "这不是邮件地址"),
        ("wecom", "address", {"address": "https://intranet.example/x"}, "不允许服务器访问 intranet.example"),
        ("dingtalk", "secret", {"address": ROBOT, "secret": "a b"}, "不是机器人的签名密钥"),
    ],
)
def test_a_problem_stands_at_its_field_and_what_was_typed_is_kept(
    site: Site, channel: str, field: str, fields: dict[str, str], said: str
) -> None:
    page = site.as_("cs").post(f"/account/channels/{channel}", **fields)
    assert page.status == 422
    assert said in page.all(f"//*[@id='{channel}-{field}-problem']")[0].text_content()
    assert page.all(f"//input[@id='{channel}-address']/@value") == [fields["address"]]
    assert page.all(f"//details[@open]//input[@id='{channel}-{field}']")
    assert len(page.all("//p[@class='problem']")) == 1


def test_a_secret_is_never_shown_again(site: Site) -> None:
    visitor = site.as_("cs")
    visitor.post("/account/channels/dingtalk", address=ROBOT, secret="SECabc", enabled="1")
    page = visitor.get("/account")
    assert "SECabc" not in page.response.get_data(as_text=True)
    assert "已保留" in page.text


def test_a_channel_that_does_not_exist_is_not_found(site: Site) -> None:
    visitor = site.as_("cs")
    for path in ("pigeon", "pigeon/remove", "email/test", "email/remove"):
        assert visitor.post(f"/account/channels/{path}", address="a@b.example").status == 404


def test_a_test_is_sent_through_the_outbox_and_its_end_is_shown(site: Site) -> None:
    visitor = site.as_("cs")
    visitor.post("/account/channels/email", address="cs@example.com", enabled="1")
    visitor.post("/account/channels/email/test")
    assert "测试通知正在发送" in visitor.get("/account").text
    with postbox() as box:
        site.house.session.rollback()
        run_due(site.house.session.get_bind(), engine.Services(box.url))
        assert [mail["Subject"] for mail in box.mails] == ["质环测试通知"]
    assert "测试通知已送达" in visitor.get("/account").text


def test_nobody_makes_the_server_send_without_end(site: Site) -> None:
    visitor = site.as_("cs")
    visitor.post("/account/channels/email", address="cs@example.com")
    statuses = [visitor.post("/account/channels/email/test").status for _ in range(8)]
    assert statuses == [302] * 6 + [429] * 2


def test_where_mail_and_webhooks_go_is_set_by_the_operator() -> None:
    given = {
        "ZHIHUAN_SMTP_URL": "smtps://m.example:465", "ZHIHUAN_MAIL_FROM": "q@example.com",
        "ZHIHUAN_BASE_URL": "https://qf.example/", "ZHIHUAN_WEBHOOK_HOSTS": "relay.example",
    }  # fmt: skip
    assert Settings.from_environment(given).services == engine.Services.from_environment(given)
    assert Settings().services == engine.Services()
    for name, value in (("SMTP_URL", "mail.example"), ("SMTP_URL", "smtp://"), ("BASE_URL", "ftp://x")):
        with pytest.raises(SettingsError, match=re.escape(f"ZHIHUAN_{name}")):
            Settings.from_environment({f"ZHIHUAN_{name}": value})
