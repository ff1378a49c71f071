"""Two versions compared: every kind of change is found, and a mere move is no change."""

import json

import pytest

from engine.diagram.bundle import Bundle, compile_bundle
from engine.diagram.compare import BundleComparison, Change, PropertyChange, compare_bundles, compare_lists
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import DECIDED, END, LEVEL, ONE, REWORK, START, extended, field, task
from tests.web.drawn import EVERYTHING, FILES, asked

DRAWING = (
    '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><bpmndi:BPMNPlane>'
    '<bpmndi:BPMNShape bpmnElement="UT_do"><dc:Bounds x="{x}" y="80" width="100" height="80"/>'
    "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>"
)


def bundle(files: dict[str, bytes], process_id: str = "p") -> Bundle:
    """Files as the bundle of one process."""
    return compile_bundle(files, process_id)


def compared(before: dict[str, bytes], after: dict[str, bytes], process_id: str = "p") -> BundleComparison:
    """Two sets of files compared."""
    return compare_bundles(bundle(before, process_id), bundle(after, process_id))


def edited(files: dict[str, bytes], *edits: tuple[str, str], name: str = "p.bpmn") -> dict[str, bytes]:
    """The files with a text of one of them replaced, which must be there."""
    text = files[name].decode()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return {**files, name: text.encode()}


def found(comparison: BundleComparison) -> dict[str, Change]:
    """The changes of the only process that differs, by id."""
    (process,) = comparison.processes
    return {change.id: change for change in process.changes}


def values(change: Change) -> dict[str, tuple[str | None, str | None]]:
    """The changed properties of a change, before and after."""
    return {each.name: (each.before, each.after) for each in change.properties}


def steps(*middle: str, kind: str = "userTask", inside: str = "", **attributes: str) -> dict[str, bytes]:
    """A process whose one task in the middle is drawn so."""
    body = START + node(kind, "X", inside, **attributes) + "".join(middle) + END
    return {"p.bpmn": diagram(body + flow("SE", "X") + flow("X", "EE_done"))}


def waiting(duration: str) -> dict[str, bytes]:
    """A process that waits for a time."""
    inside = f"<timerEventDefinition><timeDuration>{duration}</timeDuration></timerEventDefinition>"
    return steps(kind="intermediateCatchEvent", inside=inside)


def test_the_same_files_do_not_differ() -> None:
    comparison = compared(REWORK, REWORK)
    assert comparison == BundleComparison((), (), ())
    assert comparison.same


def test_another_spelling_of_the_same_xml_is_no_difference() -> None:
    spaced = edited(REWORK, ("<endEvent ", "\n  <endEvent   "), ("<definitions ", "<!-- x --><definitions "))
    assert compared(REWORK, spaced).processes == ()


def test_an_added_element_and_the_flows_that_lead_through_it_are_found() -> None:
    body = START + task("UT_do", field("note")) + task("UT_new", groups="qa") + END
    after = diagram(
        body + flow("SE", "UT_do") + flow("UT_do", "EE_done", name="UT_do_EE_done").replace(
            'targetRef="EE_done"', 'targetRef="UT_new"') + flow("UT_new", "EE_done")
    )  # fmt: skip
    changes = found(compared(ONE, {"p.bpmn": after}))
    assert {name: change.how for name, change in changes.items()} == {
        "UT_new": "added",
        "UT_new_EE_done": "added",
        "UT_do_EE_done": "changed",
    }
    assert values(changes["UT_do_EE_done"]) == {"targetRef": ("EE_done", "UT_new")}
    assert values(changes["UT_new"])["candidateGroups"] == (None, "qa")


def test_what_was_added_one_way_was_removed_the_other_way() -> None:
    more = edited(
        ONE, (END, END + task("UT_far") + END.replace("EE_done", "EE_far") + flow("UT_far", "EE_far"))
    )
    forth = found(compared(ONE, more))
    back = found(compared(more, ONE))
    assert {c.how for c in forth.values()} == {"added"}
    assert {c.how for c in back.values()} == {"removed"}
    assert forth.keys() == back.keys() == {"UT_far", "EE_far", "UT_far_EE_far"}
    assert values(back["UT_far"])["candidateGroups"] == ("cs", None)


@pytest.mark.parametrize(
    ("before", "after", "name", "change"),
    [
        (steps(name="做"), steps(name="办"), "name", ("做", "办")),
        (steps(camunda_dueDate="${now()}"), steps(), "dueDate", ("${now()}", None)),
        (
            steps(inside=extended(clock_start="report PT24H")),
            steps(inside=extended(clock_start="report PT48H")),
            "clock.start",
            ("report PT24H", "report PT48H"),
        ),
        (steps(inside=extended(clauses="S1-1")), steps(), "clauses", ("S1-1", None)),
        (
            steps(inside="<documentation>旧</documentation>"),
            steps(inside="<documentation>新</documentation>"),
            "documentation",
            ("旧", "新"),
        ),
        (steps(), steps(kind="manualTask"), "kind", ("userTask", "manualTask")),
        (
            steps(kind="scriptTask", inside="<script>a = 1</script>"),
            steps(kind="scriptTask", inside="<script>a = 2</script>"),
            "script",
            ("a = 1", "a = 2"),
        ),
        (
            waiting("PT1H"),
            waiting("PT2H"),
            "timerEventDefinition.timeDuration",
            ("PT1H", "PT2H"),
        ),
        (
            steps(),
            steps(inside='<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2'
                  "</loopCardinality></multiInstanceLoopCharacteristics>"),
            "loop",
            (None, "multiInstance"),
        ),
    ],
    ids=["name", "due", "clock", "clauses", "documentation", "kind", "script", "timer", "loop"],
)  # fmt: skip
def test_a_changed_property_is_told_before_and_after(
    before: dict[str, bytes], after: dict[str, bytes], name: str, change: tuple[str | None, str | None]
) -> None:
    changes = found(compared(before, after))
    assert set(changes) == {"X"}
    assert changes["X"].how == "changed"
    assert values(changes["X"])[name] == change


def test_a_changed_condition_belongs_to_its_flow() -> None:
    changes = found(compared(REWORK, edited(REWORK, ("${good == true}", "${good == false}"))))
    assert values(changes["XG_good_EE_done"]) == {
        "conditionExpression": ("${good == true}", "${good == false}")
    }


def test_the_order_of_elements_in_the_file_and_new_ids_of_their_parts_change_nothing() -> None:
    waits = '<timerEventDefinition id="W1"><timeDuration>PT1H</timeDuration></timerEventDefinition>'
    before = steps(kind="intermediateCatchEvent", inside=waits)
    after = steps(kind="intermediateCatchEvent", inside=waits.replace("W1", "W2"))
    moved = edited(after, (END, ""), (flow("SE", "X"), END + flow("SE", "X")))
    assert compared(before, moved).processes == ()


def test_an_element_that_goes_to_another_lane_has_changed() -> None:
    filled = '<lane id="L1" name="甲"><flowNodeRef>X</flowNodeRef></lane>'
    lanes = f'<laneSet id="L">{filled}<lane id="L2" name="乙"/></laneSet>'
    before = edited(steps(), (START, lanes + START))
    there = lanes.replace("<flowNodeRef>X</flowNodeRef>", "").replace(
        '<lane id="L2" name="乙"/>', '<lane id="L2" name="乙"><flowNodeRef>X</flowNodeRef></lane>'
    )
    comparison = compared(before, edited(steps(), (START, there + START)))
    changes = found(comparison)
    assert set(changes) == {"X"}
    assert values(changes["X"]) == {"lane": ("L1", "L2")}
    assert comparison.processes[0].names_after["L2"] == ("乙", "")


def test_a_lane_that_is_renamed_changes_nothing_that_stands_in_it() -> None:
    lanes = '<laneSet id="L"><lane id="L1" name="甲"><flowNodeRef>X</flowNodeRef></lane></laneSet>'
    before = edited(steps(), (START, lanes + START))
    assert set(found(compared(before, edited(before, ("甲", "乙"))))) == {"L1"}


def test_a_message_is_told_by_its_name_and_not_by_its_id() -> None:
    catch = '<messageEventDefinition messageRef="M1"/>'
    before = edited(
        steps(kind="intermediateCatchEvent", inside=catch),
        ("<process ", '<message id="M1" name="reply"/><process '),
    )
    renamed = edited(before, ('name="reply"', 'name="answer"'))
    assert values(found(compared(before, renamed))["X"]) == {
        "messageEventDefinition.messageRef": ("reply", "answer")
    }
    assert compared(before, edited(before, ("M1", "M9"))).processes == ()


def test_a_shape_that_only_moved_is_told_apart_and_is_no_change() -> None:
    here, there = (edited(ONE, ("</definitions>", DRAWING.format(x=x))) for x in (100, 300))
    comparison = compared(here, there)
    (process,) = comparison.processes
    assert process.changes == ()
    assert process.moved == ("UT_do",)
    assert comparison.same


def test_what_moved_and_changed_is_a_change_only() -> None:
    here, there = (edited(ONE, ("</definitions>", DRAWING.format(x=x))) for x in (100, 300))
    (process,) = compared(here, edited(there, ("做do", "办do"))).processes
    assert [change.id for change in process.changes] == ["UT_do"]
    assert process.moved == ()


def test_a_called_process_that_was_added_is_added_as_a_whole() -> None:
    called = diagram(START + END + flow("SE", "EE_done"), "b", attributes='name="被调用"')
    after = {**steps(kind="callActivity", calledElement="b"), "b.bpmn": called}
    by_id = {process.id: process for process in compared(steps(), after).processes}
    assert by_id["b"].how == "added"
    assert by_id["p"].how == "changed"
    assert {change.how for change in by_id["b"].changes} == {"added"}
    back = {process.id: process.how for process in compared(after, steps()).processes}
    assert back == {"p": "changed", "b": "removed"}


def form(*components: dict[str, object], **properties: str) -> dict[str, bytes]:
    """The regulation that asks for everything, with another form."""
    held = {"title": "全部字段", "title.en": "Every field", **properties}
    text = json.dumps({"id": "all", "type": "default", "components": list(components), "properties": held})
    return {**FILES, "all.form": text.encode()}


def fields(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, Change]:
    """The fields that differ in the only form that does."""
    comparison = compared(before, after, "every")
    assert comparison.processes == ()
    (one,) = comparison.forms
    return {change.id: change for change in one.fields}


def test_added_and_removed_fields_are_found_by_their_key() -> None:
    story, extra = EVERYTHING[1], asked("number", "extra", "补充", "Extra")
    changes = fields(form(*EVERYTHING), form(*[c for c in EVERYTHING if c is not story], extra))
    assert {key: change.how for key, change in changes.items()} == {"extra": "added", "story": "removed"}
    assert values(changes["extra"])["label"] == (None, "补充")


@pytest.mark.parametrize(
    ("before", "after", "name", "change"),
    [
        ({"label": "甲"}, {"label": "乙"}, "label", ("甲", "乙")),
        ({}, {"validate": {"required": True}}, "required", (None, "true")),
        ({"validate": {"maxLength": 10}}, {"validate": {"maxLength": 20}}, "max_length", ("10", "20")),
        ({}, {"conditional": {"hide": '=not(ours = "否")'}}, "show_when", (None, 'ours = "否"')),
        ({}, {"description": "请写清"}, "help", (None, "请写清")),
        ({"type": "textfield"}, {"type": "textarea"}, "kind", ("text", "textarea")),
    ],
)
def test_a_changed_property_of_a_field_is_told(
    before: dict[str, object], after: dict[str, object], name: str, change: tuple[str | None, str | None]
) -> None:
    ours = asked("radio", "ours", "我方？", "Ours?", values=[{"label": "否", "value": "否"}])
    base = asked("textfield", "x", "某项", "Something")
    changes = fields(form(ours, {**base, **before}), form(ours, {**base, **after}))
    assert set(changes) == {"x"}
    assert values(changes["x"])[name] == change


def test_options_and_columns_are_compared_one_by_one() -> None:
    options = [{"label": value, "value": value} for value in ("新", "旧")]
    column = asked("textfield", "what", "内容", "What")
    table = asked("dynamiclist", "rows", "明细", "Rows", isRepeating=True, components=[column])
    wide = {**table, "components": [column, asked("textfield", "by", "负责人", "By")]}
    choice = asked("select", "state", "状态", "State", values=options)
    fewer = {**choice, "values": options[:1]}
    changes = fields(form(choice, table), form(fewer, wide))
    assert values(changes["state"]) == {"option.旧": ("旧", None)}
    assert changes["rows.by"].how == "added"
    assert "rows" not in changes


def test_fields_in_another_order_are_a_change_of_the_form() -> None:
    (one,) = compared(form(*EVERYTHING[:2]), form(*reversed(EVERYTHING[:2])), "every").forms
    assert one.fields == ()
    assert one.properties == (PropertyChange("order", "name, story", "story, name"),)


def test_a_new_width_of_a_field_is_no_change() -> None:
    wide = {**EVERYTHING[0], "layout": {"columns": 8}}
    assert compared(form(EVERYTHING[0]), form(wide), "every").same


def test_a_form_drawn_into_an_element_is_compared_by_field_too() -> None:
    comparison = compared(ONE, edited(ONE, ('id="note" label="note"', 'id="note" label="说明"')))
    assert comparison.processes == ()
    (one,) = comparison.forms
    assert one.id == "p/UT_do"
    assert values(one.fields[0]) == {"label": ("note", "说明")}


RULE = LEVEL[LEVEL.index("<rule") : LEVEL.index("</decisionTable>")]


def row(name: str, test: str, answer: str) -> str:
    """A row of the table `level`."""
    text = RULE.replace('id="R"', f'id="{name}"').replace("E1", f"{name}1").replace("E2", f"{name}2")
    return text.replace("<text>-</text>", f"<text>{test}</text>").replace("重大", answer)


def table(*rows: str, policy: str = "FIRST") -> dict[str, bytes]:
    """The decided regulation with these rows."""
    text = LEVEL.replace(RULE, "".join(rows)).replace('id="T"', f'id="T" hitPolicy="{policy}"')
    return {**DECIDED, "level.dmn": text.encode()}


A, B, C = row("A", '"漏"', "重大"), row("B", '"裂"', "严重"), row("C", "-", "一般")


def test_added_removed_and_changed_rows_are_found_by_their_id() -> None:
    (one,) = compared(table(A, B), table(row("N", '"断"', "重大"), row("A", '"漏"', "轻微"))).decisions
    by_id = {rule.id: rule for rule in one.rules}
    assert {name: rule.how for name, rule in by_id.items()} == {"N": "added", "A": "changed", "B": "removed"}
    assert values(by_id["A"]) == {"严重度": ('"重大"', '"轻微"')}
    assert values(by_id["B"]) == {"要旨": ('"裂"', None), "严重度": ('"严重"', None)}


def test_rows_that_only_got_another_number_have_not_changed() -> None:
    (one,) = compared(table(A, C), table(A, B, C)).decisions
    assert [(rule.id, rule.how) for rule in one.rules] == [("B", "added")]
    assert one.properties == ()


def test_another_order_of_rows_counts_where_the_first_one_wins() -> None:
    (one,) = compared(table(A, B), table(B, A)).decisions
    assert one.rules == ()
    assert [change.name for change in one.properties] == ["order"]
    assert compared(table(A, B, policy="UNIQUE"), table(B, A, policy="UNIQUE")).same


def test_another_english_word_for_an_answer_is_a_change_of_its_column() -> None:
    worded = edited(table(A), ('value="major"', 'value="grave"'), name="level.dmn")
    (one,) = compared(table(A), worded).decisions
    (change,) = one.properties
    assert change.name == "output.严重度"
    assert "重大 = 重大 / major" in str(change.before)
    assert "重大 = 重大 / grave" in str(change.after)


def test_another_hit_policy_and_another_heading_are_changes_of_the_table() -> None:
    (one,) = compared(table(A, B), table(A, B, policy="UNIQUE")).decisions
    assert one.properties == (PropertyChange("hitPolicy", "FIRST", "UNIQUE"),)
    headed = edited(table(A), ('label="要旨"', 'label="主题"'), name="level.dmn")
    (other,) = compared(table(A), headed).decisions
    assert {change.name for change in other.properties} == {"input.要旨", "input.主题"}


def test_a_changed_row_tells_the_conditions_that_it_keeps() -> None:
    before, after = table(A, B), table(A, row("B", '"裂"', "一般"))
    (one,) = compared(before, after).decisions
    (rule,) = one.rules
    assert values(rule) == {"严重度": ('"严重"', '"一般"')}
    assert rule.kept == (("要旨", '"裂"'),)
    (other,) = compared(table(A, B), table(A, row("B", '"断"', "严重"))).decisions
    assert other.rules[0].kept == ()


def test_a_decision_and_its_columns_have_their_english_names() -> None:
    named = '<extensionElements><camunda:properties><camunda:property name="name.en" value="{}"/>' \
        "</camunda:properties></extensionElements><decisionTable"
    before = edited(table(A), ("<decisionTable", named.format("Grade")), name="level.dmn")
    after = edited(table(A, B), ("<decisionTable", named.format("Grading")), name="level.dmn")
    (one,) = compared(before, after).decisions
    assert one.name_en == "Grading"
    assert one.columns == {"严重度": "severity"}
    assert PropertyChange("name.en", "Grade", "Grading") in one.properties


def test_tables_of_names_are_compared_row_by_row() -> None:
    before = "id,zh,en\nA,甲,a\nB,乙,b\n".encode()
    changes = {c.id: c for c in compare_lists(before, "id,zh,en\nA,甲,one\nC,丙,c\n".encode())}
    hows = {key: change.how for key, change in changes.items()}
    assert hows == {"A": "changed", "B": "removed", "C": "added"}
    assert values(changes["A"]) == {"en": ("a", "one")}
    assert compare_lists(before, b"\xff") == compare_lists(before, b"")
