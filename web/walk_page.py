"""The page of a walk: where it is, the form of the chosen task as staff see it, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import OpenWalk, WalkStep, open_walk, sample_views
from engine.errors import FieldProblem
from web.auth import actor
from web.choices import Choices
from web.db import db
from web.forms import FormPage, Sight
from web.forms.shown import in_words
from web.i18n import language, now, zone
from web.instances import fields_of
from web.walk_time import walking


@contextmanager
def opened(subject: str) -> Iterator[OpenWalk]:
    """The walk of who asks."""
    with walking(), open_walk(db.session(), actor(), subject, now=now()) as walk:
        yield walk


def asked() -> WalkStep | None:
    """The task that the address names."""
    parts = request.args.get("task", "").split("/")
    if len(parts) != 3 or not parts[2].isdecimal() or len(parts[2]) > 4:
        return None
    return WalkStep("complete", parts[0], parts[1], int(parts[2]))


def walk_page(
    walk: OpenWalk,
    place: WalkStep | None = None,
    sent: Mapping[str, object] | None = None,
    problems: Sequence[FieldProblem] = (),
    refused: str = "",
    kept: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """The page; after a refusal with what was typed and what is wrong with it."""
    view, lang = walk.view(), language()
    known = {(task.process_id, task.element_id, task.position) for task in view.tasks}
    if place and (place.process_id, place.element_id, place.position) not in known:
        place = None
    if place is None and view.tasks:
        first = view.tasks[0]
        place = WalkStep("complete", first.process_id, first.element_id, first.position)
    g.now = walk.now  # what is due and late is so by the driven clock
    choices = Choices(walk.session, lang)
    page = render_template(
        "trying.html", walk=walk, view=view, place=place, page=_formwalk_page(walk, place, sent, problems),
        task=walk.task(place)[0] if place else None, refused=refused, kept=kept or {}, choices=choices,
        in_words=partial(in_words, choices=choices, zone=zone()),
        fields=fields_of(view.case) if view.case else {},
        clocks=[replace(clock, extendable=False) for clock in view.case.clocks] if view.case else [],
        diagram_url=partial(url_for, "trying.diagram", subject=walk.subject.key),
    )  # fmt: skip
    return page, 422 if problems or refused else 200


def _formwalk_page(
    walk: OpenWalk,
    place: WalkStep | None,
    sent: Mapping[str, object] | None,
    problems: Sequence[FieldProblem],
) -> FormPage | None:
    """The form of the chosen task as staff see it; before the case has started, the start form."""
    files = sample_views(sent or {})
    if place is not None:
        task, who = walk.task(place)
        if task.form is None:
            return None
        fixed = {field.key: task.values.get(field.key) for field in task.form.inputs if field.read_only}
        shown, sight = (
            {**(task.values if sent is None else sent), **fixed},
            Sight(walk.session, who, walk.now),
        )
        files = [*task.attachments, *files]
        return FormPage.of(task.form, shown, task.names, problems, files, task.row.instance_id, sight)
    view = walk.view()
    start = view.start
    if start is None or start.form is None or view.case:
        return None
    sight = Sight(walk.session, actor(), walk.now)
    return FormPage.of(start.form, start.values if sent is None else sent, {}, problems, files, None, sight)
