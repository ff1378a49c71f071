"""Files sent with a form: kept at once, so that they survive whatever else is wrong with the form."""

from __future__ import annotations

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
