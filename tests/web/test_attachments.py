"""Pictures of the problem: kept at once, sniffed, handed out safely under their own names."""

import io
from urllib.parse import quote

import pytest

from tests.drive import PNG
from tests.web.drawn import FILES, FORM
from tests.web.pages import Answer, Site
from web.csvfile import disposition
from web.security import SANDBOX

PDF = b"%PDF-1.7\n" + bytes(64)


def upload(site: Site, address: str, *files: tuple[bytes, str], **fields: object) -> Answer:
    sent = {"photos": [(io.BytesIO(content), name) for content, name in files], **fields}
    return site.as_("cs").send(address, sent)


def test_files_survive_a_form_that_is_refused(site: Site) -> None:
    case = site.case(name="甲")
    address = site.task(case)
    refused = upload(site, address, (PNG, "泵体裂纹.png"), (PDF, "报告.pdf"), name="")
    assert refused.status == 422
    kept = refused.all("//input[@type='hidden'][@name='photos']/@value")
    assert len(kept) == 2
    assert "泵体裂纹.png" in refused.text
    assert site.as_("cs").send(address, {"name": "王", "photos": kept}).status == 302
    assert case.view().submissions[-1].values["photos"] == kept


def test_a_file_is_removed_again_without_a_script(site: Site) -> None:
    address = site.task(site.case(name="甲"))
    page = upload(site, address, (PNG, "a.png"), (PNG + b"2", "b.png"), _action="upload")
    first, second = page.all("//input[@type='hidden'][@name='photos']/@value")
    left = site.as_("cs").send(address, {"photos": [first, second], "_action": f"drop:photos:{first}"})
    assert left.all("//input[@type='hidden'][@name='photos']/@value") == [second]


@pytest.mark.parametrize("name", ["cheat.png", "script.html", "macro.docm", "图片.exe"])
def test_what_is_not_what_its_name_says_is_refused_at_the_field(site: Site, name: str) -> None:
    page = upload(
        site, site.task(site.case(name="甲")), (b"<html><script>alert(1)</script>", name), name="王"
    )
    assert page.status == 422
    assert name in page.problem("photos")
    assert page.all("//input[@id='f-name']/@value") == ["王"]


def test_a_file_over_20_mb_is_refused_at_the_field(site: Site) -> None:
    page = upload(
        site, site.task(site.case(name="甲")), (PNG + bytes(20 * 1024 * 1024), "big.png"), name="王"
    )
    assert page.status == 422
    assert "20 MB" in page.problem("photos")


WRONG = {"name": "", "pieces": "many", "ours": "否", "actions.0.what": "", "actions.0.due": "2026-12-01"}


@pytest.mark.parametrize("start", [False, True])
def test_a_refused_file_hides_nothing_else_that_is_wrong(site: Site, start: bool) -> None:
    """All at once, in the order of the form, and what was typed and the good files stay."""
    case = site.case(name="甲")
    address = "/processes/every/start" if start else site.task(case)
    sent = {**WRONG, "story": "写了很久", "owner": "qa"}
    page = upload(site, address, (PNG, "好.png"), (b"<html>", "坏.png"), **sent)
    assert page.status == 422
    told = [link[1:] for link in page.all("//div[@role='alert']//a/@href")]
    assert told == ["f-name", "f-pieces", "f-reason", "f-photos-set", "f-actions-0-what"]
    for path in ("name", "pieces", "reason", "photos", "actions.0.what"):
        assert page.problem(path), path
    assert page.all("//textarea[@id='f-story']")[0].text.strip() == "写了很久"
    assert page.all("//input[@id='f-pieces']/@value") == ["many"]
    assert page.all("//select[@id='f-owner']/option[@selected]/@value") == ["qa"]
    assert page.all("//input[@id='f-actions-0-due']/@value") == ["2026-12-01"]
    assert len(page.all("//input[@type='hidden'][@name='photos']")) == 1
    assert case.open_tasks() == ["UT_fill"]


def test_where_the_only_file_was_refused_it_is_not_called_missing_too(site: Site) -> None:
    required = FORM.replace(b'"multiple": true', b'"multiple": true, "validate": {"required": true}')
    site.house.deploy({**FILES, "all.form": required})
    start = "/processes/every/start"
    assert "必填" in upload(site, start, name="").problem("photos")
    page = upload(site, start, (b"<html>", "坏.png"), name="")
    assert page.problem("name")
    assert "坏.png" in page.problem("photos")
    assert "必填" not in page.problem("photos")


def test_a_missing_signature_is_told_with_all_else_that_is_wrong(site: Site) -> None:
    signed = {n: data.replace(b'name="clauses"', b'name="sign" value="\xe5\xae\xa1\xe6\xa0\xb8"/>'
              b'<camunda:property name="clauses"') for n, data in FILES.items()}  # fmt: skip
    site.house.deploy(signed)
    page = upload(site, site.task(site.case(name="甲")), (b"<html>", "坏.png"), name="")
    for path in ("name", "photos", "_password"):
        assert page.problem(path), path


def test_a_submission_over_the_limit_is_refused_as_a_whole(site: Site) -> None:
    site.app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    page = upload(site, site.task(site.case(name="甲")), (bytes(2 * 1024 * 1024), "big.png"))
    assert page.status == 413
    assert "1 MB" in page.text


def kept(site: Site, name: str = "泵体 裂纹.png", content: bytes = PNG) -> str:
    address = site.task(site.case(name="甲"))
    page = upload(site, address, (content, name), _action="upload")
    return "/attachments/" + page.all("//input[@type='hidden'][@name='photos']/@value")[0]


def test_a_download_carries_the_chinese_name_and_is_never_run(site: Site) -> None:
    response = site.as_("cs").get(kept(site)).response
    assert response.data == PNG
    headers = response.headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert f"filename*=UTF-8''{quote('泵体 裂纹.png')}" in headers["Content-Disposition"]
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == SANDBOX


def test_a_picture_is_shown_but_a_document_is_always_a_download(site: Site) -> None:
    picture = site.as_("cs").get(kept(site) + "?view=1").response
    document = site.as_("cs").get(kept(site, "a.pdf", PDF) + "?view=1").response
    assert picture.headers["Content-Disposition"].startswith("inline;")
    assert document.headers["Content-Disposition"].startswith("attachment;")


def test_a_file_is_for_those_who_may_see_its_case(site: Site) -> None:
    address = kept(site)
    assert site.as_("dept").get(address).status == 404
    assert site.as_("cs").get("/attachments/../../etc/passwd").status == 404
    assert site.as_("cs").get("/attachments/nothing").status == 404


def test_a_name_cannot_break_out_of_the_header() -> None:
    header = disposition('a"; filename="b\r\nX-Evil: 1.png')
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2


def test_a_file_for_a_field_that_takes_none_is_refused(site: Site) -> None:
    address = site.task(site.case(name="甲"))
    assert site.as_("cs").send(address, {"name": "王", "story": (io.BytesIO(PNG), "a.png")}).status == 400
