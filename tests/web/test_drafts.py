"""The pages of drafts without a browser: who gets in, what is said when something cannot be done."""

import base64
import hashlib
import io
import re

import pytest

from tests.engine.houses import DECIDED
from tests.web.pages import Answer, Site, Visitor
from web.draft_editors import STYLES
from web.vendor import FOLDER


def begun(site: Site, process: str = "p") -> tuple[Visitor, str]:
    """The owner has begun a draft; its address."""
    owner = site.as_("owner")
    answer = owner.post("/drafts/new", process=process, title="改期限")
    assert answer.status == 302
    return owner, answer.location


def sent(visitor: Visitor, path: str, content: bytes, revision: int = 1) -> Answer:
    """An editor sends a file."""
    return visitor.post(path, content=(io.BytesIO(content), "x"), revision=str(revision))


def test_reviewers_read_a_draft_and_only_its_owners_change_it(site: Site) -> None:
    _, draft = begun(site)
    for person in ("compliance", "admin"):
        visitor = site.as_(person)
        for path in (
            "/drafts",
            draft,
            f"{draft}/edit/p.bpmn",
            f"{draft}/edit/p.bpmn/text",
            f"{draft}/files/p.bpmn",
        ):
            assert visitor.get(path).status == 200
        assert sent(visitor, f"{draft}/files/p.bpmn/check", b"<a/>").status == 200
        assert visitor.get("/drafts/new").status == 403
        assert sent(visitor, f"{draft}/files/p.bpmn", b"<a/>").status == 403
        for act in ("discard", "files", "files/p.bpmn/rename", "files/p.bpmn/remove"):
            assert visitor.post(f"{draft}/{act}", reason="x", name="y.bpmn").status == 403


@pytest.mark.parametrize("person", ["staff", "cs", "qa_lead", "vp", "it"])
def test_nobody_else_sees_a_draft(site: Site, person: str) -> None:
    _, draft = begun(site)
    visitor = site.as_(person)
    for path in ("/drafts", "/drafts/new", draft, f"{draft}/edit/p.bpmn", f"{draft}/files/p.bpmn"):
        assert visitor.get(path).status == 403
    assert sent(visitor, f"{draft}/files/p.bpmn/check", b"<a/>").status == 403


def test_a_file_is_saved_by_its_revision_and_refused_in_words(site: Site) -> None:
    owner, draft = begun(site)
    path = f"{draft}/files/p.bpmn"
    drawn = owner.get(path).response.data.replace("做do".encode(), "办理".encode())
    assert sent(owner, path, drawn).response.json == {"revision": 2}
    stale = sent(owner, path, drawn + b"\n")
    assert (stale.status, stale.response.json["code"]) == (409, "stale_draft")
    assert "owner 先生" in stale.response.json["message"]
    broken = sent(owner, path, b"<a>\n<b></a>", 2)
    assert broken.status == 422
    assert "p.bpmn:2" in broken.response.json["message"]
    assert owner.post(path, revision="1").status == 400
    assert sent(owner, path, drawn, -1).status == 400


def test_what_is_drawn_is_checked_by_the_rules_of_the_engine(site: Site) -> None:
    owner, draft = begun(site)
    drawn = owner.get(f"{draft}/files/p.bpmn").response.data
    wrong = drawn.replace(b'name="notBy" value="UT_do"', b'name="notBy" value="UT_nobody"')
    assert wrong != drawn
    found = sent(owner, f"{draft}/files/p.bpmn/check", wrong).response.json["problems"]
    assert ("UT_check", "error") in {(each["element"], each["level"]) for each in found}
    unreadable = sent(owner, f"{draft}/files/p.bpmn/check", b"<a>").response.json["problems"]
    assert [each["level"] for each in unreadable] == ["error"]
    assert owner.get(f"{draft}/files/p.bpmn").response.data == drawn


def test_a_text_that_is_refused_is_kept_on_the_page(site: Site) -> None:
    owner, draft = begun(site)
    page = owner.post(f"{draft}/edit/p.bpmn/text", content="<a>mine", revision="1")
    assert page.status == 422
    assert page.all("//textarea")[0].text.strip() == "<a>mine"
    assert page.all("//*[@role='alert']")


def test_a_draft_without_a_title_is_refused_with_what_was_typed(site: Site) -> None:
    page = site.as_("owner").post("/drafts/new", process="", title="", new_id="audit")
    assert page.status == 422
    assert page.all("//input[@name='new_id']/@value") == ["audit"]
    assert "标题" in page.all("//*[@role='alert']")[0].text_content()


def test_files_are_added_and_what_cannot_be_added_is_said(site: Site) -> None:
    owner, draft = begun(site)
    assert "已更改" in owner.follow(f"{draft}/files", name="level.dmn").text
    assert "level.dmn" in owner.get(draft).text
    assert "已有文件" in owner.follow(f"{draft}/files", name="level.dmn").text
    assert "文件名" in owner.follow(f"{draft}/files", name="../x.exe").text


def test_a_draft_is_given_up_with_a_reason(site: Site) -> None:
    owner, draft = begun(site)
    assert owner.post(f"{draft}/discard", reason="").status == 422
    assert owner.post(f"{draft}/discard", reason="不改了").status == 302
    page = owner.get(draft)
    assert "不改了" in page.text
    assert not page.all("//form[contains(@action, '/files')]")


def test_the_policy_lets_in_the_modelers_own_style_attributes_and_no_other(site: Site) -> None:
    owner, draft = begun(site)
    policy = owner.get(f"{draft}/edit/p.bpmn").response.headers["Content-Security-Policy"]
    known = {base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in STYLES}
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == known
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    script = (FOLDER / "camunda-bpmn-js" / "modeler.min.js").read_text(encoding="utf-8")
    assert all(style in script for style in STYLES)


def test_a_file_of_a_draft_is_never_shown_as_a_page_of_ours(site: Site) -> None:
    owner, draft = begun(site)
    headers = owner.get(f"{draft}/files/p.bpmn").response.headers
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Content-Disposition"].startswith("attachment")


def test_files_of_a_draft_are_listed_with_what_they_define(site: Site) -> None:
    owner, draft = begun(site)
    drawn = owner.get(f"{draft}/files/p.bpmn").response.data
    renamed = re.sub(rb'(<process [^>]*name=")[^"]*', rb"\1" + "供应商审核".encode(), drawn)
    assert renamed != drawn
    assert sent(owner, f"{draft}/files/p.bpmn", renamed).status == 200
    assert "供应商审核" in owner.get(draft).all("//section[@id='files']")[0].text_content()


def test_the_modeler_and_the_table_are_headed_by_title_with_the_name_of_the_file_below(site: Site) -> None:
    """In the language of the page; a file that says no title is headed by its name."""
    site.house.deploy(DECIDED)
    owner, draft = begun(site)
    heads = {
        name: [" ".join(each.itertext()) for each in owner.get(f"{draft}/edit/{name}").all("//h1")]
        for name in ("p.bpmn", "level.dmn/table")
    }
    assert heads == {"p.bpmn": ["p.bpmn"], "level.dmn/table": ["定级"]}
    path = f"{draft}/files/p.bpmn"
    drawn = owner.get(path).response.data.replace(b"<process ", '<process name="流程甲" '.encode())
    assert sent(owner, path, drawn).status == 200
    page = owner.get(f"{draft}/edit/p.bpmn")
    assert page.all("//h1/span")[0].text == "流程甲"
    assert page.all("//h1/following-sibling::p[contains(@class, 'mono')]")[0].text == "p.bpmn"


def test_problems_come_errors_first_and_then_by_place(site: Site) -> None:
    owner, draft = begun(site)
    path = f"{draft}/files/p.bpmn"
    broken = owner.get(path).response.data.replace(b'targetRef="UT_check"', b'targetRef="nowhere"', 1)
    found = sent(owner, f"{path}/check", broken).response.json["problems"]  # type: ignore[index]
    order = [(each["level"] != "error", each["file"], each["line"]) for each in found]
    assert order == sorted(order)
    assert {first for first, *_ in order} == {False, True}


def test_text_beyond_what_a_file_may_hold_is_refused_with_that_limit(site: Site) -> None:
    """What is typed is kept as long as it is read at all; beyond that, the limit of a file is told, too."""
    owner, draft = begun(site)
    path = f"{draft}/edit/p.bpmn/text"
    page = owner.post(path, content="x" * 2_100_000, revision="1")
    assert (page.status, "2,000,000" in page.text) == (422, True)
    site.app.config["MAX_CONTENT_LENGTH"] = 5_000_000
    page = owner.post(path, content="x" * 5_100_000, revision="1")
    assert page.status == 413
    assert "修订稿中的一个文件不超过 2 MB" in page.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_request_beyond_its_limit_in_a_draft_is_told_that_limit(site: Site, language: str) -> None:
    """Not that of one file alone, which the request may well have kept to."""
    site.app.config["MAX_CONTENT_LENGTH"] = 3 * 1024 * 1024
    owner, draft = begun(site)
    owner = site.as_("owner", language)
    page = owner.post(f"{draft}/files", file=(io.BytesIO(b"x" * 4_000_000), "big.bpmn"))
    said = {"zh": "一次发送的内容合计不超过 3 MB", "en": "What is sent at once may have at most 3 MB"}
    assert (page.status, said[language] in page.text) == (413, True)


def test_too_many_fields_in_a_draft_are_not_called_too_large_a_file(site: Site) -> None:
    owner, draft = begun(site)
    fields = {f"f{n}": "x" for n in range(2_100)}
    page = owner.post(f"{draft}/files", **fields, file=(io.BytesIO(b"x"), "p.bpmn"))
    assert (page.status, "不能超过 2000 个字段" in page.text) == (413, True)


def test_a_form_beyond_a_limit_is_told_which_one(site: Site) -> None:
    visitor, path = site.as_("owner"), "/publishing/_import"
    typed = visitor.post(path, title="x" * 2_200_000, files=(io.BytesIO(b"x"), "x.zip"))
    assert (typed.status, "填写的内容合计不超过 2 MB" in typed.text) == (413, True)
    fields = {f"f{n}": "x" for n in range(2_100)}
    many = visitor.post(path, **fields, files=(io.BytesIO(b"x"), "x.zip"))
    assert (many.status, "不能超过 2000 个字段" in many.text) == (413, True)


def test_the_key_of_a_new_process_says_when_it_counts(site: Site) -> None:
    page = site.as_("owner").get("/drafts/new?process=p")
    (field,) = page.all("//*[@data-unless='draft-process']")
    assert "上方已选择现有流程时，此项不起作用" in field.text_content()
