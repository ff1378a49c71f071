"""The pages on which process owners publish: problems, difference, reason, a second person; import."""

import io
import json

import pytest

import engine
from tests.drive import PASSWORD
from tests.engine.houses import REWORK
from tests.engine.test_publishing import promote
from tests.engine.zips import HOSTILE
from tests.web.pages import Site
from web.settings import Settings

RENAMED = REWORK["p.bpmn"].replace("做do".encode(), "办理".encode())
SUBMIT = {"reason": "客户要求"}


@pytest.fixture
def owners(site: Site) -> Site:
    """Two process owners: owner and qa."""
    promote(site.house.session, "qa")
    return site


def drafted(site: Site, content: bytes = RENAMED) -> str:
    """The owner begins a draft of `p`; the address of its page."""
    session, who = site.house.session, site.house.actor("owner")
    with engine.transaction(session):
        draft = engine.create_definition_draft(session, who, "p", "改步骤")
        engine.save_definition_file(session, who, draft, "p.bpmn", content, 1)
    return f"/publishing/{draft}"


def test_an_owner_submits_and_another_approves(owners: Site) -> None:
    page, owner, other = drafted(owners), owners.as_("owner"), owners.as_("qa")
    shown = owner.get(page)
    assert "办理" in shown.text
    (revision,) = shown.all("//input[@name='revision']/@value")
    assert owner.post(page + "/submit", revision=revision, **SUBMIT).status == 302
    assert "您参与过该修订稿的编制" in owner.get(page).text
    assert page in other.get("/publishing").all("//main//a/@href")
    assert "修订稿待批准" in other.get("/inbox").text
    assert other.get("/processes").all("//a[@href='/publishing']/span")[0].text == "1"
    (revision,) = other.get(page).all("//form[contains(@action, 'approve')]//input[@name='revision']/@value")
    wrong = other.post(page + "/approve", revision=revision, password="wrong")
    assert wrong.status == 422
    assert wrong.all("//*[@id='approve-password-problem']")
    done = other.follow(page + "/approve", revision=revision, password=PASSWORD)
    assert "已发布为第 2 版" in done.text
    assert "客户要求" in owner.get("/processes/p").text
    assert other.post(page + "/approve", revision=revision, password=PASSWORD).status == 409


def test_the_approver_sees_the_diagrams_compared_and_may_try_and_open_the_draft(owners: Site) -> None:
    """Both before the approval, where the draft is drawn, and after it, where the new version is."""
    page, owner, other = drafted(owners), owners.as_("owner"), owners.as_("qa")
    draft = page.replace("/publishing/", "/drafts/")
    owner.post(page + "/submit", revision="2", **SUBMIT)
    shown = other.get(page)
    urls = ["/processes/p/versions/1/files/p.bpmn", f"{draft}/files/p.bpmn"]
    assert shown.all("//*[@id='diagrams']//*[@data-marks]/@data-url") == urls
    marks = [json.loads(given) for given in shown.all("//*[@data-marks]/@data-marks")]
    assert marks == [{"UT_do": "changed"}] * 2
    links = shown.all("//div[@class='head']//a/@href")
    walk = f"/try/draft:{draft.rpartition('/')[2]}"
    assert links[-3:] == ["#diagrams", walk, draft]
    assert [other.get(url).status for url in (*urls, walk, draft)] == [200] * 4
    (revision,) = shown.all("//form[contains(@action, 'approve')]//input[@name='revision']/@value")
    other.post(page + "/approve", revision=revision, password=PASSWORD)
    urls[1] = "/processes/p/versions/2/files/p.bpmn"
    assert owner.get(page).all("//*[@id='diagrams']//*[@data-marks]/@data-url") == urls


def test_the_diagrams_of_a_new_process_are_drawn_although_there_is_nothing_to_compare(owners: Site) -> None:
    owner = owners.as_("owner")
    draft = owner.post("/drafts/new", process="", new_id="fresh", title="新流程").location
    page = owner.get(draft.replace("/drafts/", "/publishing/"))
    found = page.all("//*[@id='diagrams']//*[@data-url]/@data-url")
    assert found == ([] if page.all("//form//button[@disabled]") else [f"{draft}/files/fresh.bpmn"])


def test_publishing_a_table_alone_says_so_and_speaks_of_no_new_version(owners: Site) -> None:
    owners.house.deploy({**REWORK, "clocks.csv": "id,zh,en\nreply,答复,Reply\n".encode()})
    owner, other = owners.as_("owner"), owners.as_("qa")
    draft = owner.post("/drafts/new", process="p", title="改名称").location
    content = io.BytesIO("id,zh,en\nreply,正式答复,Reply\n".encode())
    owner.post(f"{draft}/files/clocks.csv", content=(content, "x"), revision="1")
    page = draft.replace("/drafts/", "/publishing/")
    assert "正式答复" in owner.get(page).text
    owner.post(page + "/submit", revision="2", **SUBMIT)
    (revision,) = other.get(page).all("//form[contains(@action, 'approve')]//input[@name='revision']/@value")
    done = other.follow(page + "/approve", revision=revision, password=PASSWORD)
    assert "已发布：clocks.csv。流程没有变化，仍为第 1 版。" in done.text
    assert "已发布为第" not in done.text


def test_a_published_draft_is_not_checked_again(owners: Site) -> None:
    """Neither on the page where it was published nor on its own; until then both tell what was found, and the
    way back leads to the drafts that wait as long as it does."""
    page, owner, other = drafted(owners), owners.as_("owner"), owners.as_("qa")
    own = page.replace("/publishing/", "/drafts/")
    assert [bool(owner.get(path).all("//*[@id='problems']")) for path in (page, own)] == [True, True]
    owner.post(page + "/submit", revision="2", **SUBMIT)
    assert owner.get(page).all("//p[@class='crumbs']/a/@href") == ["/processes", "/publishing"]
    (revision,) = other.get(page).all("//form[contains(@action, 'approve')]//input[@name='revision']/@value")
    other.post(page + "/approve", revision=revision, password=PASSWORD)
    assert [bool(owner.get(path).all("//*[@id='problems']")) for path in (page, own)] == [False, False]
    assert owner.get(page).all("//p[@class='crumbs']/a/@href") == ["/processes", "/drafts"]
    assert owner.get(page).all("//dl[@class='facts']//a[@href='/processes/p']")


def test_scenarios_of_the_process_are_green_or_red_where_it_is_published(owners: Site) -> None:
    owner, walk = owners.as_("owner"), "/try/version:p:1"
    assert owner.post(f"{walk}/start", _revision="0", gist="漏油").status == 302
    assert owner.post(f"{walk}/scenario", _revision="1", name="等处理").status == 302
    green = owner.get(drafted(owners))
    assert green.all("//*[@id='scenarios']//*[contains(@class, 'badge good')]")
    red = owner.get(drafted(owners, RENAMED.replace(b"UT_do", b"UT_act")))
    assert red.all("//*[@id='scenarios']//*[contains(@class, 'badge bad')]")
    assert red.all("//button[not(@disabled) and text()='提交']")


def test_a_missing_reason_is_said_at_its_field(owners: Site) -> None:
    page = drafted(owners)
    answer = owners.as_("owner").post(page + "/submit", revision="2", reason=" ")
    assert answer.status == 422
    assert answer.all("//*[@id='submit-reason-problem']")


def test_errors_are_listed_with_file_and_element_and_nothing_is_submitted(owners: Site) -> None:
    page = drafted(owners, RENAMED.replace(b'targetRef="UT_check"', b'targetRef="nowhere"', 1))
    owner = owners.as_("owner")
    assert owner.get(page).all("//form//button[@disabled]")
    answer = owner.post(page + "/submit", revision="2", **SUBMIT)
    assert answer.status == 422
    assert "p.bpmn" in answer.text
    assert page not in owner.get("/publishing").all("//main//a/@href")


def test_a_newer_version_must_be_overwritten_deliberately(owners: Site) -> None:
    page, owner = drafted(owners), owners.as_("owner")
    owners.house.deploy({"p.bpmn": RENAMED.replace("办理".encode(), "另写".encode())}, "别人")
    answer = owner.post(page + "/submit", revision="2", **SUBMIT)
    assert answer.status == 409
    assert answer.all("//a[contains(@href, '/processes/p/compare?from=1')]")
    assert owner.post(page + "/submit", revision="2", over="2", **SUBMIT).status == 302


def test_it_is_sent_back_with_a_note(owners: Site) -> None:
    page, owner, other = drafted(owners), owners.as_("owner"), owners.as_("qa")
    owner.post(page + "/submit", revision="2", **SUBMIT)
    assert other.post(page + "/return", note="").status == 422
    other.post(page + "/return", note="缺少说明")
    assert "缺少说明" in owner.get(page).text
    assert "修订稿已退回" in owner.get("/inbox").text


def test_an_export_is_imported_as_a_draft(owners: Site) -> None:
    owner = owners.as_("owner")
    archive = owner.get("/processes/p/versions/1.zip").response.data
    files = (io.BytesIO(archive), "p-v1.zip")
    answer = owner.follow("/publishing/_import", title="导入", files=files)
    assert "已导入为修订稿" in answer.text
    assert "流程图、表单和决策表均无差异。" in answer.text


@pytest.mark.parametrize("name", ["a bomb", "a path out of the folder", "no archive"])
def test_a_hostile_archive_is_refused_at_its_field(owners: Site, name: str) -> None:
    files = (io.BytesIO(HOSTILE[name]()), "x.zip")
    answer = owners.as_("owner").post("/publishing/_import", title="导入", files=files)
    assert answer.status == 422
    assert answer.all("//*[@id='files-problem']")


@pytest.mark.parametrize(("who", "reads"), [("staff", False), ("qa_lead", False), ("compliance", True)])
def test_others_may_at_most_read(site: Site, who: str, reads: bool) -> None:
    page, visitor = drafted(site), site.as_(who)
    read = 200 if reads else 403
    assert [visitor.get(path).status for path in (page, "/publishing")] == [read, read]
    assert visitor.get("/publishing/_import").status == 403
    for act in ("/submit", "/approve", "/return"):
        sent = visitor.post(page + act, revision="2", reason="x", password=PASSWORD, note="x")
        assert sent.status == 403


def test_a_second_person_is_asked_unless_the_setting_says_otherwise() -> None:
    assert Settings.from_environment({}).publish_approval is True
    assert Settings.from_environment({"ZHIHUAN_PUBLISH_APPROVAL": "0"}).publish_approval is False
