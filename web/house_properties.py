"""The properties of this house as fields of the modeler, so that nobody types the name of one."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext

from engine import PROPERTY_KINDS, SIGNATURE_MEANINGS, DraftChoices, Text
from web.i18n import language
from web.signatures import meaning


@dataclass(frozen=True)
class HouseField:
    """A property: how it is entered (`text`, `long`, `words`, `one`), chosen from which list, explained how.

    `chosen` is a list of the draft, or `tasks`: the tasks and start events on the canvas."""

    name: str
    entry: str
    label: str
    help: str = ""
    chosen: str = ""


FIELDS = (
    HouseField("name.en", "text", lazy_gettext("English name")),
    HouseField("documentation.en", "long", lazy_gettext("English documentation")),
    HouseField("clauses", "words", lazy_gettext("Clauses it realises"), "", "clauses"),
    HouseField("notBy", "words", lazy_gettext("Four eyes: not by who did"),
               lazy_gettext("Whoever completed one of these may not complete this task."), "tasks"),
    HouseField("sign", "one", lazy_gettext("Signature"),
               lazy_gettext("Completing asks for the password again and records this meaning."), "signs"),
    HouseField("record", "one", lazy_gettext("Record"),
               lazy_gettext("Completing issues this numbered record."), "records"),
    HouseField("record.with", "words", lazy_gettext("The record carries"),
               lazy_gettext("Earlier steps whose entries stand in the record, too."), "tasks"),
    HouseField("flag", "one", lazy_gettext("Told to"),
               lazy_gettext("Completing it draws this group's attention in the history."), "groups"),
    HouseField("group", "one", lazy_gettext("Group of the lane"),
               lazy_gettext("Who works in this lane; by default the group in its id."), "groups"),
    HouseField("sets", "words", lazy_gettext("Variables it sets"),
               lazy_gettext("What a program brings along, or another way into the case.")),
    HouseField("payload", "words", lazy_gettext("Variables it sends"),
               lazy_gettext("What the message carries.")),
    HouseField("mi.result", "text", lazy_gettext("List of all results"),
               lazy_gettext("Collects what each of several instances enters.")),
    HouseField("number", "text", lazy_gettext("Numbers of its cases"),
               lazy_gettext("For example YS-YYYY-NNNNN; QF without it.")),
    HouseField("clock.stop", "words", lazy_gettext("Limits that stop"), "", "clocks"),
)  # fmt: skip
CLOCKS = {"clock.start"}  # has an editor of its own, with where it counts from, warnings and calendar
EXTENSION = (
    HouseField("clock.extend", "text", lazy_gettext("Limit that is extended"),
               lazy_gettext("An expression, for example ${clock}.")),
    HouseField("clock.extend.case", "text", lazy_gettext("of the case"), "${case_no}"),
    HouseField("clock.extend.until", "text", lazy_gettext("until"), "${new_due}"),
    HouseField("clock.extend.reason", "text", lazy_gettext("because"), "${reason}"),
)  # fmt: skip


def fields() -> list[dict[str, object]]:
    """Every field with the kinds of elements that honour it, in the words of the page."""
    own = [_said(field, sorted(PROPERTY_KINDS[field.name])) for field in FIELDS]
    return own + [_said(field, sorted(PROPERTY_KINDS["clock.start"])) for field in EXTENSION]


def choices(draft: DraftChoices) -> dict[str, dict[str, str]]:
    """What the lists offer: id → name in the language of the page; of a decision, its file and table."""
    lists = {name: _named(getattr(draft, name)) for name in ("clauses", "clocks", "records", "groups")}
    lists["decisions"] = {id: f"{file}#t{at}" for id, (file, at) in draft.decisions.items()}
    return lists | {"signs": {sign: meaning(sign) for sign in SIGNATURE_MEANINGS}}


def _named(found: dict[str, Text]) -> dict[str, str]:
    return {id: text.get(language()) for id, text in found.items()}


def _said(field: HouseField, kinds: list[str]) -> dict[str, object]:
    words = {name: str(getattr(field, name)) for name in ("name", "entry", "label", "help", "chosen")}
    return {**words, "kinds": kinds, "extension": field in EXTENSION}
