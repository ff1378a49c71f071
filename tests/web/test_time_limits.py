"""Time limits on the pages: of a case, of a task, in the lists; asking for an extension."""

from datetime import timedelta

import pytest

from tests.drive import Case
from tests.engine.measures import ACTIONS
from tests.engine.test_form_cases import sla_extension
from tests.engine.timed import EXTENSION, limited, wait
from tests.web.pages import Answer, Site
from web.clocks import limit_text

LABELS = {"clocks.csv": "id,zh,en\nconfirm,调查并确认,Investigation\n".encode()}


@pytest.fixture
def timed(site: Site) -> Site:
    """The pages over a process `t` with the clock `confirm` of 48 hours."""
    files = {"t.bpmn": limited()["p.bpmn"].replace(b'<process id="p"', b'<process id="t"')}
    site.house.deploy(files | EXTENSION | LABELS | sla_extension("confirm"))
    return site


def started(site: Site, hours_ago: float = 0) -> Case:
    """A case that began so many hours ago."""
    site.house.clock.advance(hours=-hours_ago)
    case = site.house.start("t", "staff", gist="渗漏")
    site.house.clock.advance(hours=hours_ago)
    return case


def shown(site: Site, case: Case, as_: str = "cs", language: str = "zh") -> Answer:
    """The page of a case."""
    site.house.session.rollback()
    return site.as_(as_, language).get(f"/instances/{case.id}")


def limits(answer: Answer) -> str:
    """What the panel of time limits says."""
    return " ".join(" ".join(e.text_content().split()) for e in answer.all("//*[@id='clocks']"))


@pytest.mark.parametrize(
    ("limit", "calendar", "words"),
    [("PT48H", "natural", "48 小时"), ("P2D", "working", "2 个工作日"), ("PT90M", "natural", "90 分钟"),
     ("P7DT11H51M11.121713S", "natural", "7 天 11 小时"), ("P1M", "natural", "P1M")],
)  # fmt: skip
def test_a_limit_reads_in_words(site: Site, limit: str, calendar: str, words: str) -> None:
    with site.app.test_request_context():
        assert limit_text(limit, calendar) == words


def test_a_case_shows_its_running_limit_with_a_bar_and_in_words(timed: Site) -> None:
    page = shown(timed, started(timed, 5))
    assert "调查并确认" in limits(page)
    assert "48 小时" in limits(page)
    assert "剩 42 小时" in limits(page) or "剩 43 小时" in limits(page)
    assert len(page.all("//*[@id='clocks']//svg")) == 1


def test_the_panel_reads_in_english_too(timed: Site) -> None:
    page = shown(timed, started(timed), language="en")
    assert "Investigation" in limits(page)
    assert "48 hours" in limits(page)


@pytest.mark.parametrize(
    ("hours", "badge", "mark"), [(1, "plain", "○"), (37, "warn", "◔"), (49, "bad", "▲")]
)
def test_a_warning_and_lateness_are_said_by_a_sign_and_in_words(
    timed: Site, hours: int, badge: str, mark: str
) -> None:
    page = shown(timed, started(timed, hours))
    (found,) = page.all(f"//*[@id='clocks']//span[contains(@class, 'badge {badge}')]")
    assert mark in found.text_content()


def test_a_stopped_limit_shows_its_verdict(timed: Site) -> None:
    early, late = started(timed), started(timed, 49)
    for case in (early, late):
        case.complete("UT_do", "cs")
    assert "✓ 按期办理" in limits(shown(timed, early))
    assert "▲ 超期" in limits(shown(timed, late))


def test_an_extension_is_told_with_its_reason_and_its_case(timed: Site) -> None:
    case = started(timed)
    until = (timed.house.clock.now + timedelta(hours=90)).isoformat()
    request = timed.house.start("x", "cs", case_no=case.business_key, until=until)
    request.complete("UT_ok", "vp", fine=True)
    page = shown(timed, case)
    assert "vp 先生" in limits(page)
    assert "特殊问题" in limits(page)
    assert page.all(f"//*[@id='clocks']//a[@href='/instances/{request.id}']/text()") == [request.business_key]


def test_whoever_may_ask_for_an_extension_is_led_to_the_filled_in_form(timed: Site) -> None:
    case = started(timed)
    (link,) = shown(timed, case).all("//*[@id='clocks']//a[contains(@href, 'sla_extension')]/@href")
    form = timed.as_("cs").get(link)
    assert form.all("//input[@id='f-case_no']/@value") == [case.business_key]
    assert form.all("//select[@name='clock']/option[@selected]/@value") == ["confirm"]
    assert not form.all("//p[@class='problem']")


def test_nobody_else_is_led_there_and_nobody_after_the_end(timed: Site) -> None:
    fresh, late = started(timed), started(timed, 49)
    for case, who in ((fresh, "vp"), (fresh, "compliance"), (late, "cs")):
        assert not shown(timed, case, who).all("//a[contains(@href, 'sla_extension')]")


def test_a_task_shows_the_running_limits_of_its_case(timed: Site) -> None:
    case = started(timed)
    page = timed.as_("cs").get(timed.task(case, "UT_do"))
    assert page.all("//aside//ul[@class='clocks']//a[contains(@href, 'sla_extension')]")


def test_a_case_without_limits_has_no_panel(site: Site) -> None:
    case = site.case(name="甲")
    assert not shown(site, case).all("//*[@id='clocks']")


def test_the_list_of_cases_says_what_is_due_and_what_is_late(timed: Site) -> None:
    fresh, late = started(timed), started(timed, 49)
    timed.house.session.rollback()
    cs = timed.as_("cs")
    (row,) = cs.get("/instances").all(f"//tr[.//a[text()='{late.business_key}']]")
    assert row.get("class") == "late"
    assert "▲" in row.text_content()
    only = cs.get("/instances?breached=1").all("//td[1]/a/text()")
    assert only == [late.business_key]
    assert fresh.business_key in cs.get("/instances").text
    assert cs.get("/instances?breached=x").status == 400


def test_the_history_tells_of_the_limits(timed: Site) -> None:
    case = started(timed, 49)
    wait(timed.house, seconds=1)
    page = shown(timed, case)
    history = " ".join(e.text_content() for e in page.all("//*[@id='history']"))
    assert "时限“调查并确认”开始计时" in history
    assert "已超期" in history


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", ["措施完成 第 1 项：换阀瓣", "措施完成 第 2 项：复检库存"]),
     ("en", ["Measure item 1: 换阀瓣", "Measure item 2: 复检库存"])],
)  # fmt: skip
def test_the_limits_of_several_measures_say_which_is_whose(
    site: Site, language: str, said: list[str]
) -> None:
    """Not the first column, which is personal, nor on the task's page."""
    site.house.deploy(ACTIONS)
    actions = [{"who": "张三", "what": "换阀瓣"}, {"who": "李四", "what": "复检库存"}]
    case = site.house.start("p", "staff", actions=actions)
    task = site.as_("cs", language).get(site.task(case, "UT_do"))
    for page in (shown(site, case, "compliance", language), task):
        heads = page.all("//ul[@class='clocks']//h3")
        assert [" ".join(head.text_content().split()) for head in heads] == said
        assert not [clocks for clocks in page.all("//ul[@class='clocks']") if "张三" in clocks.text_content()]


def test_what_a_measure_is_called_is_cut_in_the_panel(site: Site) -> None:
    site.house.deploy(ACTIONS)
    case = site.house.start("p", "staff", actions=[{"who": "", "what": "长" * 200}])
    said = limits(shown(site, case))
    assert "长" * 79 + "…" in said
    assert "长" * 80 not in said
