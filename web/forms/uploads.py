"""Files sent with a form: kept at once, so that they survive whatever else is wrong with the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from engine import Actor, Form, add_attachment
from engine.errors import FieldProblem, FileTooLarge, WrongFileType
from web.forms.reading import Raw, undeclared


def keep_uploads(
    session: Session, actor: Actor, folder: Path, form: Form, values: Raw, files: MultiDict[str, FileStorage],
    now: datetime,
) -> tuple[Raw, list[FieldProblem]]:  # fmt: skip
    """Store every file sent; returns the values with their ids added, and what was wrong with refused files.

    Runs outside the verb that the form is for: storing 20 MB is slow, and a refused form keeps its pictures.
    """
    known = {field.key for field in form.inputs if field.type == "file"}
    problems: list[FieldProblem] = []
    values = dict(values)
    for path, file in files.items(multi=True):
        if path not in known:
            raise undeclared(path)
        if not file.filename:
            continue
        try:
            kept = add_attachment(session, actor, folder, file.filename, file.stream, now=now)
        except (WrongFileType, FileTooLarge) as refused:
            problems.append(FieldProblem(path, refused.message("zh"), refused.message("en")))
            continue
        ids = values.get(path)
        values[path] = [*(ids if isinstance(ids, list) else []), kept.id]
    return values, problems


def with_refused(
    form: Form, values: Mapping[str, object], refused: Iterable[FieldProblem], others: Iterable[FieldProblem]
) -> list[FieldProblem]:
    """The problems of refused files among the `others` of the same form, in its order.

    Where no other file is left at a field, that one is missing there is no news."""
    refused = list(refused)
    empty = {problem.field for problem in refused if not values.get(problem.field)}
    every = [*refused, *(problem for problem in others if problem.field not in empty)]
    places = {field.key: place for place, field in enumerate(form.inputs)}
    return sorted(every, key=lambda problem: places.get(problem.field.split(".")[0], -1))
