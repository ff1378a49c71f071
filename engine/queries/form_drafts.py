"""The forms of a definition draft, read field by field."""

import re
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from engine.diagram.form_editor import FormPart, Outline, read_outline
from engine.diagram.forms import Form, read_form
from engine.diagram.readable import check_readable
from engine.errors import BundleRefused, Problem
from engine.queries.definition_drafts import DraftFile, DraftView, get_definition_draft
from engine.queries.definition_files import draft_problems, read_draft_file
from engine.queries.views import Actor

CONDITIONS = ("required_when", "hide_when", "not_before", "not_after")


@dataclass(frozen=True)
class FormDraftView:
    """A form of a draft: its outline with the problems at their fields, the errors of the draft's other
    files, and the form as staff would see it (None while it has errors)."""

    draft: DraftView
    file: DraftFile
    outline: Outline
    elsewhere: tuple[Problem, ...]
    form: Form | None


def get_form_draft(session: Session, draft_id: str, name: str, actor: Actor) -> FormDraftView:
    """A form of a draft. Raises NotAllowed, DefinitionDraftNotFound, DraftFileNotFound (also for a file that
    is no form), BundleRefused for one that is no JSON."""
    file, content = read_draft_file(session, draft_id, name, actor, "form")
    check_readable(name, content)
    found = draft_problems(session, draft_id, actor)
    own = [problem for problem in found if problem.file == name]
    elsewhere = tuple(problem for problem in found if problem.file != name and problem.level == "error")
    try:
        form: Form | None = read_form(content, name)
    except BundleRefused:
        form = None
    outline = _with_names(read_outline(content, own), elsewhere, name)
    return FormDraftView(get_definition_draft(session, draft_id, actor), file, outline, elsewhere, form)


def _with_names(outline: Outline, elsewhere: tuple[Problem, ...], name: str) -> Outline:
    """Names that no field sets are found at the steps that use the form; they belong to who reads them."""
    key = name.rpartition(".")[0]
    unknown = [problem for problem in elsewhere if problem.code == "form-name-unknown" and key in problem.zh]
    return (
        replace(outline, parts=tuple(_blamed(part, unknown) for part in outline.parts))
        if unknown
        else outline
    )


def _blamed(part: FormPart, unknown: list[Problem]) -> FormPart:
    read = {word for said in CONDITIONS for word in re.findall(r"\w+", part.said(said))}
    own = {problem.zh: problem for problem in unknown if read & set(re.findall(r"\w+", problem.zh))}
    return replace(
        part,
        problems=(*part.problems, *own.values()),
        parts=tuple(_blamed(inner, unknown) for inner in part.parts),
    )
