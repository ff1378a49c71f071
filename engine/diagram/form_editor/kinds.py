"""The kinds of fields an owner chooses from, and the entries that say everything about one of them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.diagram.form_editor.tree import Branch


@dataclass(frozen=True)
class Entry:
    """One thing that is said of a field: its name, where a component keeps it, how it is written there.

    `sort` is line, lines, flag (true), mark (the text "true"), whole, decimal, count (a whole number as
    text), condition (a text after "="), expression, case, format, kind, or default.
    """

    name: str
    path: tuple[str, ...]
    sort: str = "line"

    @property
    def is_flag(self) -> bool:
        """Whether it is only said or not said."""
        return self.sort in {"flag", "mark", "case"}


def _property(name: str, sort: str = "line") -> Entry:
    return Entry(name.replace(".", "_"), ("properties", name), sort)


KIND = Entry("kind", ("type",), "kind")
LABEL, LABEL_EN = Entry("label", ("label",)), _property("label.en")
MOMENT_LABEL = Entry("label", ("dateLabel",))
KEY = Entry("key", ("key",))
HELP = (Entry("help", ("description",), "lines"), _property("help.en", "lines"))
HIDE = Entry("hide_when", ("conditional", "hide"), "condition")
REQUIRED = (Entry("required", ("validate", "required"), "flag"), _property("required.when", "expression"))
READ_ONLY = Entry("read_only", ("readonly",), "flag")
PERSONAL = _property("personal", "mark")
DEFAULT = Entry("default", ("defaultValue",), "default")
DEFAULTS = Entry("default", ("defaultValue",), "defaults")
WIDTH = Entry("width", ("layout", "columns"), "whole")
LENGTHS = (
    Entry("min_length", ("validate", "minLength"), "whole"),
    Entry("max_length", ("validate", "maxLength"), "whole"),
    Entry("pattern", ("validate", "pattern")),
    _property("pattern.message"),
    _property("pattern.message.en"),
)
FORMAT = Entry("format", ("validate", "validationType"), "format")
CASE = Entry("case", ("properties", "source"), "case")
QUANTITY = (
    Entry("min", ("validate", "min"), "decimal"),
    Entry("max", ("validate", "max"), "decimal"),
    Entry("decimals", ("decimalDigits",), "whole"),
    Entry("unit", ("appearance", "suffixAdorner")),
    _property("unit.en"),
)
MOMENT = (_property("not_before", "expression"), _property("not_after", "expression"))
GROUP = _property("source.group")
FILES = (Entry("accept", ("accept",)), Entry("multiple", ("multiple",), "flag"))
ROWS = (_property("rows.min", "count"), _property("rows.max", "count"))
OPTIONS = Entry("options", ("values",), "options")


def _input(*own: Entry, default: Entry | None = DEFAULT, label: Entry = LABEL) -> tuple[Entry, ...]:
    given = (default,) if default else ()
    return (label, LABEL_EN, KEY, KIND, *HELP, *REQUIRED, *own, HIDE, READ_ONLY, PERSONAL, *given, WIDTH)


ENTRIES: dict[str, tuple[Entry, ...]] = {
    "text": _input(FORMAT, *LENGTHS, CASE),
    "textarea": _input(*LENGTHS),
    "number": _input(*QUANTITY),
    "date": _input(*MOMENT, label=MOMENT_LABEL),
    "datetime": _input(*MOMENT, label=MOMENT_LABEL),
    "select": _input(OPTIONS),
    "radio": _input(OPTIONS, _property("boolean", "mark")),
    "taglist": _input(OPTIONS, default=DEFAULTS),
    "checklist": _input(OPTIONS, default=DEFAULTS),
    "checkbox": _input(),
    "file": _input(*FILES, default=None),
    "user": _input(GROUP),
    "users": _input(GROUP, default=DEFAULTS),
    "group": _input(GROUP),
    "groups": _input(GROUP, default=DEFAULTS),
    "table": (LABEL, LABEL_EN, Entry("key", ("path",)), *HELP, *REQUIRED, *ROWS, HIDE),
    "section": (LABEL, LABEL_EN, HIDE),
    "paragraph": (Entry("label", ("text",), "lines"), _property("label.en", "lines"), HIDE),
    "separator": (HIDE,),
    "other": (),
}
# What a new field of a kind begins with, besides its words, its key and its place on the page.
BLANK: dict[str, dict[str, object]] = {
    "text": {"type": "textfield"},
    "textarea": {"type": "textarea"},
    "number": {"type": "number"},
    "date": {"type": "datetime", "subtype": "date"},
    "datetime": {
        "type": "datetime", "subtype": "datetime", "timeLabel": "时间", "timeSerializingFormat": "utc_offset",
        "timeInterval": 15, "use24h": True,
    },
    "select": {"type": "select", "values": []},
    "radio": {"type": "radio", "values": []},
    "taglist": {"type": "taglist", "values": []},
    "checklist": {"type": "checklist", "values": []},
    "checkbox": {"type": "checkbox"},
    "file": {"type": "filepicker"},
    "user": {"type": "select", "values": [], "properties": {"source": "user"}},
    "users": {"type": "taglist", "values": [], "properties": {"source": "user"}},
    "group": {"type": "select", "values": [], "properties": {"source": "group"}},
    "groups": {"type": "taglist", "values": [], "properties": {"source": "group"}},
    "table": {
        "type": "dynamiclist", "isRepeating": True, "allowAddRemove": True, "defaultRepetitions": 1,
        "showOutline": True,
        "components": [
            {"label": "内容", "type": "textfield", "id": "Column_item", "key": "item",
             "properties": {"label.en": "Item"}}
        ],
    },
    "section": {"type": "group", "showOutline": True, "components": []},
    "paragraph": {"type": "text"},
    "separator": {"type": "separator"},
}  # fmt: skip
ADDABLE = tuple(BLANK)
COLUMNS = tuple(
    kind for kind in ADDABLE if kind not in {"table", "section", "paragraph", "separator", "file"}
)
HOLDERS = ("section", "table")  # they hold other fields
# Kinds that a field may change into; what the new kind cannot say is dropped.
FAMILIES = (("text", "textarea"), ("select", "radio", "taglist", "checklist"), ("date", "datetime"))
_PLAIN = {
    "textfield": "text", "textarea": "textarea", "number": "number", "radio": "radio",
    "checklist": "checklist", "checkbox": "checkbox", "filepicker": "file", "dynamiclist": "table",
    "group": "section", "text": "paragraph", "separator": "separator",
}  # fmt: skip
_SOURCED = {
    "select": {"": "select", "user": "user", "group": "group"},
    "taglist": {"": "taglist", "user": "users", "group": "groups"},
}


def kind_of(component: Branch) -> str:
    """The kind of a component; "other" for what this editor leaves to the text."""
    kind = component.text("type")
    if kind == "datetime":
        subtype = component.text("subtype") or "date"
        return subtype if subtype in {"date", "datetime"} else "other"
    if kind in _SOURCED:
        properties = component.branch("properties")
        return _SOURCED[kind].get(properties.text("source") if properties else "", "other")
    return _PLAIN.get(kind, "other")


def kin(kind: str) -> tuple[str, ...]:
    """The kinds that a field of `kind` may become, itself among them."""
    return next((family for family in FAMILIES if kind in family), (kind,))
