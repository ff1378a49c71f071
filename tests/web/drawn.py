"""A small regulation whose one form asks for everything that a form can ask for."""

import json

from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, extended


def asked(kind: str, key: str, label: str, english: str, **more: object) -> dict[str, object]:
    """One component of a `.form` file; a list's key is its path, `english` its name on English pages."""
    properties = {"label.en": english} | more.pop("properties", {})  # type: ignore[operator]
    name = "path" if kind == "dynamiclist" else "key"
    return {"id": f"Field_{key}", "type": kind, name: key, "label": label, "properties": properties, **more}


def choice(*values: str) -> list[dict[str, str]]:
    """Options whose labels are their values."""
    return [{"label": value, "value": value} for value in values]


MUST = {"validate": {"required": True}}
EVERYTHING = [
    asked("textfield", "name", "姓名", "Name", **MUST),
    asked("textarea", "story", "经过", "Story"),
    asked("number", "pieces", "数量", "Pieces", validate={"min": 1}, decimalDigits=0),
    asked("datetime", "day", "日期", "Day", subtype="date", dateLabel="日期"),
    asked("datetime", "moment", "时间", "Moment", subtype="datetime", dateLabel="时间"),
    asked("select", "state", "状态", "State", values=choice("新", "旧"),
          properties={"option.新.en": "new one", "option.旧.en": "old one"}),
    asked("radio", "ours", "是否我方？", "Ours?", values=choice("是", "否"),
          properties={"option.是.en": "Yes", "option.否.en": "No"}),
    asked("textarea", "reason", "理由", "Reason why", conditional={"hide": '=not(ours = "否")'},
          properties={"required.when": 'ours = "否"'}),
    asked("checklist", "kinds", "类别", "Kinds", values=choice("甲", "乙", "丙"),
          properties={"option.甲.en": "A", "option.乙.en": "B", "option.丙.en": "C"}),
    asked("checkbox", "urgent", "加急", "Urgent"),
    asked("select", "owner", "负责人", "Owner", properties={"source": "user", "source.group": "qa"}),
    asked("taglist", "depts", "部门", "Departments", properties={"source": "group"}),
    asked("filepicker", "photos", "图片", "Pictures", multiple=True, accept=".jpg,.jpeg,.png,.pdf,.mp4"),
    asked("dynamiclist", "actions", "措施", "Actions", isRepeating=True, allowAddRemove=True, components=[
        asked("textfield", "what", "内容", "What", **MUST),
        asked("datetime", "due", "期限", "Due by", subtype="date", dateLabel="期限"),
    ]),
]  # fmt: skip

FORM = json.dumps(
    {"id": "all", "type": "default", "components": EVERYTHING,
     "properties": {"title": "全部字段", "title.en": "Every field"}},
).encode()  # fmt: skip

FILES = {
    "every.bpmn": diagram(
        node("startEvent", "SE", name="收到反馈", camunda_formRef="all")
        + node(
            "userTask",
            "UT_fill",
            "<documentation>填写全部字段。</documentation>"
            + extended(name_en="Fill it in", documentation_en="Fill in every field.", clauses="S1-3.1a"),
            name="填写表单",
            camunda_candidateGroups="cs",
            camunda_formRef="all",
        )
        + END
        + flow("SE", "UT_fill")
        + flow("UT_fill", "EE_done"),
        "every",
        attributes='name="全字段流程" camunda:candidateStarterGroups="staff"',
    ),
    "all.form": FORM,
}
"""One task with every kind of field, started with the same form."""
