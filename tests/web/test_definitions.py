"""The page of processes: everybody starts there; its owners and reviewers read every definition."""

import csv
import io
import zipfile

import pytest

from tests.engine.houses import CALLED, REWORK
from tests.web.pages import Site
from web.security import SANDBOX

READERS = ["owner", "compliance", "admin"]
OTHERS = ["staff", "cs", "qa_lead", "vp", "it"]
RENAMED = {"p.bpmn": REWORK["p.bpmn"].replace("做do".encode(), "办理".encode())}
PAGES = [
    "/processes/p",
    "/processes/p/versions/1.zip",
    "/processes/p/versions/1/files/p.bpmn",
    "/processes.csv",
]


@pytest.mark.parametrize("who", READERS)
def test_readers_see_every_process_and_are_led_there(site: Site, who: str) -> None:
    visitor = site.as_(who)
    page = visitor.get("/processes")
    assert page.all("//table//a[@href='/processes/p']")
    assert page.all("//table//a[@href='/processes/every']")
    assert page.all("//nav//a[@href='/processes' and text()='流程']")


@pytest.mark.parametrize("who", OTHERS)
def test_others_see_what_they_may_start_and_nothing_else(site: Site, who: str) -> None:
    visitor = site.as_(who)
    page = visitor.get("/processes")
    assert page.all("//main//a/@href") == ["/processes/every/start", "/processes/p/start"]
    assert page.all("//nav//a[@href='/processes' and text()='发起案件']")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", OTHERS)
def test_others_are_refused_what_readers_get(site: Site, who: str, path: str) -> None:
    assert site.as_(who).get(path).status == 403


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", READERS)
def test_readers_get_page_files_and_exports(site: Site, who: str, path: str) -> None:
    assert site.as_(who).get(path).status == 200


def test_strangers_are_sent_to_sign_in(site: Site) -> None:
    for path in PAGES:
        assert site.app.test_client().get(path).status_code == 302


def test_readers_start_from_the_same_page(site: Site) -> None:
    offered = site.as_("owner").get("/processes").all("//section//a/@href")
    assert offered == ["/processes/every/start", "/processes/p/start"]


def test_the_numbers_lead_to_the_cases_they_count(site: Site) -> None:
    site.house.start("p", gist="x")
    site.house.deploy(RENAMED, "改名")
    site.house.start("p", gist="y")
    site.house.session.rollback()
    owner = site.as_("owner")
    listed = owner.get("/processes").all("//tr[.//a[@href='/processes/p']]/td[4]/a")[0]
    assert listed.text == "2"
    assert len(owner.get(listed.get("href")).all("//tbody/tr")) == 2
    page = owner.get("/processes/p")
    (first,) = page.all("//*[@id='versions']//tr[td[1]//a[text()='1']]/td[4]/a/@href")
    assert len(owner.get(first).all("//tbody/tr")) == 1


def test_the_page_says_who_published_each_version_and_why(site: Site) -> None:
    site.house.deploy(RENAMED, "改名")
    page = site.as_("compliance").get("/processes/p")
    versions = page.all("//*[@id='versions']//tbody/tr")
    assert "改名" in versions[0].text_content()
    assert "owner 先生" in versions[0].text_content()
    assert "test" in versions[1].text_content()


def test_an_older_version_says_so_and_shows_its_own_parts(site: Site) -> None:
    site.house.deploy(RENAMED, "改名")
    old = site.as_("owner").get("/processes/p?version=1")
    assert "这是旧版本" in old.text
    assert "做do" in old.text
    new = site.as_("owner").get("/processes/p")
    assert "办理" in new.text
    assert "做do" not in new.text


def test_a_file_is_downloaded_as_it_was_deployed_and_never_shown_as_a_page(site: Site) -> None:
    response = site.as_("owner").get("/processes/p/versions/1/files/p.bpmn").response
    assert response.data == REWORK["p.bpmn"]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == SANDBOX


def test_a_bundle_is_downloaded_as_a_zip(site: Site) -> None:
    response = site.as_("owner").get("/processes/every/versions/1.zip").response
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert sorted(archive.namelist()) == ["all.form", "every.bpmn"]


def test_the_list_is_exported(site: Site) -> None:
    body = site.as_("owner").get("/processes.csv").response.data.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(body))
    assert header[:2] == ["流程", "标识"]
    assert sorted(row[1] for row in rows) == ["every", "p"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_export_says_of_a_called_process_what_the_page_says(site: Site, language: str) -> None:
    site.house.deploy(CALLED)
    site.case("outer", gist="x")
    site.house.session.rollback()
    owner = site.as_("owner", language)
    body = owner.get("/processes.csv").response.data.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(body))
    found = {row[1]: row[6:] for row in rows}
    (outer,) = owner.get("/processes").all("//tr//a[@class='step'][@href='/processes/outer']/text()")
    assert header[-1] == {"zh": "运行于", "en": "Runs inside"}[language]
    assert found["inner"] == ["", "", "", "", "", outer]
    assert found["outer"] == ["1", "0", "0", "0", "0", ""]


def test_a_search_without_result_says_so(site: Site) -> None:
    assert "没有符合条件的结果" in site.as_("owner").get("/processes?search=zzz").text


@pytest.mark.parametrize(
    "path",
    ["/processes?sort=x", "/processes/p?version=x", "/processes/p?version=0", "/processes/p?before=-1",
     "/instances?version=x"],
)  # fmt: skip
def test_garbage_in_the_address_is_refused(site: Site, path: str) -> None:
    assert site.as_("owner").get(path).status == 400


@pytest.mark.parametrize(
    "path",
    ["/processes/nothing", "/processes/p?version=9", "/processes/p/versions/9.zip",
     "/processes/p/versions/1/files/x", "/processes/p/versions/99999999999/files/p.bpmn"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(site: Site, path: str) -> None:
    assert site.as_("owner").get(path).status == 404


def test_the_pages_speak_english_too(site: Site) -> None:
    site.case("p", gist="x")
    site.house.session.rollback()
    owner = site.as_("owner", "en")
    assert "all well" in owner.get("/processes").text
    assert "What this version consists of" in owner.get("/processes/p").text


def test_numbers_lead_nowhere_for_who_may_see_no_case(site: Site) -> None:
    site.case("p", gist="x")
    site.house.session.rollback()
    page = site.as_("admin").get("/processes")
    assert page.all("//tr[.//a[@href='/processes/p']]/td[4]")[0].text_content().strip() == "1"
    assert not page.all("//table//a[contains(@href, '/instances')]")


@pytest.mark.parametrize(("language", "words"), [("zh", "运行于："), ("en", "Runs inside:")])
def test_a_called_process_names_its_caller_instead_of_zeros(site: Site, language: str, words: str) -> None:
    site.house.deploy(CALLED)
    site.case("outer", gist="x")
    site.house.session.rollback()
    (row,) = site.as_("owner", language).get("/processes").all("//tr[.//a[@href='/processes/inner']]")
    assert words in row.text_content()
    assert row.xpath("./td//a/@href") == ["/processes/inner", "/processes/outer"]
    assert "0" not in row.xpath("string(td[4])")
    page = site.as_("owner", language).get("/processes/inner")
    assert page.all("//dl[@class='facts']//a/@href") == ["/processes/outer"]
