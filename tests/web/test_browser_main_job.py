"""The main job by real clicks: every person in turn signs in and does what the diagram asks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.databases import Databases
from tests.web.browser import Clicker
from tests.web.filling import answer, picture
from tests.web.serving import Office, served

pytestmark = pytest.mark.browser

Visit = Callable[..., Clicker]
GIST = {"gist": "安全阀回座后持续泄漏", "product_name": "弹簧式安全阀"}
PHOTO = "密封面 现场照片.png"
FOUND = {"model": "A48Y-16C", "symptom": "客户反映：回座后持续泄漏，设备已按说明书操作。"}
STEPS = (
    ("chen.jing", "指定专人", "UT_assign"),
    ("wang.fang", "登记信息", "UT_register"),
    ("wang.fang", "初步分析与确认", "UT_triage"),
    ("wang.fang", "填报调查报告单", "UT_report"),
    ("wu.min", "指定调查负责人", "UT_accept"),
    ("jiang.wei", "协助调查", "UT_assist"),
    ("li.ming", "分析并确认原因", "UT_analyse"),
    ("wu.min", "批准调查报告单", "UT_approve"),
    ("li.ming", "拟定处理方案", "UT_plan"),
    ("jiang.wei", "会签方案", "UT_countersign"),
    ("wu.min", "审批方案", "UT_approve_plan"),
    ("wang.fang", "向客户通报方案", "UT_inform_customer"),
    ("li.ming", "分解整改措施", "UT_breakdown"),
    ("shen.hao", "接受整改任务", "qf_action.UT_accept"),
    ("shen.hao", "实施措施并提交证据", "UT_do"),
    ("jiang.wei", "接受整改任务", "qf_action.UT_accept"),
    ("jiang.wei", "实施措施并提交证据", "UT_do"),
    ("li.ming", "检查措施结果", "UT_check"),
    ("li.ming", "检查措施结果", "UT_check"),
    ("li.ming", "反馈整改进度", "UT_progress"),
    ("wang.fang", "跟进整改进度", "UT_follow"),
    ("li.ming", "确认整改完成", "UT_confirm"),
    ("li.ming", "确定验证判据", "UT_criteria"),
    ("li.ming", "验证整改成效", "UT_verify"),
    ("li.ming", "固化整改成果", "UT_standardise"),
    ("wang.fang", "回复客户", "UT_reply"),
    ("wang.fang", "回访客户满意度", "UT_survey"),
    ("wu.min", "批准关闭并归档", "UT_close"),
)
FILES = {"UT_register": {"photos": PHOTO} | FOUND, "UT_do": {"evidence": "试压记录.png"}}
RECORDS = ("R01", "R02", "R04", "R39", "R21", "R35")
WAY = (
    "SE_feedback",
    "CA_intake",
    "CA_investigate",
    "CA_decide",
    "CA_rectify",
    "CA_verify",
    "CA_close",
    "TE_closed",
)


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    """A company without a case."""
    with databases.copy("furnished") as url, served(url, tmp_path / "files") as company:
        yield company


@pytest.mark.long
def test_a_complaint_goes_from_the_hotline_to_the_archive_by_clicks_alone(
    office: Office, visit: Visit
) -> None:
    clicker = visit(office).sign_in("zhou.xiao")
    number = clicker.register(**answer("SE_feedback"), **GIST)
    for person, step, element in STEPS:
        clicker.sign_in(person).open_task(number, step).fill(answers(element)).complete()

    page = clicker.sign_in("tao.ran").open_case(number).page
    expect(page.get_by_role("region", name="基本信息")).to_contain_text("已关闭")
    photo = page.get_by_role("region", name="附件").get_by_role("img", name=PHOTO)
    photo.scroll_into_view_if_needed()
    expect(photo).not_to_have_js_property("naturalWidth", 0)
    diagram_shows_the_way(page)
    every_record_opens(page)


def test_the_same_pages_lead_through_the_first_steps_in_english(office: Office, visit: Visit) -> None:
    clicker = visit(office, "en").sign_in("wang.fang")
    number = clicker.register(**answer("SE_feedback"), **GIST)
    clicker.sign_in("chen.jing").open_task(number, "Assign a handler").fill(answers("UT_assign")).complete()

    page = clicker.sign_in("tao.ran").open_case(number).page
    expect(page.get_by_role("region", name="Who acts next")).to_contain_text("王芳")
    drawn = page.locator(".diagram:visible:not(.waiting)")
    expect(drawn.locator("[data-element-id=UT_register].now")).to_contain_text("Register")


def answers(element: str) -> dict[str, object]:
    """The demo's plain answer, with files to upload where the step wants evidence."""
    extra = FILES.get(element, {})
    files = {key: [picture(name)] for key, name in extra.items() if name.endswith(".png")}
    return answer(element) | extra | files


def diagram_shows_the_way(page: Page) -> None:
    """The diagram of the main process marks what was done, up to the end, and the path between."""
    page.locator("[data-for=qf_main]").click()
    drawn = page.locator(".diagram:visible:not(.waiting)")
    for element in WAY:
        expect(drawn.locator(f"[data-element-id={element}].done")).to_be_visible()
    assert drawn.locator(".djs-connection.taken").count() >= len(WAY) - 1


def every_record_opens(page: Page) -> None:
    """The records that the regulations ask for are listed, and each opens with its content intact."""
    listed = page.get_by_role("region", name="记录", exact=True)
    for record in RECORDS:
        expect(listed.get_by_role("row").filter(has_text=record).first).to_be_visible()
    for address in listed.get_by_role("link").evaluate_all("links => links.map(link => link.href)"):
        page.goto(address)
        expect(page.get_by_role("article")).to_contain_text("完整")
