"""Registering a feedback: the start form of a process."""

import pytest

from tests.web.pages import Site


def test_what_may_be_started_is_offered(site: Site) -> None:
    page = site.as_("cs").get("/processes")
    assert page.all("//main//a/@href") == ["/processes/every/start", "/processes/p/start"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("who", "heading"), [("cs", "h1"), ("owner", "h2")])
def test_what_can_be_started_is_called_what_leads_to_it(
    site: Site, who: str, heading: str, language: str
) -> None:
    """Readers of processes find it on the page of these, as its first section."""
    visitor = site.as_(who, language)
    page = visitor.get("/processes")
    name = page.all(f"//main//{heading}")[0].text_content()
    for path in ("/", "/instances"):
        links = visitor.get(path).all("//main//a[@href='/processes']/text()")
        assert set(links) == {name}, path
    if heading == "h1":
        assert page.all("//nav//a[@href='/processes']/text()") == [name]
        assert page.all("//title/text()")[0].startswith(f"{name} ·")


def test_registering_gives_a_number_and_shows_the_case(site: Site) -> None:
    page = site.as_("staff").follow("/processes/p/start", gist="给水泵漏水", phone="13800001234")
    assert "已登记，编号 QF-" in page.text
    assert "做do" in page.text


def test_a_wrong_form_registers_nothing_and_keeps_what_was_typed(site: Site) -> None:
    staff = site.as_("staff")
    page = staff.post("/processes/p/start", gist="", phone="13800001234")
    assert page.status == 422
    assert page.problem("gist")
    assert page.all("//input[@id='f-phone']/@value") == ["13800001234"]
    assert "没有您可以查看的案件" in staff.get("/instances").text


def test_the_start_form_has_live_conditions_too(site: Site) -> None:
    live = site.as_("staff").post("/processes/every/conditions", ours="否").response.get_json()
    assert "reason" in live["required"]


def test_rows_of_a_start_form_are_added_without_registering(site: Site) -> None:
    staff = site.as_("staff")
    page = staff.send(
        "/processes/every/start", {"name": "王", "actions.0.what": "x", "_action": "add:actions"}
    )
    assert page.status == 200
    assert len(page.all("//fieldset[@id='f-actions-set']//tbody/tr")) == 2
    assert "没有您可以查看的案件" in staff.get("/instances").text


def test_an_unknown_process_is_not_there(site: Site) -> None:
    assert site.as_("staff").get("/processes/nothing/start").status == 404
    assert site.as_("staff").post("/processes/nothing/start").status == 404


def test_the_address_may_fill_in_fields_of_the_form(site: Site) -> None:
    page = site.as_("staff").get("/processes/p/start?gist=漏水&phone=13800001234")
    assert page.status == 200
    assert page.all("//input[@id='f-gist']/@value") == ["漏水"]
    assert not page.all("//p[@class='problem']")


def test_what_the_address_says_is_checked_like_an_entry(site: Site) -> None:
    """Only what it says: what is still missing is not complained about yet."""
    page = site.as_("staff").get("/processes/p/start?gist=" + "x" * 600)
    assert page.problem("gist")
    assert not page.problem("phone")


def test_the_address_can_name_no_other_field(site: Site) -> None:
    assert site.as_("staff").get("/processes/p/start?business_key=QF-1").status == 400
