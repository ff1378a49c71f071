"""What lint says is for owners: elements in words, values as they are written, forms by their fields."""

import pytest

from engine.diagram.lint import lint
from engine.errors import Problem
from tests.engine.faulty.drawing import Drawn, around, chain, definitions, drawn, flow, process

READING = """{"type": "default", "id": "intake", "properties": {"title": "登记", "title.en": "Intake"},
 "components": [
  {"type": "textfield", "key": "model", "label": "型号", "properties": {"label.en": "Model"}},
  {"type": "textfield", "key": "pressure", "label": "压力", "conditional": {"hide": "=injry = true"},
   "properties": {"label.en": "Pressure", "required.when": "injry"}}]}"""
STEPS = (
    '<startEvent id="SE"/><userTask id="UT_register" name="登记" camunda:formRef="intake">'
    '<extensionElements><camunda:properties><camunda:property name="name.en" value="Register"/>'
    '</camunda:properties></extensionElements></userTask><userTask id="UT_check" camunda:formRef="intake"/>'
    '<endEvent id="EE"/>'
)


def found(files: Drawn, code: str) -> list[Problem]:
    return [problem for problem in lint(files.files) if problem.code == code]


def test_a_condition_that_reads_an_unknown_name_is_a_problem_of_its_form_line_and_field() -> None:
    ways = chain("SE", "UT_register", "UT_check", "EE")
    problems = found(
        drawn(others={"forms/intake.form": READING}, p=definitions(process(STEPS + ways))),
        "form-name-unknown",
    )
    places = {(one.file, one.line, one.column, one.element) for one in problems}
    assert places == {("forms/intake.form", 4, 3, "pressure")}
    told = "".join(one.zh for one in problems)
    for condition in ("“何时必填”（required.when）", "“何时隐藏”（conditional.hide）"):
        assert told.count(f"字段 pressure：{condition}读取变量 injry") == 1
    for one in problems:
        assert "使用该表单的步骤：“登记”（UT_register）、UT_check。" in one.zh
        assert "The form is used at “Register” (UT_register), UT_check." in one.en


def test_of_many_steps_that_use_a_form_a_problem_names_the_first() -> None:
    steps = [f"UT{n}" for n in range(1, 8)]
    body = '<startEvent id="SE"/><endEvent id="EE"/>'
    body += "".join(f'<userTask id="{step}" camunda:formRef="intake"/>' for step in steps)
    files = drawn(others={"intake.form": READING}, p=definitions(process(body + chain("SE", *steps, "EE"))))
    one, _ = found(files, "form-name-unknown")
    assert "步骤：UT1、UT2、UT3、UT4、UT5 等 7 个步骤。" in one.zh
    assert "used at UT1, UT2, UT3, UT4, UT5 and others, 7 steps in all." in one.en


def test_a_step_that_knows_the_name_is_not_blamed() -> None:
    knows = '<startEvent id="SE2"/><scriptTask id="ST"><script>injry = true</script></scriptTask>'
    knows += '<userTask id="UT_late" camunda:formRef="intake"/><endEvent id="EE2"/>'
    knows += chain("SE2", "ST", "UT_late", "EE2")
    ways = chain("SE", "UT_register", "UT_check", "EE")
    both = {"p": definitions(process(STEPS + ways)), "q": definitions(process(knows, name="q"))}
    problems = found(drawn(others={"intake.form": READING}, **both), "form-name-unknown")
    assert len(problems) == 2
    assert not any("UT_late" in one.zh for one in problems)


@pytest.mark.parametrize(
    ("files", "code", "zh", "en"),
    [
        (
            around('<adHocSubProcess id="UT"/>', "UT"), "element-refused",
            "不支持临时子流程（adHocSubProcess）", "The ad-hoc subprocess (adHocSubProcess) is not supported",
        ),
        (
            around('<userTask id="UT" operationRef="x"/>', "UT"),
            "attribute-refused", "用户任务（userTask）", "At the user task (userTask)",
        ),
        (
            around('<userTask id="UT" camunda:dueDate="Friday"/>', "UT"), "literal-invalid",
            "到期时间（dueDate）不能是“Friday”", "The due date (dueDate) cannot be “Friday”",
        ),
    ],
)  # fmt: skip
def test_elements_and_properties_are_called_by_their_words(files: Drawn, code: str, zh: str, en: str) -> None:
    (problem,) = found(files, code)
    assert zh in problem.zh
    assert en in problem.en


def test_values_for_which_two_conditions_hold_are_shown_as_an_owner_writes_them() -> None:
    ask = '<camunda:formField id="state" label="态" type="string"/>'
    body = (
        f'<userTask id="UT"><extensionElements><camunda:formData>{ask}</camunda:formData></extensionElements>'
        '</userTask><exclusiveGateway id="XG" default="F_XG_EE"/><userTask id="A"/><userTask id="B"/>'
    )
    ways = flow("UT", "XG") + flow("A", "EE") + flow("B", "EE")
    ways += flow("XG", "A", "${state == 'open'}") + flow("XG", "B", "${state != 'closed'}")
    (problem,) = found(around(body, "UT", "XG", flows=ways), "conditions-overlap")
    assert "（state = “open”）" in problem.zh
