"""The editor of decision tables in a draft: a page of fields, saved by the revision that it was opened at."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import login_required

from engine import (
    TABLE_POLICIES,
    TABLE_TYPES,
    DraftFile,
    TableDraft,
    TableProblem,
    check_draft_tables,
    get_definition_draft,
    read_draft_tables,
    save_draft_tables,
    transaction,
)
from engine.errors import BundleRefused, DraftTableUnfit, StaleDraft
from web.auth import actor
from web.db import db
from web.draft_files import said, sent_revision
from web.errors import status_of
from web.i18n import now
from web.table_form import NO_FOCUS, Focus, acted, sent_tables

bp = Blueprint("draft_tables", __name__, url_prefix="/drafts/<draft_id>/edit/<name>/table")

MOST_RULES = 200  # shown on one page
POLICIES = {
    "UNIQUE": lazy_gettext("UNIQUE: at most one rule may match"),
    "FIRST": lazy_gettext("FIRST: the first rule that matches, from top to bottom"),
    "ANY": lazy_gettext("ANY: several rules may match, but must agree"),
    "COLLECT": lazy_gettext("COLLECT: the answers of all matching rules, as a list"),
    "COLLECT SUM": lazy_gettext("COLLECT SUM: the sum of all matching rules"),
    "COLLECT MIN": lazy_gettext("COLLECT MIN: the least of all matching rules"),
    "COLLECT MAX": lazy_gettext("COLLECT MAX: the greatest of all matching rules"),
    "COLLECT COUNT": lazy_gettext("COLLECT COUNT: how many rules match"),
}
TYPES = {
    "": lazy_gettext("any"),
    "string": lazy_gettext("text"),
    "boolean": lazy_gettext("yes or no"),
    "number": lazy_gettext("a number"),
    "date": lazy_gettext("date"),
    "dateTime": lazy_gettext("date and time"),
}


@dataclass(frozen=True)
class Sheet:
    """What the page shows: the tables as they are being edited, by which revision, with which problems.

    `refusal`: why they were not saved; `unsaved`: whether they differ from what is saved, as far as known."""

    file: DraftFile
    revision: int
    tables: tuple[TableDraft, ...]
    problems: tuple[TableProblem, ...] = ()
    refusal: str = ""
    unsaved: bool = True
    focus: Focus = NO_FOCUS

    def at(self, table: int, rule: int | None, column: int | None) -> list[TableProblem]:
        """The problems of a cell; of a rule, a column or a table as a whole, with None for the rest."""
        return [p for p in self.problems if (p.table, p.rule, p.column) == (table, rule, column)]

    @property
    def own(self) -> list[TableProblem]:
        """The problems of the tables themselves."""
        return [p for p in self.problems if p.problem.file == self.file.name]

    @property
    def elsewhere(self) -> list[TableProblem]:
        """The problems of other files of the draft."""
        return [p for p in self.problems if p.problem.file != self.file.name]

    def table(self, at: int) -> TableDraft | None:
        """The table with that number."""
        return next((table for table in self.tables if table.at == at), None)


@bp.get("")
@login_required
def show(draft_id: str, name: str) -> ResponseReturnValue:
    """The tables as they are saved, with what lint says to them."""
    found = read_draft_tables(db.session(), draft_id, name, actor())
    first = request.args.get("from", 1, type=int) - 1
    tables = tuple(table.part(first, MOST_RULES) for table in found.tables)
    problems = check_draft_tables(db.session(), draft_id, name, actor())
    return _page(draft_id, Sheet(found.file, found.file.revision, tables, problems, unsaved=False))


@bp.post("")
@login_required
def change(draft_id: str, name: str) -> ResponseReturnValue:
    """Saves the tables, checks them, or adds, moves and removes a rule or a column: only saving stores."""
    tables, revision = sent_tables(request.form), sent_revision()
    act = request.form.get("act", "save")
    if act == "save":
        return _save(draft_id, name, tables, revision)
    tables, focus = acted(tables, act)
    file = read_draft_tables(db.session(), draft_id, name, actor()).file
    if file.revision != revision:
        stale = StaleDraft(name, file.updated_by_name, file.updated_at, file.revision)
        return _page(draft_id, Sheet(file, revision, tables, refusal=said(stale), focus=focus), 409)
    try:
        problems = check_draft_tables(db.session(), draft_id, name, actor(), tables, alone=act != "check")
    except (BundleRefused, DraftTableUnfit) as refused:
        sheet = Sheet(file, revision, tables, refusal=said(refused), focus=focus)
        return _page(draft_id, sheet, status_of(refused))
    return _page(draft_id, Sheet(file, revision, tables, problems, focus=focus))


def _save(draft_id: str, name: str, tables: tuple[TableDraft, ...], revision: int) -> ResponseReturnValue:
    try:
        with transaction(db.session()):
            saved = save_draft_tables(db.session(), actor(), draft_id, name, tables, revision, now=now())
    except (BundleRefused, DraftTableUnfit, StaleDraft) as refused:
        file = read_draft_tables(db.session(), draft_id, name, actor()).file
        return _page(draft_id, Sheet(file, revision, tables, refusal=said(refused)), status_of(refused))
    if saved == revision:
        flash(gettext("Nothing in %(name)s was changed.", name=name), "done")
    else:
        flash(gettext("%(name)s is saved.", name=name), "done")
    first = max((table.first for table in tables), default=0) + 1
    page = url_for(
        "draft_tables.show", draft_id=draft_id, name=name, **({"from": first} if first > 1 else {})
    )
    return redirect(page)


def _page(draft_id: str, sheet: Sheet, status: int = 200) -> ResponseReturnValue:
    view = get_definition_draft(db.session(), draft_id, actor())
    page = render_template(
        "draft_tables.html", view=view, file=sheet.file, sheet=sheet, most=MOST_RULES,
        policies={name: POLICIES[name] for name in TABLE_POLICIES},
        types={name: TYPES[name] for name in TABLE_TYPES},
    )  # fmt: skip
    return page, status
