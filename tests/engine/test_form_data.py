"""Reading `camunda:formData`: forms written inside the diagram are the same forms."""

import pytest
from lxml import etree

from engine.diagram.forms import Form, read_form_data
from engine.errors import BundleRefused
from tests.engine.form_world import cleaned, faulty

CAMUNDA = "http://camunda.org/schema/1.0/bpmn"


def read(fields: str) -> Form:
    markup = f'<camunda:formData xmlns:camunda="{CAMUNDA}">{fields}</camunda:formData>'
    return read_form_data(etree.fromstring(markup), "test.bpmn")


def codes(fields: str) -> list[str]:
    with pytest.raises(BundleRefused) as refusal:
        read(fields)
    return [problem.code for problem in refusal.value.problems]


FORM = """
<camunda:formField id="title" label="标题" type="string" defaultValue="无题">
  <camunda:properties>
    <camunda:property id="label.en" value="Title" />
    <camunda:property id="help" value="一行" />
    <camunda:property id="help.en" value="One line" />
  </camunda:properties>
  <camunda:validation>
    <camunda:constraint name="required" />
    <camunda:constraint name="minlength" config="2" />
    <camunda:constraint name="maxlength" config="5" />
    <camunda:constraint name="pattern" config="^[^x]*$" />
  </camunda:validation>
</camunda:formField>
<camunda:formField id="qty" label="数量" type="long">
  <camunda:validation>
    <camunda:constraint name="min" config="1" />
    <camunda:constraint name="max" config="10" />
  </camunda:validation>
</camunda:formField>
<camunda:formField id="ok" label="可以" type="boolean" defaultValue="true" />
<camunda:formField id="day" label="日期" type="date" />
<camunda:formField id="kind" label="类型" type="enum">
  <camunda:value id="a" name="甲" />
  <camunda:value id="b" name="乙" />
</camunda:formField>
<camunda:formField id="no" label="编号" type="string">
  <camunda:validation><camunda:constraint name="readonly" /></camunda:validation>
</camunda:formField>
"""


def test_every_type_of_form_data_has_its_field() -> None:
    form = read(FORM)
    assert [(field.key, field.type) for field in form.fields] == [
        ("title", "text"),
        ("qty", "number"),
        ("ok", "checkbox"),
        ("day", "date"),
        ("kind", "select"),
        ("no", "text"),
    ]
    title = form.field("title")
    assert (title.text("en"), title.help_text("en"), title.default) == ("Title", "One line", "无题")
    assert form.field("ok").default is True
    assert [option.label for option in form.field("kind").options] == ["甲", "乙"]


def test_constraints_of_form_data_bind() -> None:
    form = read(FORM)
    good = {"title": "泵", "qty": "3", "ok": "on", "day": "2026-11-22", "kind": "a"}
    assert faulty(form, good) == ["title"], "two characters at least"
    assert cleaned(form, good | {"title": "水泵"}, no="7") == {
        "title": "水泵",
        "qty": 3,
        "ok": True,
        "day": "2026-11-22",
        "kind": "a",
        "no": "7",
    }
    bad = {"title": "xx", "qty": "1.5", "day": "22/11/2026", "kind": "甲", "no": "8"}
    assert faulty(form, bad, no="7") == ["title", "qty", "day", "kind", "no"]


def test_house_properties_make_people_groups_and_long_texts() -> None:
    form = read(
        """
        <camunda:formField id="who" label="人" type="string"><camunda:properties>
          <camunda:property id="source" value="user" /><camunda:property id="source.group" value="qa" />
        </camunda:properties></camunda:formField>
        <camunda:formField id="depts" label="部门" type="string"><camunda:properties>
          <camunda:property id="source" value="group" /><camunda:property id="multiple" value="true" />
        </camunda:properties></camunda:formField>
        <camunda:formField id="note" label="说明" type="string"><camunda:properties>
          <camunda:property id="multiline" value="true" /><camunda:property id="required.when" value="who" />
        </camunda:properties></camunda:formField>
        """
    )
    assert [(field.type, field.group, field.multiple) for field in form.fields] == [
        ("user", "qa", False),
        ("group", None, True),
        ("textarea", None, False),
    ]
    assert faulty(form, {"who": "li.ming"}) == ["note"]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ('<camunda:formField id="x" type="money" />', "unknown_component"),
        ('<camunda:formField id="x" />', "unknown_component"),
        ('<camunda:formField type="string" />', "bad_key"),
        ('<camunda:formField id="typename" type="string" />', "reserved_key"),
        ('<camunda:formField id="x" type="enum" />', "bad_options"),
        ('<camunda:formField id="x" type="string" defaultValue="${name}" />', "expression_in_text"),
        ('<camunda:formField id="x" type="long" defaultValue="many" />', "bad_default"),
        (
            '<camunda:formField id="x" type="string"><camunda:validation>'
            '<camunda:constraint name="validator" config="com.example.V" />'
            "</camunda:validation></camunda:formField>",
            "unknown_validation",
        ),
        (
            '<camunda:formField id="x" type="string"><camunda:validation>'
            '<camunda:constraint name="pattern" config="^(a+)+$" /></camunda:validation></camunda:formField>',
            "bad_pattern",
        ),
        (
            '<camunda:formField id="x" type="string" /><camunda:formField id="x" type="string" />',
            "duplicate_key",
        ),
    ],
)
def test_form_data_we_cannot_do_exactly_is_refused(field: str, code: str) -> None:
    assert code in codes(field)


def test_every_problem_of_form_data_has_its_line() -> None:
    with pytest.raises(BundleRefused) as refusal:
        read('\n<camunda:formField id="a" type="money" />\n\n<camunda:formField id="b" type="money" />')
    places = [(problem.file, problem.line, problem.element) for problem in refusal.value.problems]
    assert places == [("test.bpmn", 2, "a"), ("test.bpmn", 4, "b")]
