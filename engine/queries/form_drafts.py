"""The forms of a definition draft, read field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from engine.diagram.expressions import compile_expression
from engine.diagram.form_editor import FormPart, Outline, read_outline
from engine.diagram.forms import Form, read_form
from engine.diagram.readable import check_readable
from engine.errors import BundleRefused, ExpressionError, Problem
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
    unknown = {
        each.facts["name"]: each
        for each in elsewhere
        if each.code == "form-name-unknown" and each.facts["form"] == key
    }
    if not unknown:
        return outline
    return replace(outline, parts=tuple(_blamed(part, unknown) for part in outline.parts))


def _blamed(part: FormPart, unknown: Mapping[str, Problem]) -> FormPart:
    """The part with the problems of the names that it reads; columns read each other first."""
    own = [unknown[name] for name in sorted(_names_read(part) & unknown.keys())]
    columns = {inner.key for inner in part.parts} if part.kind == "table" else set()
    inside = {name: problem for name, problem in unknown.items() if name not in columns}
    parts = tuple(_blamed(inner, inside) for inner in part.parts)
    return replace(part, problems=(*part.problems, *own), parts=parts)


def _names_read(part: FormPart) -> frozenset[str]:
    return frozenset[str]().union(*(_names_in(part.said(condition)) for condition in CONDITIONS))


def _names_in(expression: str) -> frozenset[str]:
    """The names that an expression reads; what is none reads nothing, and is told of as such."""
    try:
        return compile_expression(expression).names if expression else frozenset()
    except ExpressionError:
        return frozenset()
