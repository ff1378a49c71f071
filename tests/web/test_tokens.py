"""The pages of tokens: made and shown once, revoked by oneself or, with a reason, by an administrator."""

import re

import pytest

from tests.web.pages import Site
from tests.web.programs import Program


def made(site: Site, person: str, **form: object) -> str:
    """Makes a token on the page and returns what it shows."""
    answer = site.as_(person).post("/account/tokens", name="报表", scopes=["read"], days="90", **form)
    assert answer.status == 200
    return str(answer.all("//*[@id='secret']")[0].text_content())


def opens(site: Site, secret: str) -> int:
    """What a program with the token is answered."""
    return Program(site, headers={"Authorization": f"Bearer {secret}"}).call("GET", "/version").status_code


def test_a_new_token_is_shown_once_and_works(site: Site) -> None:
    secret = made(site, "qa")
    assert opens(site, secret) == 200
    page = site.as_("qa").get("/account/tokens")
    assert "报表" in page.text
    assert secret not in page.response.text


def test_a_form_that_makes_no_sense_comes_back_with_what_was_typed(site: Site) -> None:
    answer = site.as_("qa").post("/account/tokens", name="报表", days="x")
    assert answer.status == 422
    assert answer.all("//input[@name='name']")[0].get("value") == "报表"
    assert answer.all("//*[@id='token-problem']")
    assert "没有令牌" in answer.text


def test_one_s_own_token_is_revoked_with_a_click(site: Site) -> None:
    secret, visitor = made(site, "qa"), site.as_("qa")
    address = visitor.get("/account/tokens").all("//form[contains(@action, '/revoke')]")[0].get("action")
    assert "令牌已吊销" in visitor.follow(address).text
    assert opens(site, secret) == 401
    assert "已被吊销" in visitor.follow(address).text


def test_an_administrator_revokes_somebody_s_token_with_a_reason(site: Site) -> None:
    secret, admin = made(site, "qa"), site.as_("admin")
    address = admin.get("/people/qa/tokens").all("//form[contains(@action, '/revoke')]")[0].get("action")
    refused = admin.post(address, reason=" ")
    assert (refused.status, opens(site, secret)) == (422, 200)
    assert "请填写理由" in refused.text
    admin.follow(address, reason="电脑遗失")
    assert opens(site, secret) == 401
    assert re.search("吊销程序令牌；报表.*电脑遗失", admin.get("/people/qa").text)


@pytest.mark.parametrize(("person", "status"), [("compliance", 200), ("gm", 403), ("qa2", 403)])
def test_who_sees_somebody_s_tokens(site: Site, person: str, status: int) -> None:
    made(site, "qa")
    answer = site.as_(person).get("/people/qa/tokens")
    assert answer.status == status
    assert not answer.all("//form[contains(@action, '/revoke')]")
