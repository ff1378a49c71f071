"""Forms of a draft, field by field: the list, one field, a preview; every change is a save of the file."""

from __future__ import annotations

from collections.abc import Callable

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
    edit_form_field,
    get_form_draft,
    move_form_field,
    remove_form_field,
    set_form_title,
    transaction,
)
from engine.errors import BundleRefused, EngineError, FieldProblem, FormFieldNotFound, FormInvalid, StaleDraft
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
    return render_template(
        "draft_form.html", view=view, kinds=KINDS, addable=ADDABLE_FIELDS,
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
    zh, en = (" ".join(request.form.get(part, "").split())[:200] for part in ("title", "title_en"))
    return _act(
        draft_id, name,
        lambda: set_form_title(db.session(), actor(), draft_id, name, sent_revision(), zh, en, now=now()),
    )  # fmt: skip


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
    """An empty field of a kind, before it is added."""
    kind, place = request.args.get("kind", "text"), request.args.get("at", "0")
    read_place(place)
    if kind not in ADDABLE_FIELDS:
        raise FormFieldNotFound(place)
    view = _view(draft_id, name)
    return _field(view, place, blank_entries(kind), view.file.revision, None)


@bp.post("/new")
@login_required
def add(draft_id: str, name: str) -> ResponseReturnValue:
    """Add the field, or keep what was typed with what is wrong."""
    kind, place = request.form.get("kind_new", "text"), request.form.get("at", "0")
    here = read_place(place)
    typed = read_entries_form(kind if kind in ADDABLE_FIELDS else "other", request.form)
    if request.form.get("_action", SAVE) != SAVE:
        return _field(_view(draft_id, name), place, typed, sent_revision(), None)
    return _keep(
        draft_id, name, place, typed, None,
        lambda: add_form_field(
            db.session(), actor(), draft_id, name, sent_revision(), here, typed, now=now()
        ),
    )  # fmt: skip


@bp.get("/fields/<place>")
@login_required
def field(draft_id: str, name: str, place: str) -> ResponseReturnValue:
    """Everything that is said of one field."""
    view = _view(draft_id, name)
    part = _part(view, place)
    return _field(view, place, part.entries, view.file.revision, part)


@bp.post("/fields/<place>")
@login_required
def edit(draft_id: str, name: str, place: str) -> ResponseReturnValue:
    """Save what was typed of a field, or keep it with what is wrong."""
    here, kind = read_place(place), request.form.get("kind_now", "other")
    typed = read_entries_form(kind, request.form)
    if request.form.get("_action", SAVE) != SAVE:
        view = _view(draft_id, name)
        return _field(view, place, typed, sent_revision(), view.outline.part(here))
    return _keep(
        draft_id, name, place, typed, here,
        lambda: edit_form_field(
            db.session(), actor(), draft_id, name, sent_revision(), here, typed, now=now()
        ),
    )  # fmt: skip


def _part(view: FormDraftView, place: str) -> FormPart:
    part = view.outline.part(read_place(place))
    if part is None:
        raise FormFieldNotFound(place)
    return part


def _keep(
    draft_id: str, name: str, place: str, typed: Entries, here: tuple[int, ...] | None,
    verb: Callable[[], int],
) -> ResponseReturnValue:  # fmt: skip
    """Saves; a refusal keeps what was typed, and of a newer save it leads to what is saved."""
    try:
        with transaction(db.session()):
            verb()
    except (FormInvalid, StaleDraft) as refused:
        view = _view(draft_id, name)
        part = view.outline.part(here) if here else None
        return _field(view, place, typed, sent_revision(), part, refused), status_of(refused)
    flash(gettext("%(name)s is saved.", name=name), "done")
    return redirect(url_for("draft_forms.show", draft_id=draft_id, name=name, _anchor=f"place-{place}"))


def _field(
    view: FormDraftView, place: str, entries: Entries, revision: int, part: FormPart | None,
    refused: EngineError | None = None,
) -> ResponseReturnValue:  # fmt: skip
    problems: list[FieldProblem] = list(refused.problems) if isinstance(refused, FormInvalid) else []
    return render_template(
        "draft_field.html", view=view, place=place, entries=entries, revision=revision, part=part,
        inputs=drawn(entries, problems, new=part is None), kinds=KINDS,
        stale=said(refused) if isinstance(refused, StaleDraft) else "",
        general=[each for each in problems if not each.field],
    )  # fmt: skip
