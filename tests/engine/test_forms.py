"""A whole submission: conditions, bounds between fields, rows, and every problem at once."""

import pytest

from engine.diagram.expressions import compile_expression
from engine.diagram.forms import Field, Option
from engine.errors import ExpressionError
from tests.engine.form_world import NOW, cleaned, faulty, form_of, problems

OURS = tuple(Option(word, word) for word in ("是", "否", "部分"))
ANALYSIS = form_of(
    Field("ours", "radio", options=OURS, required=True),
    Field(
        "reason",
        "textarea",
        show_when=compile_expression('ours == "否"'),
        required_when=compile_expression('ours == "否"'),
    ),
    Field("proof", "text", show_when=compile_expression("reason != None")),
)
ACTIONS = form_of(
    Field("level", "text"),
    Field(
        "actions",
        "table",
        rows_min=1,
        rows_max=3,
        columns=(
            Field("desc", "text", required=True),
            Field("owner", "user", required=True),
            Field("due", "date", not_before=compile_expression("today()")),
            Field("why", "text", required_when=compile_expression('level == "重大" and due == None')),
        ),
    ),
)
ROW = {"desc": "换阀", "owner": "li.ming", "due": "2026-11-30", "why": None}


def test_all_problems_are_reported_at_once_in_the_order_of_the_form() -> None:
    form = form_of(
        Field("a", "text", required=True), Field("b", "number"), Field("c", "date"), Field("d", "user")
    )
    raw = {"d": "nobody", "c": "soon", "b": "many", "stranger": 1}
    assert faulty(form, raw) == ["stranger", "a", "b", "c", "d"]


@pytest.mark.parametrize(
    "key", ["salary", "typename", "_sa_instance_state", "__class__", "", "ours ", "reason.0"]
)
def test_a_key_the_form_does_not_declare_is_refused(key: str) -> None:
    assert faulty(ANALYSIS, {"ours": "是", key: "x"}) == [key]


def test_a_flood_of_undeclared_keys_gives_a_bounded_answer() -> None:
    assert len(problems(ANALYSIS, {"ours": "是"} | {f"x{n}": n for n in range(10_000)})) == 50


def test_the_submitted_values_are_left_untouched() -> None:
    raw = {"level": " x ", "actions": [dict(ROW, desc=" 换阀 ")]}
    cleaned(ACTIONS, raw)
    assert raw == {"level": " x ", "actions": [dict(ROW, desc=" 换阀 ")]}


def test_a_hidden_field_is_emptied_and_asks_for_nothing() -> None:
    assert cleaned(ANALYSIS, {"ours": "是", "reason": "x" * 99_999}) == {
        "ours": "是",
        "reason": None,
        "proof": None,
    }


def test_hiding_a_field_hides_what_depends_on_it() -> None:
    raw = {"ours": "是", "reason": "外购件", "proof": "发货单"}
    assert cleaned(ANALYSIS, raw)["proof"] is None
    assert cleaned(ANALYSIS, raw | {"ours": "否"})["proof"] == "发货单"


def test_a_shown_field_is_required_when_its_condition_holds() -> None:
    assert faulty(ANALYSIS, {"ours": "否"}) == ["reason"]


def test_a_condition_may_read_the_case_s_variables() -> None:
    form = form_of(Field("containment", "text", required_when=compile_expression('severity == "重大"')))
    assert faulty(form, {}, severity="重大") == ["containment"]
    assert faulty(form, {}, severity="一般") == []
    assert form.reads == {"severity"}


def test_a_condition_comparing_a_value_not_given_yet_shows_the_field_and_does_not_require_it() -> None:
    few = compile_expression("score < 3")
    form = form_of(Field("score", "number"), Field("why", "text", show_when=few, required_when=few))
    assert form.visible({"score": None}, {}, NOW) == {"score", "why"}
    assert cleaned(form, {}) == {"score": None, "why": None}
    assert faulty(form, {"score": "2"}) == ["why"]


def test_a_condition_that_fails_on_values_that_are_there_is_an_error_and_no_answer() -> None:
    form = form_of(Field("name", "text"), Field("why", "text", required_when=compile_expression("name > 3")))
    with pytest.raises(ExpressionError):
        cleaned(form, {"name": "x"})


def test_a_required_checkbox_must_be_ticked() -> None:
    form = form_of(Field("checked", "checkbox", required=True))
    assert faulty(form, {"checked": False}) == ["checked"]
    assert cleaned(form, {"checked": "on"}) == {"checked": True}


def test_no_is_an_answer_to_a_required_yes_or_no_question() -> None:
    options = (Option("true", "是"), Option("false", "否"))
    form = form_of(Field("injury", "radio", options=options, boolean=True, required=True))
    assert cleaned(form, {"injury": "false"}) == {"injury": False}
    assert faulty(form, {}) == ["injury"]


def test_zero_is_an_answer_to_a_required_number() -> None:
    assert cleaned(form_of(Field("days", "number", required=True)), {"days": "0"}) == {"days": 0}


def test_rows_are_cleaned_cell_by_cell_and_a_problem_names_row_and_column() -> None:
    bad = {"desc": "", "owner": "nobody", "due": "2026-11-01", "typename": "x"}
    assert faulty(ACTIONS, {"actions": [ROW, bad]}) == [
        "actions.1.typename",
        "actions.1.desc",
        "actions.1.owner",
        "actions.1.due",
    ]


def test_blank_rows_are_dropped_and_the_others_keep_their_numbers_in_problems() -> None:
    blank = {"desc": " ", "owner": "", "due": None, "why": ""}
    assert cleaned(ACTIONS, {"actions": [blank, ROW]})["actions"] == [ROW]
    assert faulty(ACTIONS, {"actions": [blank, ROW | {"desc": ""}]}) == ["actions.1.desc"]


def test_a_table_has_at_least_and_at_most_as_many_rows_as_drawn() -> None:
    assert faulty(ACTIONS, {"actions": []}) == ["actions"]
    assert faulty(ACTIONS, {"actions": [ROW] * 4}) == ["actions"]


def test_a_cell_s_condition_may_read_its_row_and_the_fields_around_the_table() -> None:
    row = ROW | {"due": None}
    assert faulty(ACTIONS, {"level": "重大", "actions": [row]}) == ["actions.0.why"]
    assert faulty(ACTIONS, {"level": "一般", "actions": [row]}) == []


@pytest.mark.parametrize(("day", "fits"), [("2026-11-22", False), ("2026-11-23", True), ("2026-12-01", True)])
def test_today_is_today_where_the_form_is_filled_in(day: str, fits: bool) -> None:
    """At 16:30 UTC on the 22nd it is the 23rd in Shanghai."""
    assert (faulty(ACTIONS, {"actions": [ROW | {"due": day}]}) == []) is fits


def test_a_moment_may_not_be_later_than_now_or_than_another_field() -> None:
    aware = Field("aware_at", "datetime", not_after=compile_expression("now()"))
    occurred = Field("occurred_at", "datetime", not_after=compile_expression("aware_at"))
    form = form_of(aware, occurred)
    good = {"aware_at": "2026-11-23T00:30", "occurred_at": "2026-11-22T16:30:00+00:00"}
    assert faulty(form, good) == []
    assert faulty(form, good | {"aware_at": "2026-11-23T00:31"}) == ["aware_at"]
    assert faulty(form, good | {"occurred_at": "2026-11-23T00:31"}) == ["occurred_at"]
    assert faulty(form, {"occurred_at": "2030-01-01T00:00"}) == [], "a bound not known yet does not bind"


def test_a_day_as_bound_of_a_moment_counts_in_full() -> None:
    form = form_of(
        Field("day", "date"),
        Field("at", "datetime", not_before=compile_expression("day"), not_after=compile_expression("day")),
    )
    for time in ("00:00", "23:59"):
        assert faulty(form, {"day": "2026-11-20", "at": f"2026-11-20T{time}"}) == []
    assert faulty(form, {"day": "2026-11-20", "at": "2026-11-21T00:00"}) == ["at"]
    assert faulty(form, {"day": "2026-11-20", "at": "2026-11-19T23:59"}) == ["at"]


def test_a_read_only_field_keeps_its_value_and_refuses_another() -> None:
    form = form_of(
        Field("no", "text", read_only=True, required=True),
        Field("version", "text", read_only=True, default="1"),
    )
    assert cleaned(form, {}, no="QF-1") == {"no": "QF-1", "version": "1"}
    assert cleaned(form, {"no": "QF-1", "version": "1"}, no="QF-1") == {"no": "QF-1", "version": "1"}
    assert faulty(form, {"no": "QF-2", "version": "2"}, no="QF-1") == ["no", "version"]


def test_a_form_finds_its_fields_by_key() -> None:
    assert ANALYSIS.field("ours").type == "radio"
    with pytest.raises(KeyError):
        ANALYSIS.field("theirs")
