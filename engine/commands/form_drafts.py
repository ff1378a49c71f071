"""Verbs on the fields of a form in a definition draft: each is one save of the file, and nobody's is lost."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.definition_files import change_definition_file
from engine.diagram import form_editor
from engine.diagram.form_editor import Entries, Place
from engine.queries.views import Actor


def add_form_field(
    session: Session, actor: Actor, draft_id: str, name: str, revision: int, place: Place, typed: Entries,
    *, now: datetime | None = None,
) -> int:  # fmt: skip
    """Adds a field of the kind `typed.kind` that stands at `place` afterwards; returns the file's revision.

    `place` counts from 0: in the form, then in the section or table. `revision` is that of the file when it
    was opened. Raises as `save_definition_file`; FormFieldNotFound; FormInvalid with a problem for each entry
    that cannot be so, an error of the form's own rules among them."""
    return _save(
        session, actor, draft_id, name, revision, now,
        lambda data: form_editor.add_field(data, name, place, typed),
    )  # fmt: skip


def edit_form_field(
    session: Session, actor: Actor, draft_id: str, name: str, revision: int, place: Place, typed: Entries,
    *, now: datetime | None = None,
) -> int:  # fmt: skip
    """Says of a field what was typed; what was not changed stays as it is written, to the last blank.

    Raises as `add_form_field`."""
    return _save(
        session, actor, draft_id, name, revision, now,
        lambda data: form_editor.edit_field(data, name, place, typed),
    )  # fmt: skip


def remove_form_field(
    session: Session, actor: Actor, draft_id: str, name: str, revision: int, place: Place,
    *, now: datetime | None = None,
) -> int:  # fmt: skip
    """Takes a field out, with all that is in it. Raises as `add_form_field`."""
    return _save(
        session, actor, draft_id, name, revision, now, lambda data: form_editor.remove_field(data, place)
    )


def move_form_field(
    session: Session, actor: Actor, draft_id: str, name: str, revision: int, place: Place, by: int,
    *, now: datetime | None = None,
) -> int:  # fmt: skip
    """Lets a field change places with the one before (-1) or after (1) it. Raises as `add_form_field`."""
    return _save(
        session, actor, draft_id, name, revision, now, lambda data: form_editor.move_field(data, place, by)
    )


def set_form_title(
    session: Session, actor: Actor, draft_id: str, name: str, revision: int, title: str, title_en: str,
    *, now: datetime | None = None,
) -> int:  # fmt: skip
    """Gives the form its titles. Raises as `save_definition_file`; FormInvalid with a problem at `title` or
    `title_en`."""
    return _save(
        session, actor, draft_id, name, revision, now,
        lambda data: form_editor.set_title(data, title, title_en),
    )  # fmt: skip


def _save(
    session: Session, actor: Actor, draft_id: str, name: str, revision: int, now: datetime | None,
    change: Callable[[bytes], bytes],
) -> int:  # fmt: skip
    return change_definition_file(session, actor, draft_id, name, "form", revision, change, now=now)
