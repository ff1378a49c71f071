"""Signing in and out, the language, the password."""

from dataclasses import replace

import pytest

from tests.drive import PASSWORD
from tests.web.pages import Answer, Site, Visitor


@pytest.mark.parametrize(
    "path", ["/", "/instances", "/processes", "/help", "/account", "/tasks/x", "/instances.csv"]
)
def test_every_page_asks_who_you_are_and_leads_back(site: Site, path: str) -> None:
    answer = Visitor(site.app.test_client()).get(path)
    assert answer.status == 302
    assert answer.location.startswith("/sign-in?next=")


def test_signing_in_leads_to_where_one_wanted_to_go(site: Site) -> None:
    answer = Visitor(site.app.test_client()).post(
        "/sign-in?next=/instances", username="cs", password=PASSWORD
    )
    assert (answer.status, answer.location) == (302, "/instances")


@pytest.mark.parametrize(
    "next_", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "evil"]
)
def test_signing_in_never_leads_to_another_host(site: Site, next_: str) -> None:
    client = site.app.test_client()
    answer = client.post(
        "/sign-in", query_string={"next": next_}, data={"username": "cs", "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(("username", "password"), [("cs", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_the_refusal_does_not_say_whether_the_name_or_the_password_was_wrong(
    site: Site, username: str, password: str
) -> None:
    answer = Visitor(site.app.test_client()).post("/sign-in", username=username, password=password)
    assert answer.status == 422
    assert "用户名或密码不正确" in answer.text
    assert answer.all("//input[@name='username']/@value") == [username]


def test_guessing_passwords_is_slowed_down(site: Site) -> None:
    site.app.config["SETTINGS"] = replace(site.app.config["SETTINGS"], sign_in_limit="3 per minute")
    visitor = Visitor(site.app.test_client())
    answers = [visitor.post("/sign-in", username="cs", password="wrong") for _ in range(4)]
    assert [answer.status for answer in answers] == [422, 422, 422, 429]
    assert "稍候" in answers[-1].text


def test_the_session_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(site: Site) -> None:
    response = site.app.test_client().post("/sign-in", data={"username": "cs", "password": PASSWORD})
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_takes_a_click_and_ends_the_session(site: Site) -> None:
    visitor = site.as_("cs")
    assert visitor.get("/sign-out").status == 405
    assert visitor.post("/sign-out").location == "/sign-in"
    assert visitor.get("/").status == 302


def test_the_language_stays_with_the_person(site: Site) -> None:
    visitor = site.as_("cs")
    visitor.post("/language", language="en", next="/help")
    again = site.as_("cs")
    assert again.get("/help").all("//html/@lang") == ["en"]


def test_a_visitor_chooses_the_language_before_signing_in(site: Site) -> None:
    visitor = Visitor(site.app.test_client())
    assert visitor.get("/sign-in").all("//html/@lang") == ["zh-CN"]
    visitor.post("/language", language="en", next="/sign-in")
    assert "Sign in" in visitor.get("/sign-in").text
    visitor.post("/sign-in", username="cs", password=PASSWORD)
    assert visitor.get("/").all("//html/@lang") == ["en"]


def test_there_is_no_third_language(site: Site) -> None:
    assert site.as_("cs").post("/language", language="fr").status == 400


def change(visitor: Visitor, old: str, new: str, again: str) -> Answer:
    return visitor.post("/account", old=old, new=new, again=again)


def test_changing_the_password_needs_the_old_one_and_the_new_one_twice(site: Site) -> None:
    visitor = site.as_("cs")
    assert change(visitor, PASSWORD, "long enough 1", "long enough 2").status == 422
    assert change(visitor, "wrong", "long enough 1", "long enough 1").status == 422
    assert "至少" in change(visitor, PASSWORD, "short", "short").text
    assert change(visitor, PASSWORD, "long enough 1", "long enough 1").status == 302
    fresh = Visitor(site.app.test_client())
    assert fresh.post("/sign-in", username="cs", password=PASSWORD).status == 422
    assert fresh.post("/sign-in", username="cs", password="long enough 1").status == 302
