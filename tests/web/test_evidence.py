"""A case taken as files: what the reader may see, every entry with its hash, and a page in each language."""

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from flask import before_render_template
from lxml import html
from sqlalchemy import event, select

from engine.storage.models import AccessLog, HistoryEvent
from tests.drive import Case
from tests.engine.houses import DECIDED, LEVEL
from tests.engine.measures import ACTIONS
from tests.web.moved import PROCESS, VERSIONS, move_some
from tests.web.pages import Site
from web.db import db

PHONE = "13800138000"


@pytest.fixture
def case(site: Site) -> Case:
    """A case with personal data, reworked once."""
    made = site.house.start("p", "staff", gist="漏水", phone=PHONE)
    made.complete("UT_do", "cs", note="修好了")
    made.complete("UT_check", "qa", good=False)
    site.house.session.rollback()
    return made


def taken(site: Site, case: Case, who: str) -> dict[str, bytes]:
    """The files as this person gets them."""
    return taken_of(site, case.id, who)


def taken_of(site: Site, id: str, who: str) -> dict[str, bytes]:
    """The same, of a case by its id."""
    answer = site.as_(who).get(f"/instances/{id}/evidence.zip")
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.response.get_data())) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def worked_out(history: dict[str, Any]) -> list[str]:
    """The hashes of the entries, from the file alone."""
    found = [""]
    for entry in history["entries"]:
        linked = [found[-1], history["instance_id"], entry["content"]]
        text = json.dumps(linked, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        found.append(hashlib.sha256(text.encode()).hexdigest())
    return found[1:]


def test_everything_is_in_it_and_the_chain_can_be_worked_out_again_from_the_files(
    site: Site, case: Case
) -> None:
    files = taken(site, case, "compliance")
    own = f"bundles/{case.view().bundle_hash}/p.bpmn"
    told_of = ["case.en.html", "case.json", "case.zh.html", "diagrams/p.bpmn", "history.json"]
    assert sorted(files) == [own, *told_of]
    assert files[own] == files["diagrams/p.bpmn"]
    history, told = json.loads(files["history.json"]), json.loads(files["case.json"])
    assert [entry["hash"] for entry in history["entries"]] == worked_out(history)
    view = case.view()
    assert [entry["hash"] for entry in history["entries"]] == [event.hash for event in view.history]
    assert not any(entry["masked"] for entry in history["entries"])
    assert (told["business_key"], told["bundle_hash"]) == (case.business_key, view.bundle_hash)
    assert told["bundles"] == [{"hash": view.bundle_hash, "files": ["p.bpmn"]}]
    assert [one["element_id"] for one in told["submissions"]] == ["SE", "UT_do", "UT_check"]
    assert told["submissions"][2]["signature"]["meaning"] == "审核"
    assert told["path"][0]["completed"]["UT_do"] == 1
    assert (told["chain_ok"], told["exported"]["by"]) == (True, "compliance")
    assert [task["element_id"] for task in told["tasks"]] == ["UT_do"]


def test_a_page_in_each_language_tells_it_to_readers(site: Site, case: Case) -> None:
    files = taken(site, case, "compliance")
    zh, en = (files[f"case.{lang}.html"].decode() for lang in ("zh", "en"))
    for page in (zh, en):
        assert all(event.hash in page for event in case.view().history)
        assert "修好了" in page
        assert not [word for word in ("href=", "src=", "<script") if word in page]  # it needs nothing else
    assert "流程版本" in zh
    assert "Process version" in en
    assert "流程版本" not in en
    assert "Process version" not in zh


def test_personal_data_are_what_the_reader_may_see_and_the_log_tells_who_took_them(
    site: Site, case: Case
) -> None:
    masked, clear = taken(site, case, "qa"), taken(site, case, "cs")
    for name in ("case.json", "case.zh.html", "case.en.html"):
        assert PHONE.encode() not in masked[name]
        assert b"138****8000" in masked[name]
        assert PHONE.encode() in clear[name]
    assert PHONE.encode() not in masked["history.json"]
    session = site.house.session
    rows = session.scalars(select(AccessLog).where(AccessLog.instance_id == case.id).order_by(AccessLog.id))
    log = [(row.person_id, row.action, (row.detail or {}).get("where")) for row in rows]
    assert ("qa", "case_exported", None) in log
    assert ("cs", "case_exported", None) in log
    assert ("cs", "personal_data_seen", "evidence") in log
    assert ("qa", "personal_data_seen", "evidence") not in log


def test_the_page_of_the_case_offers_it_and_who_may_not_see_the_case_gets_nothing(
    site: Site, case: Case
) -> None:
    address = f"/instances/{case.id}/evidence.zip"
    page = site.as_("compliance").get(f"/instances/{case.id}")
    assert page.all(f"//a[@href='{address}'][@download]")
    named = site.as_("compliance").get(address).response.headers["Content-Disposition"]
    assert case.business_key in named
    assert site.as_("dept").get(address).status == 404
    site.house.session.rollback()
    taken_by = select(AccessLog.person_id).where(AccessLog.action == "case_exported")
    assert set(site.house.session.scalars(taken_by)) == {"compliance"}


def decided_by_phone(site: Site) -> Case:
    """A decision answered under the name of a personal field, so the history holds it."""
    table = LEVEL.replace('name="level" typeRef', 'name="phone" typeRef').encode()
    made = site.house.deploy({**DECIDED, "level.dmn": table}).start("p", "staff", gist="x", phone=PHONE)
    site.house.session.rollback()
    return made


def test_an_entry_in_which_something_is_masked_says_so(site: Site) -> None:
    made = decided_by_phone(site)
    masked, clear = (json.loads(taken(site, made, who)["history.json"]) for who in ("qa", "cs"))
    answers = [
        [
            entry["content"]["data"]["outputs"]["phone"]
            for entry in one["entries"]
            if entry["content"]["kind"] == "decided"
        ]
        for one in (clear, masked)
    ]
    assert answers[0] == ["重大"]
    assert answers[1] != ["重大"]
    assert [any(entry["masked"] for entry in one["entries"]) for one in (clear, masked)] == [False, True]
    assert worked_out(clear) == [entry["hash"] for entry in clear["entries"]]


def test_the_page_marks_the_entries_in_which_something_is_masked(site: Site) -> None:
    made = decided_by_phone(site)
    page = html.fromstring(taken(site, made, "qa")["case.en.html"])
    history = json.loads(taken(site, made, "qa")["history.json"])
    masked = {str(entry["seq"]) for entry in history["entries"] if entry["masked"]}
    marked = page.xpath("//tr[contains(., 'Personal data are masked here')]/td[1]/text()")
    assert masked
    assert set(marked) == masked
    assert b"Personal data are masked here" not in taken(site, made, "cs")["case.en.html"]


def test_a_moved_case_has_every_file_of_each_bundle_that_it_ran(site: Site) -> None:
    home = site.house
    move_some(home.session, home.actor("owner"), home.actor("cs"))
    home.session.rollback()
    moved = home.session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "instance_migrated")).first()
    assert moved
    assert moved.data
    before, id = str(moved.data["from_bundle"]), moved.instance_id
    home.session.rollback()
    files = taken_of(site, id, "compliance")
    told = json.loads(files["case.json"])
    assert [each["hash"] for each in told["bundles"]] == [before, told["bundle_hash"]]
    assert files[f"bundles/{before}/{PROCESS}.bpmn"] == VERSIONS[0][f"{PROCESS}.bpmn"]
    assert files[f"bundles/{told['bundle_hash']}/{PROCESS}.bpmn"] == VERSIONS[1][f"{PROCESS}.bpmn"]
    assert files[f"diagrams/{PROCESS}.bpmn"] == VERSIONS[1][f"{PROCESS}.bpmn"]


def test_what_the_log_tells_is_committed_before_the_pages_are_made(site: Site, case: Case) -> None:
    """So nobody waits for the pages with a write of their own."""
    order: list[str] = []

    def wrote(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        order.extend(["write"] if statement.startswith("INSERT INTO access_log") else [])

    def rendered(_app: object, template: object, **_more: object) -> None:
        order.append(str(getattr(template, "name", "")))

    visitor = site.as_("cs")
    with site.app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", wrote)
    event.listen(engine, "commit", lambda _connection: order.append("commit"))
    with before_render_template.connected_to(rendered, site.app):
        assert visitor.get(f"/instances/{case.id}/evidence.zip").status == 200
    last = len(order) - 1 - order[::-1].index("write")
    assert order[last + 1 :] == ["commit", "evidence.html", "evidence.html"]


def test_the_limits_of_several_measures_say_which_is_whose(site: Site) -> None:
    """On both pages in full, and for programs by number and by what it is called."""
    site.house.deploy(ACTIONS)
    actions = [{"who": "张三", "what": "换" * 90}, {"who": "李四", "what": "复检库存"}]
    files = taken(site, site.house.start("p", "staff", actions=actions), "compliance")
    told = json.loads(files["case.json"])["clocks"]
    second = {"number": 2, "text": {"zh": "复检库存", "en": "复检库存"}}
    assert [clock["items"][0]["number"] for clock in told] == [1, 2]
    assert told[1]["items"] == [second]
    for lang, item in (("zh", "第 2 项：复检库存"), ("en", "item 2: 复检库存")):
        page = html.fromstring(files[f"case.{lang}.html"].decode())
        table = page.xpath("//table")[1]
        cells = [" ".join(row.xpath("./td")[0].text_content().split()) for row in table.xpath(".//tr[td]")]
        assert "换" * 90 in cells[0]
        assert cells[1].endswith(item)
        assert not [cell for cell in cells if "张三" in cell]
