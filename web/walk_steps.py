"""Steps of a walk as they are sent: read, checked against the walk's revision, taken and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import Form, OpenWalk, WalkStep, keep_walk, sample_id, transaction
from engine.errors import EngineError, FormInvalid, StaleWalk
from web.auth import actor
from web.choices import Choices
from web.db import db
from web.forms.reading import Submission, read_submission
from web.i18n import language, now, zone
from web.walk_page import walk_page
from web.walk_values import read_values

NO_FORM = Form("", "", "", ())


def received(form: Form | None) -> Submission:
    """The posted form; of its files only the names stay."""
    sent = read_submission(form or NO_FORM, request.form, zone())
    values = dict(sent.values)
    for path, file in request.files.items(multi=True):
        if file.filename and form and any(f.key == path and f.type == "file" for f in form.inputs):
            ids = values.get(path)
            values[path] = [*(ids if isinstance(ids, list) else []), sample_id(file.filename)]
    return replace(sent, values=values)


def typed_in(walk: OpenWalk, step: WalkStep) -> ResponseReturnValue:
    """A step whose values are typed line by line."""
    typed = request.form.get("values", "")
    try:
        values = read_values(typed)
    except ValueError as unread:
        return walk_page(walk, refused=str(unread), kept=request.form)
    return take(walk, replace(step, values=values), revision())


def take(
    walk: OpenWalk,
    step: WalkStep,
    revision: int | None,
    sent: Mapping[str, object] | None = None,
    place: WalkStep | None = None,
) -> ResponseReturnValue:
    """Takes a step and keeps the walk; a refused step changes nothing."""
    check(walk, str(revision))
    try:
        refusal = walk.take(step)
    except EngineError as too_much:
        refusal = too_much
    if isinstance(refusal, FormInvalid):
        return walk_page(walk, place, sent, refusal.problems)
    if refusal is not None:
        words = Choices(walk.session, language()).refusal(refusal)
        return walk_page(walk, place, sent, refused=words, kept=request.form)
    return keep(walk, walk.steps)


def revision() -> int:
    given = request.form.get("_revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else -1


def check(walk: OpenWalk, revision: str) -> None:
    """Raises StaleWalk if the walk went on in another window."""
    if revision != str(walk.revision):
        raise StaleWalk()


def keep(walk: OpenWalk, steps: Sequence[WalkStep]) -> ResponseReturnValue:
    began = walk.began_at if steps else now()
    with transaction(db.session()):
        keep_walk(db.session(), actor(), walk.subject.key, steps, walk.revision, began, now=now())
    return redirect(url_for("trying.show", subject=walk.subject.key))
