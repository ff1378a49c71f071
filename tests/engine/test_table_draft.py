"""Decision tables are edited as texts: each edit changes just what it says, and nothing else in the file."""

import difflib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from engine.diagram.decisions import read_decision
from engine.diagram.lint import lint
from engine.diagram.table_draft import (
    TableColumn,
    TableDraft,
    TableRule,
    edit_table,
    place_problems,
    read_tables,
    write_tables,
)
from engine.errors import BundleRefused, DraftTableUnfit
from tests.engine.tables import table

BPMN = Path(__file__).parents[2] / "bpmn"
SHIPPED = sorted(BPMN.glob("*.dmn"))
APPROVAL = (BPMN / "approval_level.dmn").read_bytes()
ODD = """<?xml version='1.0' encoding="utf-8" ?>
<!-- whose table this is -->
<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:x="urn" id='D'>
\t<dmn:decision id="grade" name="定级">
\t\t<dmn:decisionTable id="T" x:kept="yes">
\t\t\t<dmn:input id="I">
\t\t\t\t<dmn:inputExpression id="E" typeRef="number"><dmn:text>n</dmn:text></dmn:inputExpression>
\t\t\t</dmn:input>
\t\t\t<dmn:output id="O" name="word" typeRef="string"/>
\t\t\t<!-- the low ones -->
\t\t\t<dmn:rule id="R1"><x:own a="1">kept</x:own>
\t\t\t\t<dmn:inputEntry id="a"><dmn:text><![CDATA[< 10]]></dmn:text></dmn:inputEntry>
\t\t\t\t<dmn:outputEntry id="b"><dmn:text>"low"</dmn:text></dmn:outputEntry>
\t\t\t</dmn:rule>
\t\t\t<?keep this?>
\t\t\t<dmn:rule id="R2">
\t\t\t\t<dmn:inputEntry id="c"><dmn:text><![CDATA[>= 10]]></dmn:text></dmn:inputEntry>
\t\t\t\t<dmn:outputEntry id="d"><dmn:text>"high"</dmn:text></dmn:outputEntry>
\t\t\t</dmn:rule>
\t\t</dmn:decisionTable>
\t</dmn:decision>
</dmn:definitions>
""".encode()


TWO = {"input": (0, 2), "output": (2, 4)}  # where a first column and its copy stand


def one(data: bytes) -> TableDraft:
    """The only table of a file."""
    (found,) = read_tables(data, "x.dmn")
    return found


def written(data: bytes, edit: Callable[[TableDraft], TableDraft]) -> bytes:
    """The file after an edit of its only table."""
    return write_tables(data, "x.dmn", (edit(one(data)),))


def changes(before: bytes, after: bytes) -> list[str]:
    """The lines that went and those that came."""
    found = difflib.unified_diff(before.decode().split("\n"), after.decode().split("\n"), n=0, lineterm="")
    return [line for line in list(found)[2:] if not line.startswith("@@")]


def with_cell(rule: int, column: int, text: str) -> Callable[[TableDraft], TableDraft]:
    """Types a text into a cell, counted over inputs and outputs."""

    def edit(draft: TableDraft) -> TableDraft:
        rules = list(draft.rules)
        cells = [*rules[rule].tests, *rules[rule].answers]
        cells[column] = text
        split = len(draft.inputs)
        rules[rule] = replace(rules[rule], tests=tuple(cells[:split]), answers=tuple(cells[split:]))
        return replace(draft, rules=tuple(rules))

    return edit


def acting(kind: str, act: str, place: int, to: int | None = None) -> Callable[[TableDraft], TableDraft]:
    """An act on a rule or column."""
    return lambda draft: edit_table(draft, kind, act, place, to)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_table_saved_unedited_is_the_very_same_file(path: Path) -> None:
    data = path.read_bytes()
    assert write_tables(data, path.name, read_tables(data, path.name)) == data


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_cell_that_is_edited_changes_its_own_line_in_every_rule_and_column(path: Path) -> None:
    data = path.read_bytes()
    draft = one(data)
    for n in range(max(len(draft.rules), len(draft.columns))):
        cell = n % len(draft.rules), n % len(draft.columns)
        gone, came = changes(data, written(data, with_cell(*cell, '"新值" < 1')))
        assert gone.startswith("-          <text>")
        assert came == '+          <text>"新值" &lt; 1</text>'


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_table_moved_about_and_back_is_the_very_same_file(path: Path) -> None:
    data = path.read_bytes()
    for kind, back in (("rule", 1), ("input", 1), ("output", 1)):
        once = written(data, acting(kind, "down", 0))
        assert written(once, acting(kind, "up", back)) == data
    added = written(written(data, acting("rule", "add", 0)), acting("rule", "remove", 1))
    assert added == data
    wider = written(written(data, acting("input", "add", 0)), acting("input", "remove", 1))
    assert wider == data


def test_facts_of_the_table_change_just_their_lines() -> None:
    after = written(APPROVAL, lambda d: replace(d, name="审批", name_en="Approval", policy="UNIQUE"))
    assert [line[0] for line in changes(APPROVAL, after)] == ["-", "+"] * 3
    assert b'<decision id="approval_level" name="\xe5\xae\xa1\xe6\x89\xb9">' in after
    assert b'<camunda:property name="name.en" value="Approval" />' in after
    assert b'<decisionTable id="Table_approval_level" hitPolicy="UNIQUE">' in after
    summed = written(APPROVAL, lambda d: replace(d, policy="COLLECT SUM"))
    assert b'hitPolicy="COLLECT" aggregation="SUM">' in summed


def test_what_a_column_no_longer_says_goes_and_what_it_now_says_comes_where_the_schema_wants_it() -> None:
    def edit(draft: TableDraft) -> TableDraft:
        severity, cost = draft.inputs
        group, report = draft.outputs
        return replace(
            draft,
            inputs=(replace(severity, allowed="", label_en=""), replace(cost, source="cost", type="")),
            outputs=(group, replace(report, allowed="true,false", default="false")),
        )

    after = written(APPROVAL, edit)
    assert one(after) == edit(one(APPROVAL))
    root = etree.fromstring(after)
    names = [[etree.QName(c).localname for c in node] for node in root.iter("{*}input", "{*}output")]
    assert names == [
        ["inputExpression"],
        ["extensionElements", "inputExpression"],
        ["extensionElements", "outputValues"],
        ["extensionElements", "outputValues", "defaultOutputEntry"],
    ]
    assert b'<inputExpression id="Expression_cost_est">' in after


def test_a_new_rule_and_a_new_column_get_ids_of_their_own_and_decide() -> None:
    def edit(draft: TableDraft) -> TableDraft:
        draft = edit_table(edit_table(draft, "rule", "add", -1), "output", "add", 1)
        note = TableColumn(label="备注", source="remark", type="string")
        first = replace(draft.rules[0], tests=('"轻微"', "< 5"), answers=('"qa_lead"', "false", '"小额"'))
        return replace(draft, outputs=(*draft.outputs[:2], note), rules=(first, *draft.rules[1:]))

    after = written(APPROVAL, edit)
    ids = [node.get("id") for node in etree.fromstring(after).iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert {"Rule_1", "Output_1"} <= set(ids)
    decision = read_decision(after, "x.dmn")
    answer = {"approval_group": "qa_lead", "need_8d": False, "remark": "小额"}
    assert decision.decide({"severity": "轻微", "cost_est": 1}) == answer
    assert decision.decide({"severity": "重大", "cost_est": 1})["remark"] is None


def test_a_copied_rule_stands_below_its_original_under_ids_of_its_own() -> None:
    after = one(written(APPROVAL, acting("rule", "copy", 1)))
    first, second = after.rules[1:3]
    assert (first.tests, first.answers, first.note) == (second.tests, second.answers, second.note)
    assert len(after.rules) == 5


@pytest.mark.parametrize("kind", ["input", "output"])
def test_a_copied_column_stands_behind_its_original_with_its_entries_and_ids_of_its_own(kind: str) -> None:
    copied = acting(kind, "copy", 0)(acting(kind, "copy", 0)(one(APPROVAL)))
    columns = copied.inputs if kind == "input" else copied.outputs
    assert [column.at for column in columns] == [0, -2, -1, 1]
    after = write_tables(APPROVAL, "x.dmn", (copied,))
    ids = [node.get("id") for node in etree.fromstring(after).iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    first, second = [(c.label, c.type) for c in (one(after).inputs + one(after).outputs)[slice(*TWO[kind])]]
    assert first == second
    entries = [(rule.tests + rule.answers)[slice(*TWO[kind])] for rule in one(after).rules]
    assert all(first == second for first, second in entries)


def test_comments_unknown_elements_prefixes_and_the_first_lines_stay() -> None:
    after = written(ODD, with_cell(1, 1, '"tall"'))
    assert changes(ODD, after) == [
        '-<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:x="urn" id=\'D\'>',
        '+<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:x="urn" id="D">',
        '-\t\t\t\t<dmn:outputEntry id="d"><dmn:text>"high"</dmn:text></dmn:outputEntry>',
        '+\t\t\t\t<dmn:outputEntry id="d"><dmn:text>"tall"</dmn:text></dmn:outputEntry>',
    ]
    moved = written(ODD, acting("rule", "up", 1)).decode()
    assert moved.index("<!-- the low ones -->") < moved.index('"R2"') < moved.index("<?keep this?>")
    assert '<x:own a="1">kept</x:own>' in moved
    assert "<![CDATA[>= 10]]>" in moved


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    data = b"\xef\xbb\xbf" + APPROVAL.replace(b"\n", b"\r\n")
    after = written(data, with_cell(0, 0, '"一般"'))
    assert after == data.replace('<text>"重大"</text>'.encode(), '<text>"一般"</text>'.encode(), 1)


def test_a_file_of_one_line_keeps_the_line_ends_that_are_typed_into_it() -> None:
    data = APPROVAL.replace(b"\n", b"")
    after = written(data, with_cell(0, 0, '"重大",\n"严重"'))
    cell = '<text>"重大"</text>'
    assert after == data.replace(cell.encode(), cell.replace('"<', '",\n"严重"<').encode(), 1)


BLANKS = (
    (b'name="', b'name="  a&#10;'),
    (b'label="', b'label=" '),
    (b'value="', b'value="&#13; '),
    (b"<text>-</text>", b"<text> a&#13;b </text>"),
    (b"<description>", b"<description>&#13;&#10; "),
)


def sent_back(text: str) -> str:
    """A text in several lines as a browser sends it back."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("blank", BLANKS, ids=str)
def test_a_text_that_a_browser_cannot_send_back_to_the_letter_is_not_an_edit(
    blank: tuple[bytes, bytes],
) -> None:
    data = APPROVAL.replace(*blank)
    assert data != APPROVAL

    def returned(draft: TableDraft) -> TableDraft:
        def column(each: TableColumn) -> TableColumn:
            label, english = (sent_back(t).replace("\n", "") for t in (each.label, each.label_en))
            texts = {n: sent_back(getattr(each, n)) for n in ("source", "allowed", "default", "type")}
            return replace(each, label=label, label_en=english, **texts)

        def rule(each: TableRule) -> TableRule:
            tests, answers = (tuple(map(sent_back, cells)) for cells in (each.tests, each.answers))
            return TableRule(each.at, tests, answers, sent_back(each.note))

        return replace(
            draft, name=sent_back(draft.name).replace("\n", ""), rules=tuple(map(rule, draft.rules)),
            name_en=sent_back(draft.name_en).replace("\n", ""), description=sent_back(draft.description),
            inputs=tuple(map(column, draft.inputs)), outputs=tuple(map(column, draft.outputs)),
        )  # fmt: skip

    assert written(data, returned) == data
    after = written(data, lambda draft: with_cell(0, 0, '"轻微"')(returned(draft)))
    assert [line[0] for line in changes(data, after)][:2] == ["-", "+"]
    assert '"轻微"' in after.decode()
    assert one(after).columns == one(data).columns
    assert one(after).name == one(data).name


def test_a_file_in_another_encoding_is_written_as_utf_8() -> None:
    data = APPROVAL.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    after = written(data, with_cell(0, 0, '"一般"'))
    assert one(after) == with_cell(0, 0, '"一般"')(one(APPROVAL))
    assert after.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")


def test_a_part_of_a_long_table_is_edited_and_the_rest_stays() -> None:
    rows = [(f"{n}", f'"w{n}"') for n in range(450)]
    data = table([("n", "number", "")], [("word", "string", "")], rows)
    part = one(data).part(200, 200)
    assert (part.first, part.until, part.total, len(part.rules)) == (200, 400, 450, 200)
    assert write_tables(data, "x.dmn", (part,)) == data
    shorter = edit_table(edit_table(part, "rule", "remove", 0), "input", "add", 0)
    after = one(write_tables(data, "x.dmn", (shorter,)))
    assert [rule.answers for rule in after.rules] == [(w,) for n, w in rows if n != "200"]
    assert {rule.tests[1] for rule in after.rules} == {"-"}
    assert [one(data).part(n, 200).first for n in (9_999, 399, 1)] == [400, 200, 0]


def test_every_decision_of_a_file_is_shown_and_edited_by_itself() -> None:
    both = APPROVAL.replace(b"</decision>", b'</decision><decision id="second" name="2"/>', 1)
    first, second = read_tables(both, "x.dmn")
    assert (first.id, second.id, second.drawn) == ("approval_level", "second", False)
    after = write_tables(both, "x.dmn", (first, replace(second, name="二")))
    assert after == both.replace(
        b'<decision id="second" name="2"/>', '<decision id="second" name="二" />'.encode()
    )


def test_a_table_with_too_few_cells_is_shown_whole_and_completed_only_when_edited() -> None:
    ragged = APPROVAL.replace(
        b'<inputEntry id="Entry_major_cost_est">\n          <text>-</text>\n        </inputEntry>\n        ',
        b"",
    )
    draft = one(ragged)
    assert draft.rules[0].tests == ('"重大"', "")
    assert write_tables(ragged, "x.dmn", (draft,)) == ragged
    assert one(written(ragged, with_cell(0, 1, "> 1"))).rules[0].tests == ('"重大"', "> 1")


def test_tables_of_another_file_are_refused() -> None:
    draft = one(APPROVAL)
    rule = draft.rules[0]
    strange = (
        replace(draft, at=1),
        replace(draft, rules=(rule, rule)),
        replace(draft, rules=(replace(rule, at=99),)),
        replace(draft, rules=(TableRule(-1, ("-",), ("1",)),)),
        replace(draft, inputs=(*draft.inputs, TableColumn(7)), rules=()),
        replace(draft, first=3, until=1),
        replace(draft, until=5),
    )
    for each in strange:
        with pytest.raises(DraftTableUnfit):
            write_tables(APPROVAL, "x.dmn", (each,))
    for none_or_twice in ((), (draft, draft)):
        with pytest.raises(DraftTableUnfit):
            write_tables(APPROVAL, "x.dmn", none_or_twice)


def test_a_character_that_xml_does_not_know_is_refused_by_table_rule_and_column() -> None:
    with pytest.raises(BundleRefused) as caught:
        written(APPROVAL, with_cell(2, 1, "\x00 > 1"))
    (problem,) = caught.value.problems
    assert problem.zh == "决策表“方案审批层级”第 3 条规则的“预计费用（元）”含有不能使用的控制字符 U+0000。"
    said = "rule 3, “预计费用（元）”: the control character U+0000 cannot be used."
    assert problem.en == f"Decision table “方案审批层级”, {said}"


def test_markup_typed_into_a_cell_is_text() -> None:
    hostile = '</text></outputEntry><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>&x;'
    after = written(APPROVAL, with_cell(0, 2, hostile))
    assert one(after).rules[0].answers[0] == hostile
    assert b"<script" not in after


def test_problems_stand_at_the_cell_the_rule_or_the_column_that_they_are_about() -> None:
    def edit(draft: TableDraft) -> TableDraft:
        for cell in ((1, 0, "重大"), (2, 2, '"nobody"')):
            draft = with_cell(*cell)(draft)
        first, second = draft.outputs
        return replace(draft, outputs=(first, replace(second, source="no name")))

    after = written(APPROVAL, edit)
    found = place_problems(after, "approval_level.dmn", lint({"approval_level.dmn": after}))
    places = {(p.table, p.rule, p.column) for p in found if p.problem.level == "error"}
    assert places == {(0, 1, 0), (0, 2, 2), (0, None, 3)}
    overlapping = written(APPROVAL, lambda d: replace(d, policy="UNIQUE"))
    found = place_problems(overlapping, "a.dmn", lint({"a.dmn": overlapping, "p.bpmn": b"<a/>"}))
    assert (0, 3, None) in {(p.table, p.rule, p.column) for p in found}
    assert {p.table for p in found if p.problem.file == "p.bpmn"} == {None}


def test_an_act_where_there_is_nothing_changes_nothing() -> None:
    draft = one(APPROVAL)
    for kind, act, place in (
        ("rule", "remove", 9),
        ("rule", "up", 0),
        ("input", "down", 1),
        ("cell", "up", 0),
    ):
        assert edit_table(draft, kind, act, place) == draft
    alone = edit_table(draft, "output", "remove", 0)
    assert edit_table(alone, "output", "remove", 0) == alone
    moved = edit_table(draft, "rule", "move", 3, 0)
    assert [rule.at for rule in moved.rules] == [3, 0, 1, 2]
