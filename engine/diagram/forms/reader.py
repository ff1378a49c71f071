"""Reads a `.form` file as Camunda Modeler's form editor (form-js) writes it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from engine.diagram.forms.components import FieldReader
from engine.diagram.forms.json_text import Node, Unreadable, read_json
from engine.diagram.forms.model import Form
from engine.diagram.forms.problems import Report
from engine.errors import BundleRefused, Problem

FORM_KEY = re.compile(r"[A-Za-z_][\w.-]{0,99}")


def read_form(data: bytes, file: str) -> Form:
    """The form in `data`, the bytes of the `.form` file named `file`.

    Raises BundleRefused with every error of the file, each with its line and component key.
    """
    report = Report(file)
    form = _read(data, report)
    if report.errors or form is None:
        raise BundleRefused(problems=report.errors)
    return form


def check_form(data: bytes, file: str) -> list[Problem]:
    """Every error and warning of the `.form` file, in the order of its lines; empty if all is well."""
    report = Report(file)
    _read(data, report)
    return sorted(report.problems)


def _read(data: bytes, report: Report) -> Form | None:
    try:
        root = read_json(data, report.file)
    except Unreadable as refusal:
        report.problems.append(refusal.problem)
        return None
    _check_root(root, report)
    properties = root.node("properties")
    title, title_en = properties.text("title"), properties.text("title.en")
    if not title or not title_en:
        report.add(root, "missing_title", root.text("id"))
    return Form(root.text("id"), title, title_en, FieldReader(report).read(root))


def _check_root(root: Node, report: Report) -> None:
    key = root.text("id")
    if root.get("type", "default") != "default" or "components" not in root:
        report.add(root, "not_a_form", key)
    if not FORM_KEY.fullmatch(key):
        report.add(root, "bad_form_id", key)
    elif key != PurePosixPath(report.file).stem:
        report.add(root, "id_not_file_name", key, id=key)
