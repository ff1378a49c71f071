"""Decision tables decide as DMN says, and refuse with the table, the inputs and the reason."""

import datetime as dt
from pathlib import Path

import pytest

from engine.diagram.decisions import Decision, check_tables, read_decision
from engine.diagram.expressions import functions_at
from engine.errors import BundleRefused, DecisionError
from tests.engine.tables import table

BPMN = Path(__file__).parents[2] / "bpmn"
N, WORD = ("n", "number", ""), ("word", "string", "")
ROWS = [("< 10", '"low"'), ("[10..20)", '"mid"'), (">= 20", '"high"')]


def decision(*arguments: object, **options: object) -> Decision:
    return read_decision(table(*arguments, **options), "grade.dmn")  # type: ignore[arg-type]


def refused(found: Decision, **names: object) -> tuple[str, str]:
    with pytest.raises(DecisionError) as caught:
        found.decide(names)
    return caught.value.message("zh"), caught.value.message("en")


def complaints(data: bytes) -> list[str]:
    with pytest.raises(BundleRefused) as caught:
        read_decision(data, "grade.dmn")
    for problem in caught.value.problems:
        assert problem.zh
        assert problem.level == "error"
        assert problem.line >= 1
        assert problem.column >= 1
    return [problem.text("en") for problem in caught.value.problems]


@pytest.mark.parametrize(("n", "word"), [(9, "low"), (10, "mid"), (19.9, "mid"), (20, "high")])
def test_the_matching_rule_answers(n: float, word: str) -> None:
    assert decision([N], [WORD], ROWS).decide({"n": n}) == {"word": word}


def test_a_second_match_of_a_unique_table_is_an_error() -> None:
    zh, en = refused(decision([N], [WORD], [("> 1", '"a"'), ("> 2", '"a"')]), n=3)
    assert zh == "决策表 定级 (grade)，输入 n = 3：第 1, 2 条规则同时符合，而表格只允许一条。"
    assert en == "Decision table 定级 (grade), inputs n = 3: rules 1, 2 all match, and only one may."


def test_first_takes_the_first_and_any_wants_agreement() -> None:
    rows = [("> 1", '"a"'), ("> 2", '"b"'), ("> 2", '"b"')]
    assert decision([N], [WORD], rows, "FIRST").decide({"n": 3}) == {"word": "a"}
    assert decision([N], [WORD], rows[1:], "ANY").decide({"n": 3}) == {"word": "b"}
    assert "answer differently" in refused(decision([N], [WORD], rows, "ANY"), n=3)[1]


def test_a_missing_match_names_the_table_and_the_inputs() -> None:
    zh, en = refused(decision([N, ("who", "string", "")], [WORD], [("1", "-", '"a"')]), n=None, who="张三")
    assert zh == "决策表 定级 (grade)，输入 n = 空，who = 张三：没有符合的规则。"
    assert en == "Decision table 定级 (grade), inputs n = null, who = 张三: no rule matches."


@pytest.mark.parametrize(("aggregation", "found"), [("SUM", 7.5), ("MIN", 2), ("MAX", 3), ("COUNT", 3)])
def test_collect_gathers_or_aggregates(aggregation: str, found: float) -> None:
    rows = [("> 0", "2"), ("> 0", "2.5"), ("> 0", "3"), ("< 0", "9")]
    output = [("points", "number", "")]
    assert decision([N], output, rows, "COLLECT").decide({"n": 1}) == {"points": [2, 2.5, 3]}
    extra = f'aggregation="{aggregation}"'
    assert decision([N], output, rows, "COLLECT", extra).decide({"n": 1}) == {"points": found}


def test_collect_of_nothing_is_an_empty_list_or_zero_but_has_no_sum() -> None:
    output, rows = [("points", "number", "")], [("> 0", "2")]
    assert decision([N], output, rows, "COLLECT").decide({"n": 0}) == {"points": []}
    counted = decision([N], output, rows, "COLLECT", 'aggregation="COUNT"')
    assert counted.decide({"n": 0}) == {"points": 0}
    assert "no rule matches" in refused(decision([N], output, rows, "COLLECT", 'aggregation="SUM"'), n=0)[1]


def test_collect_rows_keep_the_answers_of_one_rule_together() -> None:
    found = decision(
        [N], [WORD, ("ok", "boolean", "")], [("> 0", '"a"', "true"), ("> 1", '"b"', "")], "COLLECT"
    )
    assert found.decide_rows({"n": 2}) == [{"word": "a", "ok": True}, {"word": "b", "ok": None}]
    assert found.decide({"n": 2}) == {"word": ["a", "b"], "ok": [True, None]}


@pytest.mark.parametrize(
    ("how", "first", "collected"),
    [
        ("singleEntry", "a", None),
        ("singleResult", {"word": "a"}, None),
        ("collectEntries", ["a"], ["a", "b"]),
        ("resultList", [{"word": "a"}], [{"word": "a"}, {"word": "b"}]),
    ],
)
def test_a_result_is_mapped_as_camunda_does(how: str, first: object, collected: object) -> None:
    """A single value or row of several is an error, as in Camunda; of an empty list it is null."""
    rows = [("> 0", '"a"'), ("> 1", '"b"')]
    assert decision([N], [WORD], rows, "FIRST").mapped(how, {"n": 2}) == first
    several = decision([N], [WORD], rows, "COLLECT")
    if collected is None:
        with pytest.raises(DecisionError, match="too many rows or outputs"):
            several.mapped(how, {"n": 2})
        assert several.mapped(how, {"n": 0}) is None
    else:
        assert several.mapped(how, {"n": 2}) == collected
        assert several.mapped(how, {"n": 0}) == []


def test_an_aggregate_is_one_entry() -> None:
    found = decision(
        [N], [("sum", "number", "")], [("> 0", "2"), ("> 0", "3")], "COLLECT", 'aggregation="SUM"'
    )
    assert found.mapped("singleEntry", {"n": 1}) == 5
    assert found.mapped("resultList", {"n": 1}) == [{"sum": 5}]


def test_a_mapping_to_one_entry_needs_one_output() -> None:
    found = decision([N], [WORD, ("ok", "boolean", "")], [("-", '"a"', "true")])
    assert found.mapped("singleResult", {"n": 1}) == {"word": "a", "ok": True}
    with pytest.raises(DecisionError, match="too many rows or outputs"):
        found.mapped("singleEntry", {"n": 1})


def test_outputs_may_be_expressions_and_dates_become_text() -> None:
    outputs = [("due", "date", ""), ("sum", "number", "")]
    found = decision([N], outputs, [("-", "today() + days(n)", "n * 2 + base")])
    assert found.names == {"n", "base"}
    assert found.output_names == ("due", "sum")
    at = functions_at(dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    assert found.decide({"n": 3, "base": 1}, at) == {"due": "2026-11-25", "sum": 7}


def test_names_and_labels_may_be_chinese() -> None:
    found = decision(
        [("严重度", "string", '"高","低"')],
        [("审批人", "string", "")],
        [('"高"', '"总经理"'), ('"低"', '"部长"')],
    )
    assert found.decide({"严重度": "高"}) == {"审批人": "总经理"}
    assert found.names == {"严重度"}


def test_optional_ids_may_be_missing() -> None:
    """Without ids the decision takes the file's stem, and rules are known by their number."""
    found = read_decision(table([N], [WORD], ROWS, ids=False), "bpmn/grade.dmn")
    assert (found.id, found.rules[0].element) == ("grade", "rule 1")


def test_a_default_output_answers_where_no_rule_does() -> None:
    data = table([N], [WORD], [("1", '"a"')]).replace(
        b"</output>", b'<defaultOutputEntry><text>"z"</text></defaultOutputEntry></output>'
    )
    assert read_decision(data, "grade.dmn").decide({"n": 5}) == {"word": "z"}


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("number", "5", "should be a number"),
        ("number", True, "should be a number"),
        ("string", 5, "should be text"),
        ("boolean", 1, "should be true or false"),
        ("date", "soon", "“soon” is not a date"),
        ("date", 20260101, "should be a date"),
        ("dateTime", "2026", "is not a date and time"),
    ],
)
def test_an_input_of_another_type_is_refused(kind: str, value: object, reason: str) -> None:
    found = decision([("n", kind, "")], [WORD], [("-", '"a"')])
    assert found.decide({"n": None}) == {"word": "a"}
    assert reason in refused(found, n=value)[1]


def test_an_input_outside_its_allowed_values_is_refused() -> None:
    found = decision([("n", "string", '"a","b"')], [WORD], [("-", '"x"')])
    assert refused(found, n="c")[1].endswith('the value “c” of n is not among "a","b".')
    within = decision([("n", "number", "[0..10]")], [WORD], [("-", '"x"')])
    assert "is not among [0..10]" in refused(within, n=11)[1]


def test_dates_arrive_as_stored_text() -> None:
    found = decision(
        [("d", "date", "")], [WORD], [('< date("2026-07-01")', '"h1"'), ('>= date("2026-07-01")', '"h2"')]
    )
    assert found.decide({"d": "2026-06-30"}) == {"word": "h1"}
    assert found.decide({"d": dt.date(2026, 7, 1)}) == {"word": "h2"}
    assert found.decide({"d": "2026-06-30T20:00:00+00:00"}) == {"word": "h2"}, "already July in China"


def test_a_name_that_is_unknown_and_an_answer_that_does_not_fit_are_decision_errors() -> None:
    found = decision([("n + m", "number", "")], [("word", "string", '"a"')], [("-", "who")])
    assert "there is no variable called m" in refused(found, n=1, who="a")[1]
    assert "rule 1 answers “b”" in refused(found, n=1, m=1, who="b")[1]
    assert "m is null" in refused(found, n=1, m=None, who="a")[1]


def test_every_problem_of_a_file_is_found_at_once_with_its_place() -> None:
    data = table([N, ("a +", "string", '"x"')], [("_w", "string", ""), ("ok", "boolean", "")], [
        ('"five"', '"y"', '"a"', "true"), ("[5..1]", "x", "1 +", '"no"'), ("> 1", '"x"', "1"),
    ])  # fmt: skip
    found = complaints(data)
    text = "\n".join(found)
    assert all(line.startswith("grade.dmn:") for line in found)
    parts = [
        "In1 Expression “a +”", "“five” is not", "“y” is not among", "nothing lies in “[5..1]”",
        'x should be "x"', "cannot be named “_w”", "“no” is not", "Rule 3 has more or fewer entries",
        "R2 Expression “1 +”",
    ]  # fmt: skip
    for part in parts:
        assert part in text, part
    line = next(int(entry.split(":")[1]) for entry in found if "“five”" in entry)
    assert data.decode().splitlines()[line - 1].startswith('<rule id="R1">')


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (table([N], [WORD], ROWS, "PRIORITY"), "hit policy PRIORITY is not supported"),
        (table([N], [WORD], ROWS, "RULE ORDER"), "hit policy RULE ORDER is not supported"),
        (table([N], [WORD], ROWS, "UNIQUE", 'aggregation="SUM"'), "needs the hit policy COLLECT"),
        (table([N], [WORD], ROWS, "COLLECT", 'aggregation="SUM"'), "Only numbers can be aggregated"),
        (table([N], [WORD], []), "A table needs 1 to 1000 rules"),
        (table([], [WORD], [('"a"',)]), "at least one input"),
        (table([N], [WORD, WORD], [("-", '"a"', '"b"')]), "The output word appears twice"),
        (table([("n", "time", "")], [WORD], ROWS), "The column type time is not supported; use"),
        (table([("n", "number", "> m")], [WORD], ROWS), "The allowed values of n must be fixed"),
        (table([("", "number", "")], [WORD], ROWS), "nothing is written there"),
        (table([N], [WORD], ROWS, "UNIQUE", 'expressionLanguage="groovy"'), "language groovy is not"),
        (table([N], [WORD], [('> eval("1")', '"a"')]), "there is no function eval()"),
        (table([N], [WORD], [("-", "().__class__")]), "the name __class__ is reserved"),
        (b"<definitions/>", "This is not a DMN file"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (table([N], [WORD], ROWS)[:-30], "Not well-formed"),
        (table([N], [WORD], ROWS).replace(b"decisionTable", b"literalExpression"), "no decision table"),
        (
            table([N], [WORD], ROWS).replace(b"</definitions>", b"<decision/></definitions>"),
            "One decision a file",
        ),
        (
            table([N], [WORD], ROWS).replace(b"</definitions>", b"<import/></definitions>"),
            "import is not supported",
        ),
        (
            table([N], [WORD], ROWS).replace(
                b"<decisionTable",
                b"<informationRequirement><requiredDecision/></informationRequirement><decisionTable",
            ),
            "cannot require another",
        ),
    ],
)
def test_a_table_that_would_not_run_as_drawn_is_refused(data: bytes, part: str) -> None:
    assert part in "\n".join(complaints(data))


@pytest.mark.parametrize("file", sorted(BPMN.glob("*.dmn")), ids=lambda path: path.stem)
def test_the_regulations_tables_have_no_gap_no_overlap_and_no_dead_row(file: Path) -> None:
    found = read_decision(file.read_bytes(), file.name)
    assert found.id == file.stem
    assert check_tables(found) == []
