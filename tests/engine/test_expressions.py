"""Expressions: Python-like with JUEL spellings, null, dates, templates, scripts; compiled once, shared."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.diagram.expressions import (
    compile_expression,
    compile_script,
    compile_template,
    functions_at,
    is_template,
    plain,
)
from engine.diagram.expressions.script_engine import script_engine
from engine.errors import ExpressionError

NOW = dt.datetime(2026, 11, 22, 18, 30, tzinfo=dt.UTC)  # 02:30 on the 23rd in China
TIME = functions_at(NOW)


def value(source: str, **names: object) -> object:
    return compile_expression(source).evaluate(names, TIME)


def refusal(source: str, **names: object) -> tuple[str, str]:
    with pytest.raises(ExpressionError) as caught:
        value(source, **names)
    return caught.value.message("zh"), caught.value.message("en")


@pytest.mark.parametrize(
    "source",
    [
        "${severity == '重大'}", "#{severity == '重大'}", "= severity = \"重大\"", "severity eq '重大'",
        "${ severity ne '一般' && !done }", "severity != '一般' and not done", "${not empty severity}",
        "${!empty severity || done}", "severity in ['重大', '严重']", "${done ? false : true}", "not(done)",
        "${n gt 2 && n le 3 and n mod 2 == 1 && n div 2 >= 1.5}", "severity <> '一般'", "done = false",
        "${severity == '一般' ? false : n > 2 ? true : false}", "${rows[0].who == '张' ? true : false}",
        "len([r for r in rows if r.done]) == 1", "all([r.done for r in rows])", "${rows.size() == 1}",
        "${severity.startsWith('重')}", "rows[-1].get('none', 5) == 5", "1 < n <= 3", "${empty missing}",
        "missing is None", "missing == null", "missing != '重大'", "not ('x' in missing)", "严重度 == '高'",
        "sum([r.n for r in rows]) + n == 5", "f'{n:03d}' == '003'", "+n == 3 && -n == -3", "!done == true",
        "{'a': done ? 1 : 2}.a == 2", "min(3, n, 5) == 3 and max([1, 2]) == 2", "round(2.567, 2) == 2.57",
        "contains(severity, '重') and severity.contains('大')", "severity[0] == '重'",
        "rows.isEmpty() == false",
        "sorted([3, 1, 2], true) == [3, 2, 1]", "str(n) + '天' == '3天'", "'a,b'.split(',') == ['a', 'b']",
    ],
)  # fmt: skip
def test_the_spellings_of_modelers_are_understood(source: str) -> None:
    rows = [{"who": "张", "done": True, "n": 2}]
    names = {"severity": "重大", "done": False, "n": 3, "rows": rows, "missing": None, "严重度": "高"}
    assert compile_expression(source).evaluate(names) is True


def test_an_expression_names_what_it_reads_and_nothing_else() -> None:
    """Functions, fields, keys and the variables of comprehensions are not names."""
    source = "${[r.n + k for r in rows for k in r.ks if r.ok] and len(x.y) and f'{z}' and r in {'q': w}}"
    assert compile_expression(source).names == {"rows", "x", "z", "r", "w"}
    assert compile_expression("[x for x in x]").names == {"x"}


def test_a_name_that_the_mapping_does_not_provide_is_an_error_and_null_is_not() -> None:
    assert value("${x == null}", x=None) is True
    assert refusal("x == 1") == (
        "表达式“x == 1”：没有叫 x 的变量。",
        "Expression “x == 1”: there is no variable called x.",
    )


@pytest.mark.parametrize("source", ["x > 3", "x + 1", "3 < x", "len(y) and x * 2", "-x", "x.a", "x[0]",
                                    "[a for a in x]", "round(x)", "x.lower()", "1 < 2 < x"])  # fmt: skip
def test_a_null_operand_is_named_in_the_refusal(source: str) -> None:
    zh, en = refusal(source, x=None, y=[1])
    assert "x 为空（null）" in zh or "不能用于空" in zh
    assert "x is null" in en or "on null" in en


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        (
            "n > 'a'",
            "n（数字）与 'a'（文本）不能这样运算或比较",
            "n (a number) and 'a' (text) cannot be combined",
        ),
        ("n / 0", "不能除以 0（0）", "division by 0 (0)"),
        ("n % (n - 1)", "不能除以 0（n - 1）", "division by 0 (n - 1)"),
        ("rows[9]", "rows 里没有 [9] 这一项", "rows has no item [9]"),
        ("rows[0].b", "rows[0] 里没有 b 这一项", "rows[0] has no entry b"),
        ("date('2026-02-30')", "“2026-02-30”不是日期", "“2026-02-30” is not a date"),
        ("int('x')", "int('x') 算不出来", "int('x') cannot be worked out"),
        ("foo(1)", "没有函数 foo()", "there is no function foo()"),
        ("n +", "：不完整或写法有误", ": something is missing or wrong"),
        ("", "没有写内容", "nothing is written there"),
        ("${}", "没有写内容", "nothing is written there"),
        ("a ? b", "“?”后面少了“:”", "a “?” lacks its “:”"),
        ("007", "写法有误", "is missing or wrong"),
        ("n 5", "“5”这里写法有误", "something is wrong at “5”"),
        ("n，5", "“，5”这里无法读懂：请用英文标点", "“，5” is not understood: use plain signs"),
        ("1or 2", "“1or 2”这里无法读懂", "“1or 2” is not understood"),
        ("2.5.real", "2.5 里没有 real 这一项", "2.5 has no entry real"),
        ("(!n) + [null]", "!n（是/否）与 [null]（列表）", "!n (true/false) and [null] (a list)"),
        ("(empty n) + 'None'", "empty n（是/否）与 'None'（文本）", "empty n (true/false) and 'None' (text)"),
        ("lambda: 1", "不能使用自定义的函数", "a function of your own is not available"),
        ("n & 1", "无法读懂", "is not understood"),
        ("{1, 2}", "请用列表 […]", "use a list […]"),
        ("n.__class__", "名称 __class__ 是系统保留的", "the name __class__ is reserved"),
    ],
)
def test_a_refusal_says_what_is_wrong_in_both_languages(source: str, zh: str, en: str) -> None:
    found_zh, found_en = refusal(source, n=1, rows=[{"a": 1}], a=1, b=2)
    assert zh in found_zh
    assert en in found_en


def test_time_is_passed_in_and_today_is_the_day_in_china() -> None:
    assert value("now()") == NOW
    assert value("today()") == dt.date(2026, 11, 23)
    assert value("today() + days(2) == '2026-11-25'") is True
    assert value("aware_at < now() - hours(24)", aware_at="2026-11-21T18:29:00+00:00") is True
    assert value("due <= today()", due="2026-11-23") is True
    assert value("datetime('2026-11-23T02:30') == now()") is True
    assert value("date(at)", at="2026-11-22T20:00:00+00:00") == dt.date(2026, 11, 23)
    assert value("(today() - date('2026-11-20')).days") == 3
    with pytest.raises(ExpressionError, match=r"now\(\) is not available here"):
        compile_expression("now()").evaluate({})
    with pytest.raises(ValueError, match="aware"):
        functions_at(dt.datetime(2026, 1, 1))


def test_a_result_never_shares_its_lists_with_the_data() -> None:
    names: dict[str, object] = {"rows": [{"a": [1]}]}
    found = compile_expression("rows").evaluate(names)
    found[0]["a"].append(2)  # type: ignore[index]
    assert names == {"rows": [{"a": [1]}]}


def test_the_same_source_is_compiled_once() -> None:
    assert compile_expression("once == 1") is compile_expression("once == 1")


def test_long_sources_are_not_kept_in_memory() -> None:
    """A thousand kept expressions of 8,000 characters would be two gigabytes."""
    long = "1 == " + " " * 1000 + "1"
    assert compile_expression(long) is not compile_expression(long)


def test_one_compiled_expression_serves_many_threads() -> None:
    """Loop variables and budgets belong to the evaluation, not to the expression."""
    shared = compile_expression("sum([x * k for x in range(200) for k in [n]])")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: shared.evaluate({"n": n}), range(60)))
    assert found == [19900 * n for n in range(60)]


def test_a_template_fills_in_values_and_a_whole_one_keeps_its_type() -> None:
    assert compile_template("案件 ${n}：${who}").evaluate({"n": 7, "who": None}) == "案件 7："
    assert compile_template("${rows}").evaluate({"rows": ["qa", "cs"]}) == ["qa", "cs"]
    assert compile_template("${rows} ").evaluate({"rows": ["qa"]}) == ["qa"]
    assert compile_template("组：${rows}").evaluate({"rows": ["qa", "cs"]}) == "组：qa,cs"
    assert compile_template("${ {'a': '}'}.a }-${true}").evaluate({}) == "}-true"
    assert compile_template("${r} ok").evaluate({"r": {"名": None}}) == '{"名": null} ok'
    assert compile_template("cs, qa").evaluate({}) == "cs, qa"
    assert compile_template("").evaluate({}) == ""
    assert compile_template("${a} ${b.c}").names == {"a", "b"}
    assert is_template("x ${a}")
    assert not is_template("PT48H")
    with pytest.raises(ExpressionError, match="lacks its"):
        compile_template("${a")


def test_a_script_sets_names_and_knows_what_it_reads_and_writes() -> None:
    source = """
        total = 0
        for row in rows:
            if row.n > limit:
                total += row.n
                row.high = true
        due = today() + days(1)
        who = {'name': chief ? 'a' : 'b'}
        """.replace("chief ? 'a' : 'b'", "'a' if chief else 'b'")
    script = compile_script(source)
    assert script.reads == {"rows", "limit", "chief"}
    assert script.writes == {"total", "rows", "due", "who"}
    data: dict[str, object] = {"rows": [{"n": 1}, {"n": 5}], "limit": 2, "chief": True, "other": [1]}
    script.run(data, TIME)
    assert data == {
        "rows": [{"n": 1}, {"n": 5, "high": True}], "limit": 2, "chief": True, "other": [1],
        "total": 5, "due": "2026-11-24", "who": {"name": "a"},
    }  # fmt: skip


def test_a_script_that_fails_changes_nothing() -> None:
    data: dict[str, object] = {"rows": [{"n": 1}]}
    with pytest.raises(ExpressionError):
        compile_script("rows[0].n = 2\nx = 1\ny = 1 / 0").run(data)
    assert data == {"rows": [{"n": 1}]}


def test_a_script_may_report_its_changes_without_making_them() -> None:
    data: dict[str, object] = {"n": 1}
    assert compile_script("n += 1\nm = [n]").changes(data) == {"n": 2, "m": [2]}
    assert data == {"n": 1}


def test_assignment_copies_so_two_names_never_share_a_list() -> None:
    data: dict[str, object] = {"a": [1]}
    compile_script("b = a\nb[0] = 2").run(data)
    assert data == {"a": [1], "b": [2]}


@pytest.mark.parametrize(
    ("source", "reads", "writes"),
    [
        ("x = x + 1", {"x"}, {"x"}),
        ("x = 1\ny = x", set(), {"x", "y"}),
        ("if a:\n    x = 1\ny = x", {"a", "x"}, {"x", "y"}),
        ("if a:\n    x = 1\nelse:\n    x = 2\ny = x", {"a"}, {"x", "y"}),
        ("for i in a:\n    for j in i.k:\n        j.done = b", {"a", "b"}, {"a"}),
        ("for i in range(3):\n    i = 5\nx = i", {"i"}, {"x"}),
        ("x.y = 1", {"x"}, {"x"}),
        ("x += 1", {"x"}, {"x"}),
        ("pass", set(), set()),
    ],
)
def test_what_a_script_reads_and_writes(source: str, reads: set[str], writes: set[str]) -> None:
    script = compile_script(source)
    assert (script.reads, script.writes) == (reads, writes)


def test_stored_values_are_json_and_never_aliases() -> None:
    assert plain((dt.date(2026, 1, 2), {"t": dt.timedelta(hours=36)})) == ["2026-01-02", {"t": "PT36H"}]
    assert plain([dt.timedelta(days=-1), dt.timedelta(minutes=90)]) == ["-PT24H", "PT5400S"]
    assert plain(NOW) == "2026-11-22T18:30:00+00:00"


class Task:
    """What the script engine sees of a SpiffWorkflow task."""

    def __init__(self, data: dict[str, object]) -> None:
        self.data = data


def test_the_script_engine_reads_known_names_as_null_and_refuses_unknown_ones() -> None:
    engine = script_engine({"cost", "n"}, TIME)
    task = Task({"n": 2})
    assert engine.evaluate(task, "cost == null and n == 2") is True
    assert engine.evaluate(task, "loopCounter + n", {"loopCounter": 1}) == 3
    with pytest.raises(ExpressionError, match="there is no variable called other"):
        engine.evaluate(task, "other == 1")
    assert engine.execute(task, "cost = n * 2\nat = today()") is True
    assert task.data == {"n": 2, "cost": 4, "at": "2026-11-23"}
    with pytest.raises(NotImplementedError):
        engine.environment.call_service(task.data)
