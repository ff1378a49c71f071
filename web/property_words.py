"""The words for what a comparison tells of elements, fields and rules, by their names in the files."""

from __future__ import annotations

import re

from flask import Flask
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from web.i18n import language
from web.words import tongue

HOW = {
    "added": lazy_gettext("added"),
    "removed": lazy_gettext("removed"),
    "changed": lazy_gettext("changed"),
    "moved": lazy_gettext("only moved"),
}
FIELD_KINDS = {
    "text": lazy_gettext("text"),
    "textarea": lazy_gettext("long text"),
    "number": lazy_gettext("number field"),
    "date": lazy_gettext("date"),
    "datetime": lazy_gettext("date and time"),
    "checkbox": lazy_gettext("tick box"),
    "select": lazy_gettext("list to choose from"),
    "radio": lazy_gettext("one of several"),
    "multiselect": lazy_gettext("several of several"),
    "file": lazy_gettext("file"),
    "user": lazy_gettext("person"),
    "group": lazy_gettext("group"),
    "table": lazy_gettext("table"),
    "heading": lazy_gettext("heading"),
    "paragraph": lazy_gettext("paragraph"),
    "separator": lazy_gettext("separator"),
}
PROPERTIES = {
    "kind": lazy_gettext("Kind"),
    "name": lazy_gettext("Name (Chinese)"),
    "name.en": lazy_gettext("Name (English)"),
    "documentation": lazy_gettext("Description"),
    "documentation.en": lazy_gettext("English description"),
    "description": lazy_gettext("Description"),
    "clauses": lazy_gettext("Clauses"),
    "lane": lazy_gettext("Lane"),
    "parent": lazy_gettext("Inside"),
    "candidateGroups": lazy_gettext("Groups it is offered to"),
    "candidateUsers": lazy_gettext("People it is offered to"),
    "assignee": lazy_gettext("Assigned to"),
    "candidateStarterGroups": lazy_gettext("Groups that may start it"),
    "isStartableInTasklist": lazy_gettext("Started by people"),
    "dueDate": lazy_gettext("Due"),
    "followUpDate": lazy_gettext("Follow-up"),
    "priority": lazy_gettext("Priority"),
    "formRef": lazy_gettext("Form"),
    "decisionRef": lazy_gettext("Decision"),
    "calledElement": lazy_gettext("Called process"),
    "conditionExpression": lazy_gettext("Condition"),
    "sourceRef": lazy_gettext("From"),
    "targetRef": lazy_gettext("To"),
    "default": lazy_gettext("Default"),
    "attachedToRef": lazy_gettext("Attached to"),
    "cancelActivity": lazy_gettext("Interrupts"),
    "eventDefinition": lazy_gettext("Kind of event"),
    "timerEventDefinition.timeDuration": lazy_gettext("Time to wait"),
    "timerEventDefinition.timeDate": lazy_gettext("Moment"),
    "timerEventDefinition.timeCycle": lazy_gettext("Repetition in time"),
    "messageEventDefinition.messageRef": lazy_gettext("Message"),
    "errorEventDefinition.errorRef": lazy_gettext("Error"),
    "signalEventDefinition.signalRef": lazy_gettext("Signal"),
    "escalationEventDefinition.escalationRef": lazy_gettext("Escalation"),
    "loop": lazy_gettext("Repetition"),
    "script": lazy_gettext("Script"),
    "topic": lazy_gettext("Topic"),
    "notBy": lazy_gettext("Four eyes: not by who did"),
    "sign": lazy_gettext("Signature"),
    "record": lazy_gettext("Record"),
    "record.with": lazy_gettext("Record carries"),
    "flag": lazy_gettext("Group that is told"),
    "number": lazy_gettext("Numbers of its cases"),
    "clock.start": lazy_gettext("Limits that start"),
    "clock.stop": lazy_gettext("Limits that stop"),
    "clock.extend": lazy_gettext("Limit that is extended"),
    "text": lazy_gettext("Text"),
    "title": lazy_gettext("Title"),
    "title.en": lazy_gettext("English title"),
    "label": lazy_gettext("Label"),
    "label_en": lazy_gettext("English label"),
    "help": lazy_gettext("Explanation"),
    "help_en": lazy_gettext("English explanation"),
    "required": lazy_gettext("Required"),
    "required_when": lazy_gettext("Required when"),
    "show_when": lazy_gettext("Shown when"),
    "min": lazy_gettext("Least"),
    "max": lazy_gettext("Most"),
    "decimals": lazy_gettext("Decimals"),
    "unit": lazy_gettext("Unit"),
    "unit_en": lazy_gettext("English unit"),
    "min_length": lazy_gettext("Least characters"),
    "max_length": lazy_gettext("Most characters"),
    "pattern": lazy_gettext("Pattern"),
    "pattern_message": lazy_gettext("Message of the pattern"),
    "pattern_message_en": lazy_gettext("English message of the pattern"),
    "not_before": lazy_gettext("Not before"),
    "not_after": lazy_gettext("Not after"),
    "rows_min": lazy_gettext("Least rows"),
    "rows_max": lazy_gettext("Most rows"),
    "multiple": lazy_gettext("Several"),
    "accept": lazy_gettext("Accepted files"),
    "group": lazy_gettext("Group"),
    "personal": lazy_gettext("Personal data"),
    "read_only": lazy_gettext("Read-only"),
    "order": lazy_gettext("Order"),
    "zh": lazy_gettext("Chinese"),
    "en": lazy_gettext("English"),
    "hitPolicy": lazy_gettext("Hit policy"),
}
LIMIT = re.compile(r"clock\.(?P<name>.+)\.(?P<what>from|warn|calendar)")


def property_words(name: str, english: str = "") -> str | Markup:
    """What a property is called on the page; one that has no words of ours by its own name, or by its English
    one where the page is English and it has one."""
    if name in PROPERTIES:
        return str(PROPERTIES[name])
    if found := LIMIT.fullmatch(name):
        words = {
            "from": gettext("counts from"), "warn": gettext("warns at"), "calendar": gettext("calendar"),
        }  # fmt: skip
        return gettext("Limit %(name)s", name=found["name"]) + gettext(": ") + words[found["what"]]
    kind, _, rest = name.partition(".")
    heading = english if language() == "en" else ""
    named = {"option": gettext("Answer"), "input": gettext("Input"), "output": gettext("Result")}
    if kind in named and rest:
        return Markup("{} {}").format(named[kind], _own(heading or rest))
    return _own(heading or name)


def _own(name: str) -> Markup:
    """A name that the owner gave, or that has no words of ours."""
    return Markup('<span lang="{}">{}</span>').format(tongue(name), name)


def how_words() -> dict[str, str]:
    """The words of the marks on a diagram, for its script."""
    return {how: str(word) for how, word in HOW.items()}


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(
        HOW=HOW, FIELD_KINDS=FIELD_KINDS, property_words=property_words, how_words=how_words
    )
