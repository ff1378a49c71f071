"""To which of several items a clock or a task belongs: that of each measure is told from the others."""

from collections.abc import Callable

import pytest

import engine
from engine import TaskRow, Text
from engine.queries.items import Item
from engine.storage.models import Notification
from tests.drive import Case, House
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, extended, task
from tests.engine.measures import ACTIONS, WHAT, WHO, many, measures, rows
from tests.engine.timed import wait
from tests.web.drawn import asked, choice

Furnish = Callable[..., House]
TWO = [{"who": "张三", "what": "换阀瓣"}, {"who": "李四", "what": "复检库存"}]


def items(case: Case, who: str = "compliance") -> list[list[tuple[int, str | None, str | None]]]:
    """The items of each clock as (number, Chinese, English)."""
    return [[_plain(item) for item in clock.items] for clock in case.view(who).clocks]


def _plain(item: Item) -> tuple[int, str | None, str | None]:
    return (item.number, item.text.zh, item.text.en) if item.text else (item.number, None, None)


def test_each_clock_names_its_item_by_number_and_the_first_column_that_is_not_personal(
    house: Furnish,
) -> None:
    case = house(ACTIONS).start("p", actions=TWO)
    assert items(case) == [[(1, "换阀瓣", "换阀瓣")], [(2, "复检库存", "复检库存")]]


def test_a_stopped_clock_still_does(house: Furnish) -> None:
    case = house(ACTIONS).start("p", actions=TWO)
    case.complete("UT_do", "cs", 1)
    case.complete("UT_do", "cs")
    assert sorted(items(case)) == [[(1, "换阀瓣", "换阀瓣")], [(2, "复检库存", "复检库存")]]


@pytest.mark.parametrize("sequential", [False, True])
def test_an_item_with_nothing_but_personal_data_is_named_by_its_number(
    house: Furnish, sequential: bool
) -> None:
    """Whoever reads, and in which order the items are done."""
    files = measures(many("actions", "action", sequential), rows("actions", WHO))
    case = house(files).start("p", actions=[{"who": "张三"}, {"who": "李四"}])
    if sequential:
        case.complete("UT_do", "cs")
    for who in ("compliance", "cs"):
        assert sorted(items(case, who)) == [[(1, None, None)], [(2, None, None)]]


def test_groups_people_options_and_moments_are_told_as_the_form_tells_them(house: Furnish) -> None:
    """Moments in office time."""
    depts = asked("taglist", "depts", "部门", "Departments", properties={"source": "group"})
    case = house(measures(many("depts", "dept"), depts)).start("p", depts=["cs", "qa"])
    names = {group.id: group.name for group in engine.list_groups(case.house.session)}
    assert items(case) == [[(n, names[g].zh, names[g].get("en"))] for n, g in ((1, "cs"), (2, "qa"))]

    people = asked("taglist", "team", "组员", "Team", properties={"source": "user"})
    case = house(measures(many("team", "one"), people)).start("p", team=["qa"])
    assert items(case) == [[(1, "qa 先生", "qa 先生")]]

    english = {"option.甲.en": "A"}
    kinds = asked("checklist", "kinds", "类别", "Kinds", values=choice("甲"), properties=english)
    case = house(measures(many("kinds", "kind"), kinds)).start("p", kinds=["甲"])
    assert items(case) == [[(1, "甲", "A")]]

    at = asked("datetime", "at", "时间", "At", subtype="datetime", dateLabel="时间")
    case = house(measures(many("visits", "visit"), rows("visits", at))).start(
        "p", visits=[{"at": "2026-11-30T20:00:00+00:00"}]
    )
    assert items(case) == [[(1, "2026年12月1日 04:00", "1 Dec 2026 04:00")]]


def test_what_is_only_counted_has_a_number(house: Furnish) -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopCardinality>${2}</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    )
    case = house(measures(loop, WHAT)).start("p", what="x")
    assert items(case) == [[(1, None, None)], [(2, None, None)]]


def test_an_item_within_an_item_names_both(house: Furnish) -> None:
    """An outer subprocess runs for each place, an inner one for each measure."""
    inner = node("startEvent", "SE_in", extended(clock_start="action PT48H")) + task("UT_do")
    inner += node("endEvent", "EE_in") + flow("SE_in", "UT_do") + flow("UT_do", "EE_in")
    inside = node("startEvent", "SE_each") + node("subProcess", "SP_in", many("actions", "action") + inner)
    inside += node("endEvent", "EE_each") + flow("SE_each", "SP_in") + flow("SP_in", "EE_each")
    places = rows("places", asked("textfield", "place", "地点", "Place"))
    files = measures(many("places", "place"), rows("actions", WHAT), places, inside=inside)
    case = house(files).start(
        "p", places=[{"place": "东川"}, {"place": "西山"}], actions=[{"what": "换阀瓣"}, {"what": "复检"}]
    )
    outer = {1: (1, "东川", "东川"), 2: (2, "西山", "西山")}
    inner_ones = {1: (1, "换阀瓣", "换阀瓣"), 2: (2, "复检", "复检")}
    assert sorted(items(case)) == [[outer[o], inner_ones[i]] for o in (1, 2) for i in (1, 2)]


def test_the_history_names_the_item_of_a_clock_too_and_cuts_what_is_long(house: Furnish) -> None:
    case = house(ACTIONS).start("p", actions=[*TWO, {"who": "", "what": "长" * 100}])
    told = [event.text for event in case.view().history if event.kind == "clock_started"]
    assert [text.zh.partition("”")[0] for text in told[:2]] == [
        "时限“措施完成（第 1 项：换阀瓣）", "时限“措施完成（第 2 项：复检库存）",
    ]  # fmt: skip
    assert told[1].en.startswith("the time limit “Measure (item 2: 复检库存)” began")
    assert "长" * 59 + "…" in told[2].zh
    assert "长" * 60 not in told[2].zh


def test_a_notice_names_the_number_of_the_item_and_nothing_that_was_entered(house: Furnish) -> None:
    home = house(ACTIONS)
    home.start("p", actions=TWO)
    wait(home, hours=49)
    clocks = {n.facts["clock"] for n in home.session.query(Notification) if n.kind == "clock_breached"}
    assert clocks == {"措施完成（第 1 项）", "措施完成（第 2 项）"}


def test_each_task_names_its_item_in_the_lists_on_its_page_and_in_its_case(house: Furnish) -> None:
    case = house(ACTIONS).start("p", actions=TWO)
    session, cs = case.house.session, case.house.actor("cs")
    two = [[(1, "换阀瓣", "换阀瓣")], [(2, "复检库存", "复检库存")]]

    def told(rows: list[TaskRow]) -> list[list[tuple[int, str | None, str | None]]]:
        return [[_plain(item) for item in row.items] for row in rows]

    offered = engine.list_tasks(session, cs, "group", sort="created").items
    assert sorted(told(offered)) == two == told(case.view().tasks)
    assert sorted(told([engine.get_task(session, row.id, cs).row for row in offered])) == two
    case.complete("UT_do", "cs")
    assert told(engine.list_tasks(session, cs, "done").items) in ([two[0]], [two[1]])


def test_a_task_that_is_itself_repeated_names_its_item_and_the_one_after_it_names_none(
    house: Furnish,
) -> None:
    repeated = task("UT_do").replace("</userTask>", many("actions", "action") + "</userTask>")
    body = node("startEvent", "SE", camunda_formRef="plan") + repeated + task("UT_after") + END
    files = measures("", rows("actions", WHAT))
    flows = flow("SE", "UT_do") + flow("UT_do", "UT_after") + flow("UT_after", "EE_done")
    files["p.bpmn"] = diagram(body + flows)
    case = house(files).start("p", actions=[{"what": "换阀瓣"}, {"what": "复检"}])
    told = [[_plain(item) for item in row.items] for row in case.view().tasks]
    assert sorted(told) == [[(1, "换阀瓣", "换阀瓣")], [(2, "复检", "复检")]]
    case.complete("UT_do", "cs")
    case.complete("UT_do", "cs")
    assert [row.items for row in case.view().tasks] == [()]


def test_a_clock_outside_of_any_list_belongs_to_no_item(house: Furnish) -> None:
    files = measures(many("actions", "action"), rows("actions", WHAT))
    plain = files["p.bpmn"].replace(many("actions", "action").encode(), b"")
    case = house({**files, "p.bpmn": plain}).start("p", actions=[{"what": "x"}])
    assert items(case) == [[]]
    assert case.view().clocks[0].label == Text("措施完成", "Measure")
