"""The forms of a definition draft, read field by field."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.diagram.form_editor import Outline, read_outline
from engine.diagram.forms import Form, read_form
from engine.diagram.readable import check_readable
from engine.errors import BundleRefused, Problem
from engine.queries.definition_drafts import DraftFile, DraftView, get_definition_draft
from engine.queries.definition_files import draft_problems, read_draft_file
from engine.queries.views import Actor


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
    outline = read_outline(content, own)
    return FormDraftView(get_definition_draft(session, draft_id, actor), file, outline, elsewhere, form)

