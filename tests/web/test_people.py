"""The People room: who gets in, the list, opening and changing accounts, what is kept of it."""

import csv
import io

import pytest
from lxml import html
from sqlalchemy import select

import engine
from engine.storage.models import Person, PersonEvent
from tests.drive import PASSWORD
from tests.web.pages import Answer, Site, Visitor

SECRET = "first password"
LI_NA = {"person_id": "li.na", "name": "李娜", "groups": ["qa"], "password": SECRET, "again": SECRET}


def names(answer: Answer) -> list[str]:
    """The user names in a list, in order."""
    return [cell.text_content() for cell in answer.all("//tbody/tr/td[2]")]


def kinds(site: Site, person_id: str) -> list[str]:
    """What was done to an account, in order."""
    site.house.session.rollback()
    statement = select(PersonEvent.kind).where(PersonEvent.person_id == person_id).order_by(PersonEvent.id)
    return list(site.house.session.scalars(statement))


def groups(site: Site, person_id: str) -> frozenset[str]:
    """Somebody's groups now."""
    site.house.session.rollback()
    return site.house.actor(person_id).groups


def dialogs(answer: Answer) -> set[str]:
    """The changes that a person's page offers."""
    return {
        form.get("action").rpartition("/")[2] for form in answer.all("//form[contains(@action, '/people/')]")
    }


def field(answer: Answer, name: str) -> html.HtmlElement:
    """An input by its name."""
    return answer.all(f"//*[@name='{name}']")[0]


@pytest.fixture
def admin(site: Site) -> Visitor:
    """The administrator, signed in."""
    return site.as_("admin")


@pytest.mark.parametrize("person", ["cs", "owner", "gm"])
def test_nobody_else_gets_in_nor_is_led_there(site: Site, person: str) -> None:
    visitor = site.as_(person)
    for path in ("/people", "/people.csv", "/people/_new", "/people/qa"):
        assert visitor.get(path).status == 403
    assert not visitor.get("/").all("//nav//a[@href='/people']")


def test_the_administrator_is_led_there(admin: Visitor) -> None:
    assert admin.get("/").all("//nav//a[@href='/people']")


def test_compliance_reads_and_changes_nothing(site: Site) -> None:
    auditor = site.as_("compliance")
    assert names(auditor.get("/people"))
    assert not auditor.get("/people").all("//a[@href='/people/_new']")
    page = auditor.get("/people/qa")
    assert (page.status, dialogs(page)) == (200, set())
    for path in ("/people/_new", "/people/qa/groups", "/people/qa/password", "/people/qa/deactivate"):
        assert auditor.post(path, reason="x", groups=["cs"], password=SECRET, again=SECRET).status == 403
    assert kinds(site, "qa") == []


def test_the_administrator_sees_no_case(site: Site, admin: Visitor) -> None:
    case = site.case(name="王")
    site.house.session.rollback()
    assert admin.get(f"/instances/{case.id}").status == 404


def test_the_list_is_searched_filtered_and_keeps_its_state_in_the_address(admin: Visitor) -> None:
    assert names(admin.get("/people?search=QA")) == ["qa", "qa2", "qa_lead"]
    assert names(admin.get("/people?group=qa")) == ["qa", "qa2"]
    assert names(admin.get("/people?group=qa&search=2+先生")) == ["qa2"]
    page = admin.get("/people?search=qa&sort=id&order=desc&state=active")
    assert names(page) == ["qa_lead", "qa2", "qa"]
    export = page.all("//a[contains(@href, '.csv')]/@href")[0]
    assert export == "/people.csv?search=qa&state=active&sort=id&order=desc"
    assert "没有符合条件的人员" in admin.get("/people?search=zzz").text


def test_nonsense_in_the_address_is_refused(admin: Visitor) -> None:
    for query in ("state=dead", "sort=password", "limit=7", "search=" + "x" * 101):
        assert admin.get(f"/people?{query}").status == 400


def test_the_list_is_paged(site: Site, admin: Visitor) -> None:
    with engine.transaction(site.house.session):
        known = {"password_hash": "-", "created_at": site.house.clock.now, "created_by": "system"}
        site.house.session.add_all(
            Person(id=f"p{i:02}", name=f"p{i:02}", password_changed_at=site.house.clock.now, **known)
            for i in range(40)
        )
    first = admin.get("/people?search=p&sort=id")
    second = admin.get(first.all("//a[@rel='next']/@href")[0])
    everybody = names(first) + names(second)
    assert len(names(first)) == 25
    assert everybody == sorted(everybody)
    assert names(admin.get(second.all("//a[@rel='prev']/@href")[0])) == names(first)
    rows = list(csv.reader(io.StringIO(admin.get("/people.csv?search=p&sort=id").response.text)))
    assert [row[0] for row in rows[1:]] == everybody


def test_the_export_says_who_is_in_which_group_and_whether_active(site: Site, admin: Visitor) -> None:
    admin.post("/people/qa2/deactivate", reason="离职")
    answer = admin.get("/people.csv?group=qa&sort=id")
    rows = list(csv.reader(io.StringIO(answer.response.text.removeprefix("\ufeff"))))
    assert rows[0][:4] == ["用户名", "姓名", "岗位组", "状态"]
    assert [row[:4] for row in rows[1:]] == [
        ["qa", "qa 先生", "qa 组", "在用"],
        ["qa2", "qa2 先生", "qa 组", "已停用"],
    ]


def test_a_person_is_added_with_groups_and_a_first_password(site: Site, admin: Visitor) -> None:
    answer = admin.follow("/people/_new", **LI_NA, reason="入职", language="en")
    assert "账号 li.na 已开立" in answer.text
    assert "开立账号；岗位组：qa 组" in answer.text
    assert "理由：入职" in answer.text
    assert groups(site, "li.na") == {"qa", "staff"}
    assert site.house.session.get_one(Person, "li.na").language == "en"


def test_a_first_password_opens_nothing_but_the_page_where_it_is_changed(site: Site, admin: Visitor) -> None:
    admin.post("/people/_new", **LI_NA, reason="入职")
    new = Visitor(site.app.test_client())
    assert new.post("/sign-in", username="li.na", password=SECRET).status == 302
    for path in ("/", "/instances", "/processes", "/people", "/help", "/tasks.csv"):
        assert new.get(path).location == "/account"
    assert "先改为自己的密码" in new.get("/account").text
    assert new.post("/tasks/x/claim").location == "/account"
    same = new.post("/account", old=SECRET, new=SECRET, again=SECRET)
    assert (same.status, "不得与现用密码相同" in same.text) == (422, True)
    assert new.get("/").location == "/account"
    assert new.post("/account", old=SECRET, new="my own password", again="my own password").status == 302
    assert new.get("/").status == 200
    assert kinds(site, "li.na") == ["created", "password_changed"]


def test_the_form_that_changes_a_first_password_stands_first_with_its_reason(
    site: Site, admin: Visitor
) -> None:
    """And alone: what else the account page offers opens afterwards."""
    admin.post("/people/_new", **LI_NA, reason="入职")
    new = Visitor(site.app.test_client())
    new.post("/sign-in", username="li.na", password=SECRET)
    page = new.follow("/")
    (form,) = page.all("//main/*[2][self::form]")
    assert form.xpath(".//input[@name='old']")
    assert "先改为自己的密码" in form.text_content()
    assert page.text.count("先改为自己的密码") == 1
    assert not page.all("//*[@id='channels']")
    new.post("/account", old=SECRET, new="my own password", again="my own password")
    after = new.get("/account")
    assert after.all("//*[@id='channels']")
    assert not after.all("//main/*[2][self::form]")


def test_a_first_password_still_lets_one_sign_out_and_choose_the_language(site: Site, admin: Visitor) -> None:
    admin.post("/people/_new", **LI_NA, reason="入职")
    new = Visitor(site.app.test_client())
    new.post("/sign-in", username="li.na", password=SECRET)
    assert new.post("/language", language="en", next="/account").location == "/account"
    assert "Choose your own" in new.follow("/").text
    assert new.post("/sign-out").location == "/sign-in"


def test_everything_wrong_with_a_new_person_is_said_at_once_and_what_was_typed_is_kept(
    site: Site, admin: Visitor
) -> None:
    answer = admin.post(
        "/people/_new", person_id="Li Na", name=" ", groups=["admin", "qa"], password="short", again="other"
    )
    assert answer.status == 422
    assert len(answer.all("//div[@role='alert']//li")) == 6
    problems = {p.get("id").removesuffix("-problem") for p in answer.all("//p[@class='problem']")}
    assert problems == {"person_id", "name", "groups", "password", "again", "reason"}
    assert field(answer, "person_id").value == "Li Na"
    assert answer.all("//input[@name='groups'][@checked]/@value") == ["admin", "qa"]
    assert not field(answer, "password").value
    site.house.session.rollback()
    assert site.house.session.get(Person, "Li Na") is None


def test_a_user_name_is_never_given_twice(admin: Visitor) -> None:
    answer = admin.post("/people/_new", **(LI_NA | {"person_id": "qa2"}), reason="入职")
    assert (answer.status, "已被使用" in answer.text) == (422, True)


def test_groups_are_changed_with_a_reason_which_is_kept(site: Site, admin: Visitor) -> None:
    page = admin.get("/people/qa")
    assert page.all("//input[@name='groups'][@checked]/@value") == ["qa"]
    seen = page.all("//input[@name='seen']/@value")
    answer = admin.follow("/people/qa/groups", groups=["cs", "sales"], seen=seen, reason="轮岗")
    assert "岗位组已更改" in answer.text
    assert "加入：cs 组、sales 组；退出：qa 组" in answer.text
    assert "admin 先生" in answer.text
    assert groups(site, "qa") == {"cs", "sales", "staff"}


def test_somebody_without_groups_is_given_some(site: Site, admin: Visitor) -> None:
    admin.post("/people/staff/groups", groups=["cs"], reason="转正")
    assert groups(site, "staff") == {"cs", "staff"}


def test_groups_that_changed_meanwhile_are_not_overwritten(site: Site, admin: Visitor) -> None:
    admin.post("/people/qa/groups", groups=["cs"], seen=["qa"], reason="轮岗")
    answer = admin.follow("/people/qa/groups", groups=["sales"], seen=["qa"], reason="轮岗")
    assert "有人先您一步" in answer.text
    assert groups(site, "qa") == {"cs", "staff"}


@pytest.mark.parametrize("act", ["groups", "password", "deactivate"])
def test_without_a_reason_nothing_changes_and_the_form_is_back(site: Site, admin: Visitor, act: str) -> None:
    typed = {"groups": ["cs"], "seen": ["qa"], "password": SECRET, "again": SECRET, "reason": " "}
    answer = admin.post(f"/people/qa/{act}", **typed)
    assert (answer.status, "请填写理由" in answer.text) == (422, True)
    assert not answer.all(f"//*[@id='do-{act}'][@popover]")
    assert kinds(site, "qa") == []


def test_a_business_group_and_administration_exclude_each_other(site: Site, admin: Visitor) -> None:
    answer = admin.post("/people/qa/groups", groups=["qa", "admin"], seen=["qa"], reason="兼任")
    assert (answer.status, "不得与 qa 兼任" in answer.text) == (422, True)
    assert groups(site, "qa") == {"qa", "staff"}


def test_an_account_switched_off_is_out_at_once_and_comes_back_as_it_was(site: Site, admin: Visitor) -> None:
    inspector = site.as_("qa")
    assert "账号已停用" in admin.follow("/people/qa/deactivate", reason="休假").text
    assert inspector.get("/").location.startswith("/sign-in")
    assert names(admin.get("/people?state=inactive")) == ["qa"]
    assert dialogs(admin.get("/people/qa")) == {"groups", "password", "activate"}
    assert "账号已恢复" in admin.follow("/people/qa/activate", reason="回岗").text
    assert site.as_("qa").get("/").status == 200
    assert "未作更改" in admin.follow("/people/qa/activate", reason="回岗").text
    assert kinds(site, "qa") == ["deactivated", "activated"]


def test_switching_off_says_how_many_tasks_stay_with_the_person(site: Site, admin: Visitor) -> None:
    case = site.case(name="王")
    engine.claim_task(site.house.session, case.task("UT_fill").id, site.house.actor("cs"))
    site.house.session.commit()
    assert "其名下 1 项在办任务" in admin.get("/people/cs").text
    assert "在办任务仍归" not in admin.get("/people/cs2").text


def test_a_password_is_reset_and_must_be_changed_even_by_who_is_still_signed_in(
    site: Site, admin: Visitor
) -> None:
    inspector = site.as_("qa")
    typed = {"password": "given password", "again": "given password", "reason": "忘记密码"}
    assert "密码已重置" in admin.follow("/people/qa/password", **typed).text
    assert inspector.get("/").location == "/account"
    assert Visitor(site.app.test_client()).post("/sign-in", username="qa", password=PASSWORD).status == 422
    assert "初始密码" in admin.get("/people?search=qa").text


@pytest.mark.parametrize(
    ("password", "again", "said"), [("short", "short", "至少 10"), (SECRET, "x", "不一致")]
)
def test_a_weak_or_mistyped_new_password_is_refused(
    site: Site, admin: Visitor, password: str, again: str, said: str
) -> None:
    answer = admin.post("/people/qa/password", password=password, again=again, reason="忘记密码")
    assert (answer.status, said in answer.text) == (422, True)
    assert kinds(site, "qa") == []


def test_nobody_changes_the_own_account(site: Site, admin: Visitor) -> None:
    page = admin.get("/people/admin")
    assert "不得管理自己的账号" in page.text
    assert dialogs(page) == set()
    for act in ("groups", "password", "deactivate"):
        assert admin.post(f"/people/admin/{act}", reason="x", password=SECRET, again=SECRET).status == 403
    assert kinds(site, "admin") == []


def test_an_administrator_stripped_or_switched_off_administers_no_more(site: Site, admin: Visitor) -> None:
    admin.post("/people/gm/groups", groups=["admin"], seen=["gm"], reason="第二位管理员")
    second = site.as_("gm")
    second.post("/people/admin/groups", seen=["admin"], reason="交接")
    assert admin.get("/people").status == 403
    assert admin.post("/people/gm/deactivate", reason="x").status == 403
    assert groups(site, "gm") == {"admin", "staff"}


def test_the_page_is_as_complete_in_english(site: Site) -> None:
    admin = site.as_("admin", "en")
    answer = admin.follow("/people/qa/groups", groups=["cs"], seen=["qa"], reason="rotation")
    assert "The groups are changed." in answer.text
    assert "Groups changed; joined: cs 组; left: qa 组" in answer.text
    assert "Somebody" not in answer.text
    refused = admin.post("/people/qa/deactivate", reason="")
    assert "This needs a reason." in refused.text


def test_there_is_no_person_of_that_name(admin: Visitor) -> None:
    assert admin.get("/people/nobody").status == 404
    assert admin.post("/people/nobody/deactivate", reason="x").status == 404
