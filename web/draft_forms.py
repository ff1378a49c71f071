"""Forms of a draft, field by field: the list, one field, a preview; every change is a save of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from engine import (
    ADDABLE_FIELDS,
    Entries,
    FormDraftView,
    FormPart,
    add_form_field,
    blank_entries,
    check_addable,
    edit_form_field,
    get_form_draft,
    move_form_field,
    no_field,
    remove_form_field,
    set_form_title,
    transaction,
)
from engine.errors import BundleRefused, EngineError, FieldProblem, FormInvalid, StaleDraft
from web.auth import actor
from web.db import db
from web.draft_files import said, sent_revision
from web.errors import status_of
from web.field_entries import KINDS, drawn, read_entries_form, read_place
from web.forms import FormPage
from web.i18n import LANGUAGES, in_language, language, now

bp = Blueprint("draft_forms", __name__, url_prefix="/drafts/<draft_id>/forms/<name>")
SAVE = "save"


@bp.get("")
@login_required
def show(draft_id: str, name: str) -> ResponseReturnValue:
    """The fields of a form in order, with what is wrong at each; what is no JSON is mended as text."""
    try:
        view = _view(draft_id, name)
    except BundleRefused as refused:
        flash(said(refused), "bad")
        return redirect(url_for("draft_editors.text", draft_id=draft_id, name=name))
    return _list(view)


def _list(
    view: FormDraftView, typed: Mapping[str, str] | None = None, refused: FormInvalid | None = None
) -> str:
    """The list; `typed` is what stands in its inputs after a refusal."""
    held = {"title": view.outline.title, "title_en": view.outline.title_en, "kind": "text", "at": ""}
    return render_template(
        "draft_form.html", view=view, kinds=KINDS, addable=ADDABLE_FIELDS, held={**held, **(typed or {})},
        wrong={each.field: each.text(language()) for each in refused.problems} if refused else {},
        first={part.key: part.address for part in reversed(view.outline.all)},
    )  # fmt: skip


def _view(draft_id: str, name: str) -> FormDraftView:
    return get_form_draft(db.session(), draft_id, name, actor())


@bp.get("/preview")
@login_required
def preview(draft_id: str, name: str) -> ResponseReturnValue:
    """The form as staff will see it, in Chinese or in English."""
    view, asked = _view(draft_id, name), request.args.get("in", "")
    spoken = asked if asked in LANGUAGES else language()
    shown = ""
    if view.form is not None:
        defaults = {field.key: field.default for field in view.form.inputs if field.default is not None}
        with in_language(spoken):
            page = FormPage.of(view.form, defaults, {})
            shown = render_template("_form_preview.html", form=view.form, page=page)
    return render_template("draft_form_preview.html", view=view, shown=shown, spoken=spoken, kinds=KINDS)


@bp.post("/title")
@login_required
def title(draft_id: str, name: str) -> ResponseReturnValue:
    """Call the form something else."""
    typed = {part: " ".join(request.form.get(part, "").split()) for part in ("title", "title_en")}
    try:
        return _act(
            draft_id, name,
            lambda: set_form_title(
                db.session(), actor(), draft_id, name, sent_revision(), typed["title"], typed["title_en"],
                now=now(),
            ),
        )  # fmt: skip
    except FormInvalid as refused:
        return _list(_view(draft_id, name), typed, refused), status_of(refused)


@bp.post("/fields/<place>/move")
@login_required
def move(draft_id: str, name: str, place: str) -> ResponseReturnValue:
    """One field up or down."""
    here, by = read_place(place), -1 if request.form.get("to") == "up" else 1
    there = ".".join(map(str, (*here[:-1], max(here[-1] + by, 0))))
    return _act(
        draft_id, name,
        lambda: move_form_field(
            db.session(), actor(), draft_id, name, sent_revision(), here, by, now=now()
        ),
        f"place-{there}",
    )  # fmt: skip


@bp.post("/fields/<place>/remove")
@login_required
def remove(draft_id: str, name: str, place: str) -> ResponseReturnValue:
    """Take a field out."""
    return _act(
        draft_id, name,
        lambda: remove_form_field(
            db.session(), actor(), draft_id, name, sent_revision(), read_place(place), now=now()
        ),
    )  # fmt: skip


def _act(draft_id: str, name: str, verb: Callable[[], int], anchor: str = "fields") -> ResponseReturnValue:
    try:
        with transaction(db.session()):
            verb()
    except StaleDraft as refused:
        flash(said(refused), "bad")
    else:
        flash(gettext("%(name)s is saved.", name=name), "done")
    return redirect(url_for("draft_forms.show", draft_id=draft_id, name=name, _anchor=anchor))


@bp.get("/new")
@login_required
def new(draft_id: str, name: str) -> ResponseReturnValue:
    """An empty field of a kind, before it is added; back to the choice if it cannot stand there."""
    kind, place = request.args.get("kind", "text"), request.args.get("at", "0")
    view = _view(draft_id, name)
    try:
        check_addable(view.outline, read_place(place), kind)
    except FormInvalid as refused:
        return _list(view, {"kind": kind, "at": place}, refused), status_of(refused)
    return _field(Sheet(view, place, blank_entries(kind), view.file.revision, new=True))


@bp.post("/new")
@login_required
def add(draft_id: str, name: str) -> ResponseReturnValue:
    """Add the field, or keep what was typed with what is wrong."""
    kind, place = request.form.get("kind_new", "text"), request.form.get("at", "0")
    here = read_place(place)
    typed = read_entries_form(kind if kind in ADDABLE_FIELDS else "other", request.form)
    if request.form.get("_action", SAVE) != SAVE:
        return _field(Sheet(_view(draft_id, name), place, typed, sent_revision(), new=True))
    return _keep(
        draft_id, name, place, typed, True,
        lambda: add_form_field(
            db.session(), actor(), draft_id, name, sent_revision(), here, typed, now=now()
        ),
    )  # fmt: skip


@bp.get("/fields/<place>")
@login_required
def field(draft_id: str, name: str, place: str) -> ResponseReturnValue:
    """Everything that is said of one field."""
    view, here = _view(draft_id, name), read_place(place)
    part = view.outline.part(here)
    if part is None:
        raise no_field(here)
    return _field(Sheet(view, place, part.entries, view.file.revision))


@bp.post("/fields/<place>")
@login_required
def edit(draft_id: str, name: str, place: str) -> ResponseReturnValue:
    """Save what was typed of a field, or keep it with what is wrong."""
    here, kind = read_place(place), request.form.get("kind_now", "other")
    typed = read_entries_form(kind, request.form)
    if request.form.get("_action", SAVE) != SAVE:
        return _field(Sheet(_view(draft_id, name), place, typed, sent_revision()))
    return _keep(
        draft_id, name, place, typed, False,
        lambda: edit_form_field(
            db.session(), actor(), draft_id, name, sent_revision(), here, typed, now=now()
        ),
    )  # fmt: skip


def _keep(
    draft_id: str, name: str, place: str, typed: Entries, new: bool, verb: Callable[[], int]
) -> ResponseReturnValue:
    """Saves; a refusal keeps what was typed, and of a newer save it leads to what is saved."""
    try:
        with transaction(db.session()):
            verb()
    except (FormInvalid, StaleDraft) as refused:
        sheet = Sheet(_view(draft_id, name), place, typed, sent_revision(), new, refused)
        return _field(sheet), status_of(refused)
    flash(gettext("%(name)s is saved.", name=name), "done")
    return redirect(url_for("draft_forms.show", draft_id=draft_id, name=name, _anchor=f"place-{place}"))


@dataclass(frozen=True)
class Sheet:
    """The page of one field: what stands in its inputs, and of which revision of the file.

    `new`: it is not in the file yet; `refused`: why it was not saved."""

    view: FormDraftView
    place: str
    entries: Entries
    revision: int
    new: bool = False
    refused: EngineError | None = None

    @property
    def part(self) -> FormPart | None:
        """The field that was opened; None for a new one, and once somebody has changed what stands there."""
        part = None if self.new else self.view.outline.part(read_place(self.place))
        return part if part and part.kind == self.entries.kind else None

    @property
    def gone(self) -> bool:
        """Whether that field is no longer there."""
        return not self.new and self.part is None


def _field(sheet: Sheet) -> str:
    refused = sheet.refused
    problems: list[FieldProblem] = list(refused.problems) if isinstance(refused, FormInvalid) else []
    inputs = drawn(sheet.entries, problems, new=sheet.new)
    names = {each.name for _title, group in inputs for each in group}
    return render_template(
        "draft_field.html", view=sheet.view, sheet=sheet, place=sheet.place, entries=sheet.entries,
        part=sheet.part, inputs=inputs, kinds=KINDS,
        stale=said(refused) if isinstance(refused, StaleDraft) else "",
        general=[each.text(language()) for each in problems if each.field not in names],
    )  # fmt: skip
