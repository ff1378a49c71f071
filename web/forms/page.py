"""What a template needs to draw a form, and what a posted form amounts to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine import Actor, AttachmentView, Form, clock_reader, read_attachment, transaction
from engine.errors import FieldProblem, NotFound
from web.auth import actor
from web.choices import Choices
from web.db import db
from web.forms.conditions import applying
from web.forms.reading import NO_FORM, Submission, read_submission
from web.forms.uploads import keep_uploads
from web.forms.widgets import Layout, Widget, problems_by_path, widgets
from web.i18n import language, now, zone

__all__ = ["PASSWORD", "FormPage", "Sight", "receive"]

PASSWORD = "_password"  # noqa: S105 - the name of an input


@dataclass(frozen=True)
class Sight:
    """With whose eyes, when and on which store a form is drawn; a form of a walk lives in its own."""

    session: Session
    actor: Actor
    at: datetime


@dataclass(frozen=True)
class FormPage:
    """A form on a page: its widgets, its problems by path in page order, the files its values name."""

    form: Form
    widgets: list[Widget]
    problems: dict[str, str]
    names: dict[str, tuple[str, str]]
    files: dict[str, AttachmentView]

    @classmethod
    def of(
        cls,
        form: Form,
        values: Mapping[str, object],
        names: Mapping[str, object],
        problems: Sequence[FieldProblem] = (),
        attachments: Iterable[AttachmentView] = (),
        instance_id: str | None = None,
        sight: Sight | None = None,
    ) -> FormPage:
        """Lay `form` out with raw or typed `values`; `names` are the case's variables its conditions read.

        `sight`: by default the eyes of who asks, now, on the record."""
        lang, eyes = language(), sight or Sight(db.session(), actor(), now())
        clocks = clock_reader(eyes.session, eyes.actor, instance_id)
        visible, required = applying(form, values, names, eyes.at, clocks)
        texts = problems_by_path(problems, lang)
        layout = Layout(form, values, visible, required, texts, Choices(eyes.session, lang), zone())
        drawn = widgets(layout)
        return cls(form, drawn, texts, _names(drawn), _files(form, values, attachments))

    @property
    def has_conditions(self) -> bool:
        """Whether answers change which fields apply, so that the page's script has something to ask."""
        return any(field.show_when or field.required_when for field in self.form.fields)


def _names(drawn: Iterable[Widget]) -> dict[str, tuple[str, str]]:
    """What the summary of problems calls each input and where its link leads, by path."""
    names: dict[str, tuple[str, str]] = {PASSWORD: (gettext("Your password"), "f-" + PASSWORD)}
    for widget in drawn:
        names[widget.path] = (widget.label, widget.anchor)
        for row in widget.rows:
            names |= {cell.path: (cell.spoken, cell.id) for cell in row}
    return names


def _files(
    form: Form, values: Mapping[str, object], attachments: Iterable[AttachmentView]
) -> dict[str, AttachmentView]:
    """The files that the form's values name, by id; those sent a moment ago are looked up."""
    files = {file.id: file for file in attachments}
    folder = current_app.config["SETTINGS"].files
    for field in form.inputs:
        ids = values.get(field.key) if field.type == "file" else None
        for id in ids if isinstance(ids, list) else []:
            if id not in files:
                try:
                    files[id] = read_attachment(db.session(), str(id), actor(), folder)[0]
                except NotFound:
                    continue
    return files


def receive(form: Form | None) -> tuple[Submission, Sequence[FieldProblem]]:
    """Read the posted form and keep its files; returns what was asked for and which files were refused."""
    sent = read_submission(form or NO_FORM, request.form, zone())
    if form is None or not request.files:
        return sent, ()
    folder = current_app.config["SETTINGS"].files
    with transaction(db.session()) as session:
        values, problems = keep_uploads(session, actor(), folder, form, sent.values, request.files, now())
    return Submission(**{**sent.__dict__, "values": values}), problems
