"""Who gets into `/engine-rest`, and how everybody else is told no."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

import engine
from engine.storage.models import AccessLog
from tests.drive import PASSWORD
from tests.web.pages import Site
from tests.web.programs import Program, program, with_token


def change(site: Site, **settings: object) -> None:
    """Changes settings of a running site."""
    site.app.config["SETTINGS"] = replace(site.app.config["SETTINGS"], **settings)


def test_without_credentials_the_answer_asks_for_them(site: Site) -> None:
    answer = Program(site).call("GET", "/version")
    assert answer.status_code == 401
    challenges = answer.headers.getlist("WWW-Authenticate")
    assert [challenge.split()[0] for challenge in challenges] == ["Basic", "Bearer"]


def test_a_password_opens(site: Site) -> None:
    assert re.fullmatch(r"7\.\d+\.\d+", program(site, "qa").get("/version")["version"])
    assert program(site, "qa").get("/engine") == [{"name": "default"}]


def test_a_token_opens_what_its_scopes_say(site: Site) -> None:
    assert with_token(site, "qa", "read").get("/version")
    assert with_token(site, "qa", "work").refused("GET", "/version") == (403, "scope_missing")


def test_the_cookie_of_a_browser_opens_nothing(site: Site) -> None:
    visitor = site.as_("qa")
    assert visitor.get("/tasks.csv").status == 200
    assert visitor.get("/engine-rest/version").status == 401


def test_no_answer_sets_a_cookie(site: Site) -> None:
    assert "Set-Cookie" not in program(site, "qa").call("GET", "/version").headers


def test_a_program_with_a_password_is_the_person_of_the_password_even_in_a_browser(site: Site) -> None:
    """A cookie that came along changes nothing: not who acts, nor in which language."""
    visitor = site.as_("qa", "en")
    answer = visitor.client.get("/engine-rest/version", auth=("cs", PASSWORD))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        "Basic !!!",
        "Basic",
        "Bearer",
        "Digest x",
        "Basic cWE=",
        "Bearer " + "x" * 5000,
        "Basic /w==",
        "Basic ADo=",  # a NUL as the name
        "Bearer \x7f",
    ],
)
def test_credentials_that_make_no_sense_are_none(site: Site, sent: str) -> None:
    assert Program(site, headers={"Authorization": sent}).refused("GET", "/version")[0] == 401


def test_wrong_passwords_lock_the_account_as_on_the_sign_in_page(site: Site) -> None:
    codes = [Program(site, ("qa", "wrong")).refused("GET", "/version") for _ in range(5)]
    assert codes == [(401, "wrong_password")] * 5
    assert program(site, "qa").refused("GET", "/version") == (401, "account_locked")
    assert site.as_("cs").get("/").status == 200
    site.house.session.rollback()
    actions = list(site.house.session.scalars(select(AccessLog.action).where(AccessLog.person_id == "qa")))
    assert actions == [*["sign_in_failed"] * 5, "account_locked", "sign_in_locked"]


def test_too_many_failures_from_one_address_are_no_longer_tried(site: Site) -> None:
    change(site, sign_in_limit="3 per minute")
    for who in ("a", "b", "c"):
        assert Program(site, (who, "wrong")).refused("GET", "/version")[0] == 401
    answer = program(site, "qa").call("GET", "/version")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_one_person_has_a_limit_and_another_one_has_another(site: Site) -> None:
    change(site, api_limit="2 per minute")
    seen = [program(site, "gm").call("GET", "/engine").status_code for _ in range(3)]
    assert seen == [200, 200, 429]
    assert program(site, "vp").call("GET", "/engine").status_code == 200


def test_a_first_password_opens_nothing(site: Site) -> None:
    session = site.house.session
    with engine.transaction(session):
        engine.set_password(session, "qa", "another password", by="admin", reason="forgotten")
    assert Program(site, ("qa", "another password")).refused("GET", "/version") == (403, "initial_password")


def test_refusals_are_in_the_language_of_the_person(site: Site) -> None:
    site.as_("cs", "en")
    said = {
        who: with_token(site, who, "work").call("GET", "/version").json["message"] for who in ("cs", "qa")
    }
    assert said == {
        "cs": "This token does not open that: it needs the scope “read”.",
        "qa": "该令牌没有此权限：需要“read”。",
    }


def test_an_address_that_is_not_there_is_told_in_json(site: Site) -> None:
    for path in ("", "/", "/nothing", "/version/more"):
        assert program(site, "qa").refused("GET", path) == (404, "http_404")
    assert "<html" in site.as_("qa").client.get("/engine-restaurant").text


def test_a_method_that_is_not_there_is_told_with_those_that_are(site: Site) -> None:
    answer = program(site, "qa").call("DELETE", "/version")
    assert (answer.status_code, answer.json["code"]) == (405, "http_405")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_options_is_answered_to_everybody(site: Site) -> None:
    answer = Program(site).call("OPTIONS", "/version")
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_head_answers_like_get_without_a_body(site: Site) -> None:
    answer = program(site, "qa").call("HEAD", "/version")
    assert (answer.status_code, answer.data) == (200, b"")
    assert Program(site).call("HEAD", "/version").status_code == 401


def test_a_fault_of_ours_is_told_without_details(site: Site) -> None:
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    name = "api.get_version"
    view = site.app.view_functions[name]

    def broken() -> str:
        raise RuntimeError("the secret of the house")

    site.app.view_functions[name] = broken
    try:
        answer = program(site, "qa").call("GET", "/version")
    finally:
        site.app.view_functions[name] = view
    assert (answer.status_code, answer.json["code"]) == (500, "fault")
    assert "secret" not in answer.text


def test_a_modeler_finds_the_rooms_of_people_without_signing_in(site: Site) -> None:
    answer = site.app.test_client().get("/.well-known/camunda-automation-platform/webapps")
    assert answer.status_code == 200
    assert answer.json == {
        "adminUrl": "http://localhost/people",
        "cockpitUrl": "http://localhost/instances",
        "tasklistUrl": "http://localhost/",
    }
