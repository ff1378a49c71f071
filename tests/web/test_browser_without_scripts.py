"""Everything but the diagrams works in a browser that runs no scripts."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

import engine
from tests.bpmn.case import Case
from tests.databases import Databases
from tests.web.browser import Clicker
from tests.web.filling import answer, picture
from tests.web.serving import Office, served

pytestmark = [pytest.mark.browser, pytest.mark.long]
Visit = Callable[..., Clicker]
PHOTO = "没有脚本 也能上传.png"
SYMPTOM = "点火三次均失败，程控器报警。"


@pytest.fixture(scope="module")
def planning(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """A company with one case, whose plan is asked for; its number."""
    files = tmp_path_factory.mktemp("planning") / "files"
    with databases.copy("furnished") as url:
        database = engine.create_database_engine(url)
        with Session(database) as session:
            number = Case(session, files).go_to("UT_plan").number
        database.dispose()
        with served(url, files) as office:
            yield office, number


def test_a_feedback_is_registered_and_its_file_kept_without_scripts(
    planning: tuple[Office, str], visit: Visit
) -> None:
    clicker = visit(planning[0], java_script_enabled=False).sign_in("zhou.xiao")
    number = clicker.register(**answer("SE_feedback"), gist="点火失败", product_name="燃气燃烧器")
    clicker.sign_in("chen.jing").open_task(number, "指定专人").fill(answer("UT_assign")).complete()
    known = answer("UT_register", model="RS-120", symptom=SYMPTOM, photos=[picture(PHOTO)])
    clicker.sign_in("wang.fang").open_task(number, "登记信息").fill(known).complete()

    page = clicker.open_case(number).page
    expect(page.get_by_role("link", name=PHOTO).first).to_be_visible()
    expect(page.get_by_text("下方列表以文字说明相同内容").first).to_be_visible()


def test_a_row_is_added_to_a_table_and_nothing_typed_is_lost_without_scripts(
    planning: tuple[Office, str], visit: Visit
) -> None:
    office, number = planning
    clicker = visit(office, java_script_enabled=False).sign_in("li.ming").open_task(number, "拟定处理方案")
    clicker.fill(answer("UT_plan"))
    rows = clicker.page.locator("[data-field=actions] [data-row]")
    expect(rows).to_have_count(2)
    expect(clicker.page.locator("[name=method]")).to_have_value(str(answer("UT_plan")["method"]))
    clicker.complete()

    page = clicker.open_case(number).page
    plan = page.locator("details.past").filter(has_text="拟定处理方案").first
    plan.locator("summary").first.click()
    expect(plan).to_contain_text("更换密封面研磨工装并复核全部在制品")
    expect(plan).to_contain_text("出厂试压增加保压十分钟的检查项")
