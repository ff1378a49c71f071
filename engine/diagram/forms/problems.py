"""What can be wrong with a form file, in both languages, and the list that collects it."""

from __future__ import annotations

from typing import Literal, Protocol

from engine.errors import Problem

MESSAGES: dict[str, tuple[str, str]] = {
    "too_large": (
        "表单过大：最多 500 KB、300 个组件，分组最多套 5 层。",
        "The form is too large: at most 500 KB, 300 components, and sections inside sections 5 deep.",
    ),
    "too_deep": (
        "文件里的括号套得太深，表单编辑器不会这样写；请换一份完好的文件。",
        "Its brackets are nested too deeply, no form editor writes that: use a sound file.",
    ),
    "not_utf8": (
        "文件不是 UTF-8 编码，请用文本编辑器另存为 UTF-8。",
        "The file is not UTF-8 text: save it as UTF-8 with a text editor.",
    ),
    "not_json": ("文件从这里起无法读取：{reason}。", "The file cannot be read from here on: {reason}."),
    "bad_json_number": (
        "文件里有无法使用的数字（NaN、无穷大，或上千位的整数）。",
        "The file holds a number that cannot be used (NaN, infinity, or one of thousands of digits).",
    ),
    "duplicate_json_key": (
        "这一段里有两项同名，请按文本编辑，删去其中一项。",
        "Two entries here have the same name: edit the form as text and take one out.",
    ),
    "unkeepable_text": (
        "这里的文字含有看不见的控制字符或残缺的字符，请重新输入。",
        "A text here holds invisible control characters or broken ones: type it anew.",
    ),
    "not_a_form": (
        "这不是表单编辑器的文件：须有 type（default）和字段的列表（components）。",
        "This is no file of a form editor: it needs a type (default) and a list of fields (components).",
    ),
    "bad_form_id": (
        "表单没有可用的标识（id）：以字母开头，只用字母、数字、点、横线和下划线，如 intake_form。",
        "The form has no usable id: begin with a letter and use letters, digits, dots, hyphens and "
        "underscores, as in intake_form.",
    ),
    "id_not_file_name": (
        "表单的标识（id）是“{id}”，文件也应叫 {id}.form。",
        "The id of the form is “{id}”: its file should be called {id}.form.",
    ),
    "missing_title": (
        "表单缺少中文标题（title）或英文标题（title.en）。",
        "The form lacks its title in Chinese (title) or in English (title.en).",
    ),
    "not_components": ("这里应为字段的列表（components）。", "A list of fields (components) belongs here."),
    "unknown_component": (
        "不支持“{name}”这种字段，请换成“添加字段”中列出的一种。",
        "Fields of the kind “{name}” are not supported: take one of those offered under “Add a field”.",
    ),
    "unsupported": (
        "不支持“{name}”：选项须逐个列出，数字按数字保存。请删去它。",
        "“{name}” is not supported: answers are listed one by one, numbers are kept as numbers. Take it out.",
    ),
    "group_path": (
        "分组不能有路径（path），请清空：分组里的字段直接属于案件。",
        "A section cannot have a path: leave it empty, its fields belong to the case itself.",
    ),
    "bad_conditional": (
        "“何时隐藏”（conditional.hide）须为以等号开头的条件，如 =amount <= 1000。",
        "“Hidden when” (conditional.hide) must be a condition that begins with an equals sign, "
        "such as =amount <= 1000.",
    ),
    "expression_in_text": (
        "{name}里只能写固定的文字，不能写表达式（=… 或 ${{…}}）。",
        "{name} takes fixed text only, no expression (=… or ${{…}}).",
    ),
    "bad_key": (
        "字段键“{key}”不可用：以字母开头，只用字母、数字和下划线，最多 64 个字符，如 contact_phone；"
        "不能是 if、class 这类保留字。",
        "The key “{key}” cannot be used: begin with a letter, use letters, digits and underscores, at most "
        "64, as in contact_phone; reserved words such as if and class are taken.",
    ),
    "reserved_key": (
        "字段键“{key}”是系统保留的，请换一个不以下划线开头的，如 contact_phone。",
        "The key “{key}” is reserved: choose another one that does not begin with an underscore, "
        "such as contact_phone.",
    ),
    "duplicate_key": (
        "字段键“{key}”用了两次，请给其中一个换个键。",
        "The key “{key}” is used twice: give one of the fields another one.",
    ),
    "unknown_property": (
        "没有叫“{name}”的属性，它不起作用：请检查拼写，或删去。",
        "There is no property called “{name}”, it has no effect: check its spelling, or take it out.",
    ),
    "bad_property": ("{name}不能是“{value}”：{wanted}。", "{name} cannot be “{value}”: {wanted}."),
    "bad_source": (
        "数据来源（source）须为 user（人员）或 group（岗位组），用于下拉框和标签列表；"
        "或为 case（案件编号），用于单行文本。",
        "The source must be user (people) or group (groups), on a select or a tag list, or case (the number "
        "of a case), on a text field.",
    ),
    "bad_boolean": (
        "“按是或否保存”（boolean）只用于两个选项的值恰为 true 和 false 的单选。",
        "“Kept as yes or no” (boolean) is only for a choice of two answers with the values true and false.",
    ),
    "bad_expression": ("{name}：{reason}", "{name}: {reason}"),
    "bad_option": (
        "每个选项的值（value）和名称（label）都须是文字，不能空着。",
        "The value and the label of each answer must be text, and the value not empty.",
    ),
    "duplicate_option": (
        "两个选项的值都是“{value}”，请改其中一个。",
        "Two answers have the value “{value}”: change one of them.",
    ),
    "bad_options": ("选项须有 1 到 {most} 个。", "There must be 1 to {most} answers."),
    "unknown_validation": (
        "不支持校验“{name}”，请删去。",
        "The validation “{name}” is not supported: take it out.",
    ),
    "bad_bound": ("{name}不能是“{value}”：{wanted}。", "{name} cannot be “{value}”: {wanted}."),
    "crossed_bounds": (
        "“最少”大于“最多”，请改正数值、字数或行数的范围。",
        "“At least” is more than “at most”: correct the limits of the number, characters or rows.",
    ),
    "bad_pattern": ("“格式”（pattern）不可用：{reason}。", "The pattern cannot be used: {reason}."),
    "bad_default": ("默认值不可用：{reason}", "What is filled in beforehand cannot be used: {reason}"),
    "no_columns": ("表格没有列，请至少添加一列。", "The table has no columns: add at least one."),
    "missing_english": ("缺少{names}。", "It lacks {names}."),
    "missing_label": (
        "没有中文标签，填表的人不知道这里要填什么。",
        "It has no label in Chinese: nobody knows what to enter there.",
    ),
}
LONGEST = 300  # characters of one fact
WARNINGS = {"id_not_file_name", "missing_title", "unknown_property", "missing_english", "missing_label"}


class Place(Protocol):
    """Anything that stands somewhere in a file."""

    line: int
    column: int


def problem(file: str, place: Place | None, code: str, element: str = "", **facts: object) -> Problem:
    """The problem `code` of MESSAGES at `place` (the file's beginning if there is none).

    `facts` fill the messages; a pair is (Chinese, English)."""
    level: Literal["error", "warning"] = "warning" if code in WARNINGS else "error"
    zh, en = (
        template.format(**{name: _side(fact, side)[:LONGEST] for name, fact in facts.items()})
        for side, template in enumerate(MESSAGES[code])
    )
    line, column = (place.line, place.column) if place else (1, 1)
    return Problem(file, line, column, level, element[:100], code, zh, en)


def _side(fact: object, side: int) -> str:
    return str(fact[side] if isinstance(fact, tuple) else fact)


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
