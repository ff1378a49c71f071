"""The words for the parts of a diagram, by their BPMN names."""

from __future__ import annotations

import re

from flask import Flask
from flask_babel import lazy_gettext

from web.i18n import HTML_LANG

HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")

KINDS = {
    "process": lazy_gettext("process"),
    "participant": lazy_gettext("pool"),
    "lane": lazy_gettext("lane"),
    "startEvent": lazy_gettext("start event"),
    "endEvent": lazy_gettext("end event"),
    "intermediateCatchEvent": lazy_gettext("event that waits"),
    "intermediateThrowEvent": lazy_gettext("event that sends"),
    "boundaryEvent": lazy_gettext("boundary event"),
    "task": lazy_gettext("task"),
    "userTask": lazy_gettext("user task"),
    "manualTask": lazy_gettext("manual task"),
    "scriptTask": lazy_gettext("script"),
    "serviceTask": lazy_gettext("service"),
    "sendTask": lazy_gettext("send task"),
    "receiveTask": lazy_gettext("receive task"),
    "businessRuleTask": lazy_gettext("decision"),
    "callActivity": lazy_gettext("called process"),
    "subProcess": lazy_gettext("subprocess"),
    "transaction": lazy_gettext("transaction"),
    "exclusiveGateway": lazy_gettext("exclusive gateway"),
    "parallelGateway": lazy_gettext("parallel gateway"),
    "inclusiveGateway": lazy_gettext("inclusive gateway"),
    "eventBasedGateway": lazy_gettext("event-based gateway"),
    "sequenceFlow": lazy_gettext("flow"),
    "messageFlow": lazy_gettext("message flow"),
    "association": lazy_gettext("association"),
    "textAnnotation": lazy_gettext("annotation"),
    "dataObject": lazy_gettext("data object"),
    "dataObjectReference": lazy_gettext("data object"),
    "dataStoreReference": lazy_gettext("data store"),
    "group": lazy_gettext("group of shapes"),
}
SOURCE_KINDS = {
    "process": lazy_gettext("process"),
    "decision": lazy_gettext("decision"),
    "form": lazy_gettext("form"),
}


def tongue(text: str) -> str:
    """The language in which a text of the owner's is to be read out, as HTML writes it."""
    return HTML_LANG["zh" if HAN.search(text) else "en"]


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(KINDS=KINDS, SOURCE_KINDS=SOURCE_KINDS, tongue=tongue)
