"""What can be wrong with a form file, in both languages, and the list that collects it."""

from __future__ import annotations

from typing import Literal, Protocol

from engine.errors import Problem

MESSAGES: dict[str, tuple[str, str]] = {
    "too_large": ("表单过大。", "The form is too large."),
    "too_deep": ("嵌套过深。", "Nested too deeply."),
    "not_utf8": ("文件不是 UTF-8 编码。", "Not UTF-8 text."),
    "not_json": ("不是有效的 JSON：{reason}。", "Not valid JSON: {reason}."),
    "bad_json_number": ("含有 JSON 不允许的数字。", "Contains a number that JSON does not allow."),
    "duplicate_json_key": ("同一个对象里有重名的键。", "An object has the same key twice."),
    "unkeepable_text": ("文字中含有控制字符或残缺的字符。", "A text holds control or broken characters."),
    "not_a_form": (
        "不是 form-js 表单（type 为 default，含 components）。",
        "Not a form-js form (type default, with components).",
    ),
    "bad_form_id": ("表单缺少可用的 id。", "The form has no usable id."),
    "id_not_file_name": ("表单 id“{id}”与文件名不同。", 'Form id "{id}" differs from the file name.'),
    "missing_title": ("properties 里缺少 title 或 title.en。", "Its properties lack title or title.en."),
    "not_components": ("components 应为组件的列表。", "components must be a list of components."),
    "unknown_component": ("这里不支持组件“{name}”。", 'Component "{name}" is not supported here.'),
    "unsupported": ("不支持“{name}”。", '"{name}" is not supported.'),
    "group_path": ("分组不能有 path：值不嵌套。", "A group cannot have a path: values are not nested."),
    "bad_conditional": (
        'conditional 应为 {{"hide": "=表达式"}}。',
        'conditional must be {{"hide": "=expression"}}.',
    ),
    "expression_in_text": ("{name} 不能是表达式。", "{name} cannot be an expression."),
    "bad_key": ("字段键“{key}”不能用作变量名。", 'Key "{key}" cannot be a variable name.'),
    "reserved_key": ("字段键“{key}”是保留名称。", 'Key "{key}" is reserved.'),
    "duplicate_key": ("字段键“{key}”重复。", 'Key "{key}" occurs twice.'),
    "unknown_property": ("未知的属性“{name}”。", 'Unknown property "{name}".'),
    "bad_property": ("属性 {name} 的值“{value}”不可用。", 'Property {name} cannot be "{value}".'),
    "bad_source": (
        "source 应为 user 或 group（用于下拉框和标签列表），或 case（用于单行文本）。",
        "source must be user or group, on a select or a tag list, or case, on a text field.",
    ),
    "bad_boolean": (
        "boolean 只用于选项为 true 和 false 的单选。",
        "boolean is only for a radio whose options are true and false.",
    ),
    "bad_expression": ("{reason_zh}", "{reason}"),
    "bad_option": ("选项的值和名称应为文字。", "The value and the label of an option must be text."),
    "duplicate_option": ("选项“{value}”重复。", 'Option "{value}" occurs twice.'),
    "bad_options": ("选项应有 1 到 {most} 个。", "There must be 1 to {most} options."),
    "unknown_validation": ("未知的校验“{name}”。", 'Unknown validation "{name}".'),
    "bad_bound": ("{name} 的值“{value}”不可用。", '{name} cannot be "{value}".'),
    "crossed_bounds": ("下限大于上限。", "The lower bound is above the upper one."),
    "bad_pattern": ("格式规则不可用：{reason_zh}。", "The pattern cannot be used: {reason}."),
    "bad_default": ("默认值不可用：{reason_zh}", "The default value cannot be used: {reason}"),
    "no_columns": ("表格没有列。", "The table has no columns."),
    "missing_english": ("缺少英文：{names}。", "English is missing: {names}."),
    "missing_label": ("没有标签。", "Has no label."),
}
WARNINGS = {"id_not_file_name", "missing_title", "unknown_property", "missing_english", "missing_label"}


class Place(Protocol):
    """Anything that stands somewhere in a file."""

    line: int
    column: int


def problem(file: str, place: Place | None, code: str, element: str = "", **facts: object) -> Problem:
    """The problem `code` of MESSAGES at `place` (the file's beginning if there is none)."""
    level: Literal["error", "warning"] = "warning" if code in WARNINGS else "error"
    short = {name: str(value)[:200] for name, value in facts.items()}
    zh, en = (template.format(**short) for template in MESSAGES[code])
    line, column = (place.line, place.column) if place else (1, 1)
    return Problem(file, line, column, level, element[:100], code, zh, en)


class Report:
    """The problems of one file, collected instead of stopping at the first."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, place: Place, code: str, element: str, **facts: object) -> None:
        """Note the problem `code` of MESSAGES on `element`, which stands at `place`."""
        self.problems.append(problem(self.file, place, code, element, **facts))

    @property
    def errors(self) -> list[Problem]:
        """The problems that make the form unusable, in the order of the file."""
        return sorted(problem for problem in self.problems if problem.level == "error")
