"""One raw value, from a page or a program, becomes a typed one, or is refused in both languages."""

from __future__ import annotations

from collections.abc import Callable

from engine.diagram.forms.field import Field
from engine.diagram.forms.quantities import date_value, datetime_value, number_value
from engine.diagram.forms.scope import Refused, Scope, is_blank
from engine.diagram.forms.texts import identifier, text_value

NO_CASE = "没有这个编号的在办案件，或您无权查看。", "No running case that you may see has this number."
ITEMS_MAX = {"file": 20, "user": 50, "group": 50}


def typed_value(field: Field, raw: object, scope: Scope) -> object:
    """The typed value of `raw` for any field but a table. Raises Refused."""
    if is_blank(raw):
        return field.empty
    if field.is_list:
        return _many(field, raw, scope)
    return _CONVERTERS[field.type](field, raw, scope)


def _many(field: Field, raw: object, scope: Scope) -> list[object]:
    items = raw if isinstance(raw, list) else [raw]
    items = [item for item in items if not is_blank(item)]
    most = len(field.options) if field.type == "multiselect" else ITEMS_MAX[field.type]
    if not field.multiple and field.type == "file":
        most = 1
    if len(items) > max(most, 1):
        raise Refused(f"最多选择 {most} 项。", f"Choose at most {most}.")
    values = [_CONVERTERS[field.type](field, item, scope) for item in items]
    return list(dict.fromkeys(values))


def _choice(field: Field, raw: object, scope: Scope) -> str | bool:
    if field.boolean and isinstance(raw, bool):
        return raw
    value = raw if isinstance(raw, str) else None
    if value not in {option.value for option in field.options}:
        raise Refused("不在可选范围内。", "Not one of the choices offered.")
    assert value is not None  # None is no option
    return value == "true" if field.boolean else value


def _checkbox(field: Field, raw: object, scope: Scope) -> bool:
    if isinstance(raw, bool):
        return raw
    ticked = {"on": True, "true": True, "false": False, "off": False}
    if not isinstance(raw, str) or raw not in ticked:
        raise Refused("应为是或否。", "Must be yes or no.")
    return ticked[raw]


def _user(field: Field, raw: object, scope: Scope) -> str:
    person = identifier(raw)
    if not person or not scope.lookups.person_exists(person, field.group):
        if field.group:
            raise Refused(
                "没有这个人，或此人不属于指定的岗位组。", "No such person in the group required here."
            )
        raise Refused("没有这个人。", "No such person.")
    return person


def _group(field: Field, raw: object, scope: Scope) -> str:
    group = identifier(raw)
    if not group or not scope.lookups.group_exists(group):
        raise Refused("没有这个部门或岗位组。", "No such department or group.")
    if field.offered and group not in field.offered:
        raise Refused("此处不能选择该部门或岗位组。", "This department or group cannot be chosen here.")
    return group


def _file(field: Field, raw: object, scope: Scope) -> str:
    attachment = identifier(raw)
    if not attachment or not scope.lookups.attachment_exists(attachment):
        raise Refused("没有这个附件，请重新上传。", "No such attachment; please upload it again.")
    return attachment


def _text(field: Field, raw: object, scope: Scope) -> object:
    value = text_value(field, raw, scope)
    if field.source == "case" and not scope.lookups.case_exists(str(value)):
        raise Refused(*NO_CASE)
    return value


_CONVERTERS: dict[str, Callable[[Field, object, Scope], object]] = {
    "text": _text,
    "textarea": text_value,
    "number": number_value,
    "date": date_value,
    "datetime": datetime_value,
    "select": _choice,
    "radio": _choice,
    "multiselect": _choice,
    "checkbox": _checkbox,
    "user": _user,
    "group": _group,
    "file": _file,
}
