"""Every answer: its headers, its refusals in both languages, forged forms, faults of our own."""

import logging
import re

import pytest
from flask import Flask
from lxml import html

from tests.drive import PASSWORD
from tests.web.pages import Site, Visitor

PAGES = [
    "/",
    "/?view=group",
    "/?view=done",
    "/instances",
    "/processes",
    "/processes/every/start",
    "/help",
    "/account",
]


def test_a_browser_may_load_and_run_only_our_own_files(site: Site) -> None:
    headers = site.as_("cs").get("/").response.headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'self'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_for_anything_from_elsewhere_or_runs_inline_code(site: Site, path: str) -> None:
    tree = site.as_("cs").get(path).tree
    for address in tree.xpath("//@src | //link/@href | //form/@action | //@formaction"):
        assert not re.match(r"[a-z]+:|//", address), address
    assert not tree.xpath("//style | //@style | //script[not(@src)] | //@*[starts-with(name(), 'on')]")


@pytest.mark.parametrize("path", ["/processes", "/processes/p", "/processes/p/compare"])
def test_pages_of_definitions_load_nothing_from_elsewhere_either(site: Site, path: str) -> None:
    tree = site.as_("owner").get(path).tree
    for address in tree.xpath("//@src | //link/@href | //form/@action | //@data-url"):
        assert not re.match(r"[a-z]+:|//", address), address
    assert not tree.xpath("//style | //@style | //script[not(@src)] | //@*[starts-with(name(), 'on')]")


def test_a_case_and_a_task_load_nothing_from_elsewhere_either(site: Site) -> None:
    case = site.case(name="甲")
    for path in (site.task(case), f"/instances/{case.id}"):
        tree = site.as_("cs").get(path).tree
        assert not [a for a in tree.xpath("//@src | //link/@href") if not a.startswith("/")]
        assert not tree.xpath("//style | //@style | //script[not(@src)]")


@pytest.mark.parametrize(("language", "words"), [("zh", "此处没有内容"), ("en", "There is nothing here")])
def test_refusals_are_in_the_language_of_the_person(site: Site, language: str, words: str) -> None:
    answer = site.as_("cs", language).get("/nowhere")
    assert answer.status == 404
    assert words in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/sign-out", 405), ("DELETE", "/", 405), ("GET", "/tasks/x/claim", 405), ("GET", "/%ff", 404)],
)
def test_addresses_that_make_no_sense_are_answered_clearly(
    site: Site, method: str, path: str, status: int
) -> None:
    response = site.as_("cs").client.open(path, method=method)
    assert response.status_code == status
    assert html.fromstring(response.get_data(as_text=True)).xpath("//h1")


def test_a_form_from_elsewhere_is_refused(site: Site) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    visitor = Visitor(site.app.test_client())
    answer = visitor.post("/sign-in", username="cs", password=PASSWORD)
    assert answer.status == 400
    assert "页面已过期或来源不明" in answer.text
    token = visitor.get("/sign-in").all("//main//input[@name='csrf_token']/@value")[0]
    assert visitor.post("/sign-in", username="cs", password=PASSWORD, csrf_token=token).status == 302


def test_every_form_that_changes_something_carries_its_token(site: Site) -> None:
    case = site.case(name="甲")
    for path in (*PAGES, site.task(case), f"/instances/{case.id}"):
        for form in site.as_("cs").get(path).all("//form[@method='post']"):
            assert form.xpath(".//input[@name='csrf_token']"), (path, form.get("action"))


def test_a_fault_of_ours_is_logged_and_says_nothing_of_its_inside(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    app: Flask = site.app
    app.add_url_rule("/fault", view_func=lambda: 1 // 0)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.ERROR):
        answer = site.as_("cs").get("/fault")
    assert answer.status == 500
    assert "系统出现故障" in answer.text
    assert "ZeroDivisionError" not in answer.response.get_data(as_text=True)
    assert "ZeroDivisionError" in caplog.text


def test_a_form_with_thousands_of_rows_is_refused_at_its_table(site: Site) -> None:
    many = {"name": "王"} | {f"actions.{n}.what": "x" for n in range(500)}
    page = site.as_("cs").send(site.task(site.case(name="甲")), many)
    assert page.status == 422
    assert "最多" in page.text


def test_the_help_explains_the_groups(site: Site) -> None:
    assert "qa 组" in site.as_("cs").get("/help").text
