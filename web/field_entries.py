"""The words for what can be said of a field, the inputs to say it with, and what came back from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext, lazy_gettext

from engine import FIELD_ENTRIES, Entries, OptionEntry, kin
from engine.errors import FieldProblem, FormFieldNotFound
from web.i18n import language

KINDS = {
    "text": lazy_gettext("one line of text"),
    "textarea": lazy_gettext("longer text"),
    "number": lazy_gettext("a number"),
    "date": lazy_gettext("a date"),
    "datetime": lazy_gettext("a date and a time"),
    "select": lazy_gettext("choice from a list"),
    "radio": lazy_gettext("choice, all answers shown"),
    "taglist": lazy_gettext("several from a list"),
    "checklist": lazy_gettext("several, all answers shown"),
    "checkbox": lazy_gettext("a box to tick"),
    "file": lazy_gettext("files"),
    "user": lazy_gettext("a person"),
    "users": lazy_gettext("several people"),
    "group": lazy_gettext("a department or group"),
    "groups": lazy_gettext("several departments or groups"),
    "table": lazy_gettext("a table with rows"),
    "section": lazy_gettext("section"),
    "paragraph": lazy_gettext("a text to read"),
    "separator": lazy_gettext("a line between"),
    "other": lazy_gettext("something else"),
}
_WORDS = {
    "label": lazy_gettext("Label in Chinese"),
    "label_en": lazy_gettext("Label in English"),
    "key": lazy_gettext("Key of the field"),
    "kind": lazy_gettext("Kind of field"),
    "help": lazy_gettext("Help in Chinese"),
    "help_en": lazy_gettext("Help in English"),
    "required": lazy_gettext("Must be filled in"),
    "required_when": lazy_gettext("Must be filled in when"),
    "hide_when": lazy_gettext("Hidden when"),
    "read_only": lazy_gettext("Only shown, not changed"),
    "personal": lazy_gettext("Personal data"),
    "default": lazy_gettext("Filled in beforehand"),
    "width": lazy_gettext("Width"),
    "min_length": lazy_gettext("At least so many characters"),
    "max_length": lazy_gettext("At most so many characters"),
    "pattern": lazy_gettext("Pattern"),
    "pattern_message": lazy_gettext("What is said when the pattern does not fit, in Chinese"),
    "pattern_message_en": lazy_gettext("What is said when the pattern does not fit, in English"),
    "format": lazy_gettext("Format"),
    "case": lazy_gettext("Is the number of a running case"),
    "min": lazy_gettext("At least"),
    "max": lazy_gettext("At most"),
    "decimals": lazy_gettext("Decimal places"),
    "unit": lazy_gettext("Unit in Chinese"),
    "unit_en": lazy_gettext("Unit in English"),
    "not_before": lazy_gettext("Not before"),
    "not_after": lazy_gettext("Not after"),
    "options": lazy_gettext("Answers"),
    "boolean": lazy_gettext("Kept as yes or no"),
    "source_group": lazy_gettext("Limited to the group"),
    "accept": lazy_gettext("Kinds of files"),
    "multiple": lazy_gettext("Several files"),
    "rows_min": lazy_gettext("At least so many rows"),
    "rows_max": lazy_gettext("At most so many rows"),
}
EXPLAINED = {
    "key": lazy_gettext(
        "The name under which the answer is kept: letters, digits and _. Diagrams, conditions and decisions "
        "read the answer by this name, so change it only together with them."
    ),
    "kind": lazy_gettext("What the new kind cannot say is dropped when it is saved."),
    "required_when": lazy_gettext("A condition over answers and the case, such as %(example)s.",
                                  example="amount > 100"),
    "hide_when": lazy_gettext("A condition, as above; what is hidden is not asked."),
    "personal": lazy_gettext("Masked for people who need not see it, and never in a notification."),
    "width": lazy_gettext("2 to 16 columns of the page; empty: by its kind."),
    "pattern": lazy_gettext("A regular expression that the text must match."),
    "not_before": lazy_gettext("A moment, such as %(example)s.", example="today()"),
    "not_after": lazy_gettext("A moment, such as %(example)s.", example="now()"),
    "boolean": lazy_gettext("For two answers whose values are true and false."),
    "source_group": lazy_gettext(
        "The id of a group; where groups are chosen, the ids of all that are offered, with commas. "
        "Empty: no limit."
    ),
    "accept": lazy_gettext("Such as %(example)s; empty: pictures, PDF and video.", example=".pdf,.xlsx"),
    "read_only": lazy_gettext("Shows what the case already knows under this key."),
    "options": lazy_gettext("The value is what is kept; empty, it is the Chinese label."),
}  # fmt: skip
FORMATS = {
    "": lazy_gettext("any text"),
    "email": lazy_gettext("an e-mail address"),
    "phone": lazy_gettext("a phone number"),
}
GROUPS = (
    (lazy_gettext("Words"), ("label", "label_en", "key", "kind", "help", "help_en")),
    (
        lazy_gettext("What may be entered"),
        (
            *("options", "boolean", "min", "max", "decimals", "unit", "unit_en", "format", "min_length"),
            *("max_length", "pattern", "pattern_message", "pattern_message_en", "case", "not_before"),
            *("not_after", "source_group", "accept", "multiple", "rows_min", "rows_max"),
        ),
    ),
    (
        lazy_gettext("When it applies"),
        ("required", "required_when", "read_only", "hide_when", "personal", "default", "width"),
    ),
)
NEW_LINE = {"help", "unit", "pattern_message"}  # beside it stands its English
CODE = {"required_when", "hide_when", "pattern", "not_before", "not_after", "key", "accept", "source_group"}
OPTION = re.compile(r"option\.(\d{1,4})\.(value|label|label_en)")


@dataclass(frozen=True)
class EntryInput:
    """One input of the page: `widget` is line, lines, flag, select or options."""

    name: str
    label: str
    widget: str
    value: str
    help: str
    problem: str
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def new_line(self) -> bool:
        """Whether it begins a line of the page."""
        return self.name in NEW_LINE

    @property
    def tongue(self) -> str:
        """The language that is typed here, where it is not the page's."""
        if self.name in CODE:
            return "zxx"
        return "en" if self.name.endswith("_en") else "zh-CN" if f"{self.name}_en" in _WORDS else ""


def drawn(
    entries: Entries, problems: Sequence[FieldProblem], new: bool
) -> list[tuple[str, list[EntryInput]]]:
    """The inputs of a field with what they hold, in groups with their headings."""
    found = {each.name: each for each in _inputs(entries, problems, new)}
    groups = ((str(title), [found[name] for name in names if name in found]) for title, names in GROUPS)
    return [group for group in groups if group[1]]


def _inputs(entries: Entries, problems: Sequence[FieldProblem], new: bool) -> Iterator[EntryInput]:
    told: dict[str, list[str]] = {}
    for problem in problems:
        told.setdefault(problem.field, []).append(problem.text(language()))
    for entry in FIELD_ENTRIES[entries.kind]:
        choices = _choices(entry.name, entries)
        if entry.sort == "kind" and (new or len(choices) < 2):
            continue
        widget = "flag" if entry.is_flag else entry.sort if entry.sort in ("lines", "options") else "line"
        if entry.sort == "defaults":
            widget = "lines"
        yield EntryInput(
            entry.name, _label(entry.name, entries.kind), "select" if choices else widget,
            entries.values.get(entry.name, ""), str(EXPLAINED.get(entry.name, "")),
            " ".join(told.get(entry.name, ())), choices,
        )  # fmt: skip


def _label(name: str, kind: str) -> str:
    if kind == "paragraph" and name in ("label", "label_en"):
        return gettext("Text in Chinese") if name == "label" else gettext("Text in English")
    if name == "default" and kind in ("taglist", "checklist", "users", "groups"):
        return gettext("Filled in beforehand, one a line")
    return str(_WORDS[name])


def _choices(name: str, entries: Entries) -> tuple[tuple[str, str], ...]:
    """What an entry offers; what it holds is always among it, however wrong it is."""
    offered: dict[str, str] = {}
    if name == "kind":
        offered = {kind: str(KINDS[kind]) for kind in kin(entries.kind)}
    elif name == "format":
        offered = {value: str(word) for value, word in FORMATS.items()}
    elif name == "default" and entries.kind == "checkbox":
        unticked = "false" if entries.values.get(name) == "false" else ""
        offered = {unticked: gettext("not ticked"), "true": gettext("ticked")}
    elif name == "default" and entries.kind in ("select", "radio"):
        offered = {"": gettext("nothing")} | {
            each.value: each.label or each.value for each in entries.options
        }
    held = entries.values.get(name, "")
    return (
        tuple(({held: held} if offered and held not in offered else {} | offered).items()) if offered else ()
    )


def read_entries_form(kind: str, sent: Mapping[str, str]) -> Entries:
    """What somebody typed of a field of that kind, and what he pressed among its answers."""
    known = kind if kind in FIELD_ENTRIES else "other"
    values = {
        entry.name: "true" if entry.is_flag and entry.name in sent else sent.get(entry.name, "")
        for entry in FIELD_ENTRIES[known]
        if entry.is_flag or entry.name in sent
    }
    return Entries(known, values, tuple(_options(sent)))


def _options(sent: Mapping[str, str]) -> Sequence[OptionEntry]:
    rows: dict[int, dict[str, str]] = {}
    for name, text in sent.items():
        if found := OPTION.fullmatch(name):
            rows.setdefault(int(found.group(1)), {})[found.group(2)] = text
    act, _, number = sent.get("_action", "").partition(":")
    order = sorted(rows)
    if number.isdecimal() and int(number) in rows:
        at = order.index(int(number))
        if act == "option-remove":
            order.pop(at)
        elif act == "option-up" and at > 0:
            order[at - 1], order[at] = order[at], order[at - 1]
    found_rows = [_option(rows[index]) for index in order]
    kept = [option for option in found_rows if option.value or option.label or option.label_en]
    return [*kept, OptionEntry()] if act == "option-add" else kept


def _option(row: Mapping[str, str]) -> OptionEntry:
    value, label, english = (row.get(part, "") for part in ("value", "label", "label_en"))
    return OptionEntry(value if value.strip() else label.strip(), label, english)


def read_place(text: str) -> tuple[int, ...]:
    """A place in a form as an address writes it. Raises FormFieldNotFound."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3}){0,5}", text):
        raise FormFieldNotFound(text[:40])
    return tuple(map(int, text.split(".")))
