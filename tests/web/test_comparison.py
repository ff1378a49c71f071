"""The page that compares two versions of a process in words, and on the diagrams."""

import json

import pytest

from tests.engine.houses import DECIDED, LEVEL, REWORK
from tests.web.drawn import FILES
from tests.web.pages import Answer, Site

READERS = ["owner", "compliance", "admin"]
OTHERS = ["staff", "cs", "qa_lead", "vp", "it"]
COMPARE = "/processes/p/compare?from=1&to=2"


def edited(files: dict[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    """The files with a text of one of them replaced, which must be there."""
    assert old in files[name].decode()
    return {**files, name: files[name].decode().replace(old, new).encode()}


@pytest.fixture
def two(site: Site) -> Site:
    """A site on which one task of `p` was renamed."""
    site.house.deploy(edited(REWORK, "p.bpmn", "做do", "办理"), "改名")
    return site


def lines(page: Answer) -> list[str]:
    """The lines of the tables of changes, with single spaces."""
    rows = page.all("//table[contains(@class, 'compared')]/tbody/tr")
    return [" ".join(" ".join(row.itertext()).split()) for row in rows]


@pytest.mark.parametrize("who", READERS)
def test_readers_compare(two: Site, who: str) -> None:
    (line,) = lines(two.as_(who).get(COMPARE))
    assert line.startswith("≠ 修改 办理 人工任务 · UT_do")
    assert line.endswith("名称（中文） 修改前： 做do 修改后： 办理")


@pytest.mark.parametrize("who", OTHERS)
def test_others_are_refused(two: Site, who: str) -> None:
    assert two.as_(who).get(COMPARE).status == 403


def test_strangers_are_sent_to_sign_in(two: Site) -> None:
    assert two.app.test_client().get(COMPARE).status_code == 302


def test_without_a_choice_the_latest_is_compared_with_the_one_before(two: Site) -> None:
    owner = two.as_("owner")
    assert lines(owner.get("/processes/p/compare")) == lines(owner.get(COMPARE))


def test_the_other_way_round_before_and_after_change_places(two: Site) -> None:
    (line,) = lines(two.as_("owner").get("/processes/p/compare?from=2&to=1"))
    assert line.endswith("修改前： 办理 修改后： 做do")


def test_the_page_speaks_english_too(two: Site) -> None:
    page = two.as_("owner", "en").get(COMPARE)
    (line,) = lines(page)
    assert line.startswith("≠ changed")
    assert "user task" in line
    assert [each.text for each in page.all("//dd[@class='before']//span[@lang='zh-CN']")] == ["做do"]


def test_the_page_of_the_process_offers_to_compare(two: Site) -> None:
    page = two.as_("owner").get("/processes/p")
    (form,) = page.all("//form[@action='/processes/p/compare']")
    given = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
    assert given == {"from": "1", "to": "2"}
    assert not two.as_("owner").get("/processes/every").all("//form[contains(@action, 'compare')]")


def test_each_diagram_carries_the_marks_of_its_side(two: Site) -> None:
    way = '<sequenceFlow id="F" sourceRef="UT_new" targetRef="UT_check"/>'
    added = edited(REWORK, "p.bpmn", "</process>", f'<manualTask id="UT_new"/>{way}</process>')
    through = 'sourceRef="UT_do" targetRef="UT_new"'
    two.house.deploy(edited(added, "p.bpmn", 'sourceRef="UT_do" targetRef="UT_check"', through))
    page = two.as_("owner").get("/processes/p/compare?from=2&to=3")
    marks = {box.get("data-side"): json.loads(box.get("data-marks")) for box in page.all("//*[@data-marks]")}
    assert marks == {
        "before": {"UT_do": "changed", "UT_do_UT_check": "changed"},
        "after": {"UT_do": "changed", "UT_new": "added", "UT_do_UT_check": "changed", "F": "added"},
    }
    urls = page.all("//*[@data-marks]/@data-url")
    assert urls == [f"/processes/p/versions/{version}/files/p.bpmn" for version in (2, 3)]


def test_a_field_and_its_answers_are_told_in_words(site: Site) -> None:
    site.house.deploy(edited(FILES, "all.form", json.dumps("经过")[1:-1], json.dumps("详细经过")[1:-1]))
    page = site.as_("owner").get("/processes/every/compare")
    (line,) = lines(page)
    assert line == "≠ 修改 详细经过 多行文本 · story 标签 修改前： 经过 修改后： 详细经过"
    assert not page.all("//*[@data-marks]")


def test_the_same_version_twice_and_two_equal_ones_are_said(two: Site) -> None:
    owner = two.as_("owner")
    assert "选择了同一个版本" in owner.get("/processes/p/compare?from=2&to=2").text
    two.house.deploy(REWORK, "改回")
    assert "两个版本相同" in owner.get("/processes/p/compare?from=1&to=3").text


def test_a_version_that_differs_in_spelling_only_says_so(site: Site) -> None:
    site.house.deploy(edited(REWORK, "p.bpmn", "<endEvent ", "<endEvent  "))
    page = site.as_("owner").get(COMPARE)
    assert "仅文件写法不同" in page.text
    assert "p.bpmn" in page.text
    assert not lines(page)


def test_groups_and_flags_are_told_by_name(site: Site) -> None:
    offered = edited(REWORK, "p.bpmn", 'candidateGroups="qa"', 'candidateGroups="qa,cs_lead"')
    site.house.deploy(edited(offered, "p.bpmn", 'type="boolean"', 'type="boolean" defaultValue="true"'))
    found = lines(site.as_("owner").get(COMPARE))
    assert [line for line in found if line.endswith("候选组 修改前： qa 组 修改后： qa 组、cs_lead 组")]
    assert [line for line in found if line.endswith("默认 修改前： 无 修改后： 是")]


def test_a_flow_without_a_name_is_told_by_what_it_joins(site: Site) -> None:
    site.house.deploy(edited(REWORK, "p.bpmn", "${good == true}", "${good != false}"))
    (line,) = lines(site.as_("owner").get(COMPARE))
    assert line.startswith("≠ 修改 合格？ → 已完成 顺序流 · XG_good_EE_done 条件")


def test_names_with_markup_are_shown_inert(site: Site) -> None:
    evil = "&lt;script&gt;alert(1)&lt;/script&gt;"
    site.house.deploy(edited(REWORK, "p.bpmn", "做do", evil))
    page = site.as_("owner").get(COMPARE)
    assert "<script>alert(1)</script>" in lines(page)[0]
    assert not page.all("//script[not(@src)]")


@pytest.mark.parametrize("query", ["from=x", "to=0", "from=-1", "to=1.5"])
def test_garbage_in_the_address_is_refused(two: Site, query: str) -> None:
    assert two.as_("owner").get(f"/processes/p/compare?{query}").status == 400


@pytest.mark.parametrize("path", ["/processes/p/compare?to=9", "/processes/nothing/compare"])
def test_what_is_not_there_is_not_found(two: Site, path: str) -> None:
    assert two.as_("owner").get(path).status == 404


def test_in_english_a_decision_its_columns_and_the_conditions_of_a_row_are_english(site: Site) -> None:
    """The conditions that a changed row keeps stand with its number; names without English stay Chinese."""
    named = '<extensionElements><camunda:properties><camunda:property name="{}" value="{}"/>' \
        "</camunda:properties></extensionElements>"
    level = LEVEL.replace("<decisionTable", named.format("name.en", "Grade") + "<decisionTable").replace(
        "<inputExpression", named.format("label.en", "gist of it") + "<inputExpression", 1
    ).replace("<text>-</text>", '<text>"漏"</text>')  # fmt: skip
    for answer in ("重大", "一般"):
        site.house.deploy({**DECIDED, "level.dmn": level.replace('"重大"<', f'"{answer}"<').encode()}, answer)
    page = site.as_("owner", "en").get("/processes/p/compare")
    assert page.all("//h2[@id='decision-1']/span[1]")[0].text == "Grade"
    (line,) = lines(page)
    assert "severity" in line
    assert "严重度" not in line
    (kept,) = page.all("//dl[contains(@class, 'kept')]/dd")
    assert " ".join("".join(kept.itertext()).split()) == 'gist of it: "漏"'
