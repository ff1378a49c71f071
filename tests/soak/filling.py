"""Filling in the forms of the main chain from the pages alone, with the demo's plain answers."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from lxml import etree, html

from tests.company import BPMN
from tests.online import Answer, Pairs
from web.demo.answers import ANSWERS
from web.demo.people import COLLEAGUES, PASSWORD
from web.demo.pictures import photo

ZONE = ZoneInfo("Asia/Shanghai")
PHOTO = photo(7)
COLLEAGUE_IDS = frozenset(colleague.person_id for colleague in COLLEAGUES)
KNOWN = {"product_name": "弹簧式安全阀", "model": "A48Y-16C", "symptom": "回座后持续泄漏，已按说明书操作。"}
Files = list[tuple[str, str, bytes]]


@cache
def elements() -> dict[str, list[str]]:
    """The names of user tasks as drawn → `process.element`, of which there may be several."""
    found: dict[str, list[str]] = {}
    for file in sorted(Path(BPMN).glob("*.bpmn")):
        for process in etree.parse(file).iterfind(".//{*}process"):
            for task in process.iterfind(".//{*}userTask"):
                found.setdefault(task.get("name"), []).append(f"{process.get('id')}.{task.get('id')}")
    return found


def filled(page: Answer, dice: random.Random, gist: str = "") -> tuple[Pairs, Files] | None:
    """The form of a task page, or with a `gist` of the start page, as somebody sends it; None without one."""
    forms = page.tree.xpath("//form[@id='form']")
    if not forms:
        return None
    form, name = forms[0], page.tree.xpath("string(//h1)").strip()
    values = _start(gist) if gist else _answer(name)
    shown = [(key, value or "") for key, value in form.form_values() if "._n_." not in key]  # no empty row
    fixed = [(key, value) for key, value in shown if key.split(".")[0] not in values]
    pairs = [*((k, v) for k, v in fixed if k != "_action"), *_typed(form, values, dice)]
    if form.xpath(".//input[@name='_password']"):
        pairs = [*((k, v) for k, v in pairs if k != "_password"), ("_password", PASSWORD)]
    wanted = {"photos", "evidence"} & set(form.xpath(".//input[@type='file']/@name"))
    return [*pairs, ("_action", "complete")], [(key, "现场照片.png", PHOTO) for key in sorted(wanted)]


def _start(gist: str) -> dict[str, object]:
    return {**_now(ANSWERS["SE_feedback"]), "gist": gist, "product_name": "弹簧式安全阀"}


def _answer(name: str) -> dict[str, object]:
    values: dict[str, object] = dict(KNOWN) if name in _named("UT_register") else {}
    for key in elements().get(name, ()):
        values = {**values, **_now(ANSWERS.get(key) or ANSWERS.get(key.partition(".")[2]) or {})}
    return values


@cache
def _named(element: str) -> frozenset[str]:
    return frozenset(n for n, keys in elements().items() if any(k.endswith(f".{element}") for k in keys))


def _now(answers: Mapping[str, object]) -> dict[str, object]:
    at = datetime.now(UTC)
    return {name: value(at) if callable(value) else value for name, value in answers.items()}


def _typed(
    form: html.FormElement, values: Mapping[str, object], dice: random.Random
) -> Iterator[tuple[str, str]]:
    """The inputs that the form has, with the values as a browser would send them."""
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for at, row in enumerate(value if form.xpath(f".//*[@data-field='{name}']") else ()):
                for column, cell in row.items():
                    yield f"{name}.{at}.{column}", _one(form, f"{name}.0.{column}", cell, dice)
        elif form.xpath(f".//*[@name='{name}']"):
            for each in value if isinstance(value, list) else [value]:
                if each is not False or form.xpath(f".//input[@name='{name}'][@type='radio']"):
                    yield name, _one(form, name, each, dice)


def _one(form: html.FormElement, name: str, value: object, dice: random.Random) -> str:
    inputs = form.xpath(f".//*[@name='{name}']")
    kind = inputs[0].get("type") if inputs else None
    if kind == "datetime-local":
        return datetime.fromisoformat(str(value)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    if value in COLLEAGUE_IDS and inputs and inputs[0].tag == "select":
        return dice.choice([option for option in inputs[0].value_options if option])
    return str(value).lower() if isinstance(value, bool) else str(value)


def links(page: Answer) -> Sequence[str]:
    """The tasks that a list shows."""
    found = page.tree.xpath("//main//a[starts-with(@href, '/tasks/')]/@href")
    return sorted({str(link).partition("?")[0] for link in found if len(str(link)) >= len("/tasks/") + 36})
