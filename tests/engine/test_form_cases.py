"""Fields that name a case, and conditions and bounds that read its clocks."""

from collections.abc import Callable
from datetime import timedelta

import pytest

import engine
from engine.diagram.forms import form_functions
from engine.errors import FormInvalid
from tests.drive import Case, House
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.form_world import NOW, cleaned, drawn, faulty, problems
from tests.engine.houses import END, extended, field, task
from tests.engine.timed import EXTENSION, limited

Furnish = Callable[..., House]
KNOWN, UNKNOWN = "QF-2026-000001", "QF-2026-000002"


def asked(**properties: str) -> dict[str, object]:
    """A date field with properties."""
    kind = {"type": "datetime", "subtype": "datetime", "key": "until", "dateLabel": "期限"}
    return {**kind, "properties": {"label.en": "Until", **properties}}


CASE_NO = {"type": "textfield", "key": "case_no", "label": "案件编号",
           "properties": {"label.en": "Case", "source": "case"}}  # fmt: skip


def test_a_field_may_ask_for_the_number_of_a_running_case() -> None:
    form = drawn(CASE_NO)
    assert cleaned(form, {"case_no": f" {KNOWN} "}) == {"case_no": KNOWN}
    (problem,) = problems(form, {"case_no": UNKNOWN})
    assert (problem.field, problem.zh, problem.en) == (
        "case_no", "没有这个编号的在办案件，或您无权查看。",
        "No running case that you may see has this number.",
    )  # fmt: skip


def test_a_case_field_may_be_left_empty_if_it_is_not_required() -> None:
    assert cleaned(drawn(CASE_NO), {}) == {"case_no": None}


def test_a_bound_may_read_the_clock_of_the_case_that_is_named() -> None:
    form = drawn(CASE_NO, asked(not_before="due('confirm', case_no)"))
    due = "2026-11-23T12:00:00+08:00"
    assert cleaned(form, {"case_no": KNOWN, "until": due})["until"] == due
    assert faulty(form, {"case_no": KNOWN, "until": "2026-11-23T11:59:00+08:00"}) == ["until"]


def test_a_clock_that_does_not_run_binds_nobody() -> None:
    form = drawn(CASE_NO, asked(not_before="due('reply', case_no)"))
    assert faulty(form, {"case_no": KNOWN, "until": "2001-01-01T00:00:00+08:00"}) == []


def test_a_field_may_be_required_by_the_state_of_a_clock() -> None:
    form = drawn(CASE_NO, asked(**{"required.when": "extended('confirm', case_no) >= 1"}))
    assert faulty(form, {"case_no": KNOWN}) == ["until"]
    assert faulty(form, {}) == []


def test_a_page_asks_the_same_clocks() -> None:
    assert form_functions(NOW)["running"]("confirm", KNOWN) is False


def test_only_a_text_field_names_a_case() -> None:
    with pytest.raises(engine.errors.BundleRefused):
        drawn({**CASE_NO, "type": "number"})


# -- in a house

NAMING = {
    "n.bpmn": diagram(
        node("startEvent", "SE", extended(field("case_no", source="case"), field("note", required=True)))
        + task("UT_do") + END + flow("SE", "UT_do") + flow("UT_do", "EE_done"),
        process_id="n",
    )
}  # fmt: skip


def named(home: House, case: Case, as_: str) -> None:
    """Somebody starts a case about another one."""
    home.start("n", as_, case_no=case.business_key, note="x")


def test_only_a_case_that_one_may_see_can_be_named(house: Furnish) -> None:
    home = house(limited() | NAMING)
    case = home.start("p", "sales", gist="渗漏")
    named(home, case, "sales")
    named(home, case, "vp")
    with pytest.raises(FormInvalid):
        named(home, case, "dept")


def test_a_case_that_has_ended_can_no_longer_be_named(house: Furnish) -> None:
    home = house(limited() | NAMING)
    case = home.start("p", gist="渗漏")
    case.complete("UT_do", "cs")
    with pytest.raises(FormInvalid):
        named(home, case, "vp")


def test_a_bound_of_a_start_form_follows_an_extension(house: Furnish) -> None:
    """The clock is read when the form is handed in."""
    bounded = field("until", "date", bound="due('confirm', case_no)").replace('"bound"', '"not_before"')
    late = {"b.bpmn": diagram(
        node("startEvent", "SE", extended(field("case_no", source="case"), bounded))
        + task("UT_do") + END + flow("SE", "UT_do") + flow("UT_do", "EE_done"), process_id="b",
    )}  # fmt: skip
    home = house(limited() | EXTENSION | late)
    case = home.start("p", gist="渗漏")
    home.start("b", "vp", case_no=case.business_key, until="2026-11-24")
    until = (home.clock.now + timedelta(hours=96)).isoformat()
    home.start("x", "cs", case_no=case.business_key, until=until).complete("UT_ok", "vp", fine=True)
    with pytest.raises(FormInvalid, match="2026-11-26"):
        home.start("b", "vp", case_no=case.business_key, until="2026-11-24")


def test_the_clock_of_a_case_that_one_may_not_see_is_not_told(house: Furnish) -> None:
    home = house(limited())
    case = home.start("p", "sales", gist="渗漏")
    seen = [
        engine.clock_reader(home.session, home.actor(who))("confirm", case.business_key) is not None
        for who in ("sales", "vp", "dept")
    ]
    assert seen == [True, True, False]


def test_values_given_for_a_start_form_are_checked_without_starting_anything(house: Furnish) -> None:
    """Only those given: what else the form asks for is not missed yet."""
    home = house(limited() | NAMING)
    case = home.start("p", gist="渗漏")

    def wrong(number: str) -> list[str]:
        found = engine.start_problems(home.session, "n", home.actor("vp"), {"case_no": number})
        return [problem.field for problem in found]

    assert (wrong(case.business_key), wrong("QF-0000-000000")) == ([], ["case_no"])
    assert len(engine.list_instances(home.session, home.actor("compliance")).items) == 1


def test_an_extension_is_offered_to_whoever_may_start_the_process_for_it(house: Furnish) -> None:
    """For a running clock that is not over, if the form offers that clock."""
    home = house(limited() | sla_extension("confirm"))
    case = home.start("p", gist="渗漏")

    def offered(as_: str) -> bool:
        return case.view(as_).clocks[0].extendable

    assert (offered("cs"), offered("vp")) == (True, False)
    home.clock.advance(hours=48)
    assert not offered("cs")


@pytest.mark.parametrize("files", [{}, {"clock": "reply"}])
def test_an_extension_is_not_offered_where_nobody_could_grant_it(
    house: Furnish, files: dict[str, str]
) -> None:
    """The process is not deployed, or its form does not know the clock."""
    home = house(limited() | (sla_extension(files["clock"]) if files else {}))
    case = home.start("p", gist="渗漏")
    assert not case.view("cs").clocks[0].extendable


def sla_extension(clock: str) -> dict[str, bytes]:
    """The process by which customer service asks for more time, for one clock."""
    option = f'<camunda:value id="{clock}" name="c"/></camunda:formField>'
    choice = field("clock", "enum").replace("</camunda:formField>", option)
    drawn_ = diagram(
        node("startEvent", "SE", extended(field("case_no", source="case"), choice)) + task("UT_ok") + END
        + flow("SE", "UT_ok") + flow("UT_ok", "EE_done"),
        process_id="sla_extension",
    )  # fmt: skip
    start = b'<process id="sla_extension"'
    assert start in drawn_
    return {"sla_extension.bpmn": drawn_.replace(start, start + b' camunda:candidateStarterGroups="cs"')}
