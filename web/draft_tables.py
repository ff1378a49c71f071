"""The editor of decision tables in a draft: a page of fields, saved by the revision that it was opened at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import login_required

from engine import (
    TABLE_POLICIES,
    TABLE_TYPES,
    DraftFile,
    TableColumn,
    TableDraft,
    TableProblem,
    TableTrial,
    check_draft_tables,
    draft_table_uses,
    get_definition_draft,
    read_draft_tables,
    save_draft_tables,
    transaction,
    try_draft_table,
)
from engine.errors import BundleRefused, DraftNotOpen, DraftTableUnfit, EngineError, StaleDraft
from web.auth import actor
from web.db import db
from web.draft_files import said, sent_revision
from web.errors import status_of
from web.i18n import now
from web.table_form import NO_FOCUS, Focus, acted, sent_tables, table_tried, tried_name

bp = Blueprint("draft_tables", __name__, url_prefix="/drafts/<draft_id>/edit/<name>/table")

MOST_RULES = 200  # shown on one page
PAGE = re.compile(r"([0-9]{1,6}):([0-9]{1,6})")
TEXT = re.compile(r'"([^"]*)"')
TEXTS = re.compile(r'"[^"]*"(\s*,\s*"[^"]*")*')
REFUSALS = (BundleRefused, DraftNotOpen, DraftTableUnfit, StaleDraft)
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


def pages(tables: Sequence[TableDraft], turned: Mapping[int, int] | None = None) -> list[str]:
    """The pages of long tables for an address, those of the tables `turned` at other rules, from 0."""
    firsts = {table.at: table.first for table in tables} | dict(turned or {})
    return [f"{at}:{first + 1}" for at, first in firsts.items() if first]


@dataclass(frozen=True)
class Sheet:
    """What the page shows: the tables as they are being edited, by which revision, with which problems.

    `refusal`: why they were not saved; `unsaved`: whether they differ from what is saved, as far as known.
    `tried`: the number of the table that values were tried with, and `trial` what it makes of them, None
    while errors keep it from deciding."""

    file: DraftFile
    revision: int
    tables: tuple[TableDraft, ...]
    problems: tuple[TableProblem, ...] = ()
    refusal: str = ""
    unsaved: bool = True
    focus: Focus = NO_FOCUS
    tried: int | None = None
    trial: TableTrial | None = None

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

    def turned(self, table: int, rule: int) -> list[str]:
        """The pages for an address at which that table is turned to that rule, from 0."""
        return pages(self.tables, {table: rule})

    def table(self, at: int) -> TableDraft | None:
        """The table with that number."""
        return next((table for table in self.tables if table.at == at), None)


def choices_of(column: TableColumn) -> list[str]:
    """The allowed values of a column that is a plain list of texts, to choose from; else none."""
    listed = column.allowed.strip()
    return TEXT.findall(listed) if TEXTS.fullmatch(listed) else []


@bp.get("")
@login_required
def show(draft_id: str, name: str) -> ResponseReturnValue:
    """The tables as they are saved, with what lint says to them; asked for a line of the file, its cell."""
    found = read_draft_tables(db.session(), draft_id, name, actor())
    problems = check_draft_tables(db.session(), draft_id, name, actor()).problems
    if cell := _cell_asked(problems, name):
        table, rule, column = cell
        return redirect(_address(draft_id, name, [f"{table}:{(rule or 0) + 1}"], spot(table, rule, column)))
    firsts = _asked_pages()
    tables = tuple(table.part(firsts.get(table.at, 0), MOST_RULES) for table in found.tables)
    return _page(draft_id, Sheet(found.file, found.file.revision, tables, problems, unsaved=False))


def _asked_pages() -> dict[int, int]:
    """Which rule of which table is asked for, from 0: `?from=<table>:<rule>`, once for each long table."""
    asked = filter(None, map(PAGE.fullmatch, request.args.getlist("from")))
    return {int(found[1]): int(found[2]) - 1 for found in asked}


def _cell_asked(problems: Sequence[TableProblem], name: str) -> tuple[int, int | None, int | None] | None:
    """The table, rule and column of the problem at the place in the file that is asked for."""
    asked = tuple(request.args.get(part, 0, type=int) for part in ("line", "column"))
    for placed in problems:
        problem = placed.problem
        if placed.table is not None and (problem.file, problem.line, problem.column) == (name, *asked):
            return placed.table, placed.rule, placed.column
    return None


def spot(table: int, rule: int | None, column: int | None) -> str:
    """The id of a cell on the page; of a rule, a column or a table as a whole, with None for the rest."""
    within = "".join(f"-{part}{at + 1}" for part, at in (("r", rule), ("c", column)) if at is not None)
    return f"t{table}{within}"


def _address(draft_id: str, name: str, pages: list[str], anchor: str | None = None) -> str:
    return url_for("draft_tables.show", draft_id=draft_id, name=name, _anchor=anchor, **{"from": pages})


@bp.post("")
@login_required
def change(draft_id: str, name: str) -> ResponseReturnValue:
    """Saves the tables, checks them, or adds, moves and removes a rule or a column: only saving stores."""
    tables, revision = sent_tables(request.form), sent_revision()
    act = request.form.get("act", "save")
    if act == "save":
        return _save(draft_id, name, tables, revision)
    tables, focus = acted(tables, act)
    tried = table_tried(tables, act)
    try:
        checked = check_draft_tables(
            db.session(), draft_id, name, actor(), tables, revision, alone=act != "check"
        )
        trial = _trial(draft_id, name, tables, revision, tried) if tried else None
    except REFUSALS as refused:
        return _refused(draft_id, name, tables, revision, refused, focus)
    file = read_draft_tables(db.session(), draft_id, name, actor()).file
    sheet = Sheet(
        file, revision, tables, checked.problems, unsaved=checked.edited, focus=focus,
        tried=tried.at if tried else None, trial=trial,
    )  # fmt: skip
    return _page(draft_id, sheet)


def _trial(
    draft_id: str, name: str, tables: tuple[TableDraft, ...], revision: int, tried: TableDraft
) -> TableTrial | None:
    given = [request.form.get(tried_name(tried, column), "")[:1000] for column in tried.inputs]
    return try_draft_table(
        db.session(), draft_id, name, actor(), tables, revision, tried.at, given, now=now()
    )


def _save(draft_id: str, name: str, tables: tuple[TableDraft, ...], revision: int) -> ResponseReturnValue:
    try:
        with transaction(db.session()):
            saved = save_draft_tables(db.session(), actor(), draft_id, name, tables, revision, now=now())
    except REFUSALS as refused:
        return _refused(draft_id, name, tables, revision, refused)
    if saved == revision:
        flash(gettext("Nothing in %(name)s was changed.", name=name), "done")
    else:
        flash(gettext("%(name)s is saved.", name=name), "done")
    return redirect(_address(draft_id, name, pages(tables)))


def _refused(
    draft_id: str, name: str, tables: tuple[TableDraft, ...], revision: int, refused: EngineError,
    focus: Focus = NO_FOCUS,
) -> ResponseReturnValue:  # fmt: skip
    """The page with everything that was typed, and why it was refused."""
    file = read_draft_tables(db.session(), draft_id, name, actor()).file
    sheet = Sheet(file, revision, tables, refusal=said(refused), focus=focus)
    return _page(draft_id, sheet, status_of(refused))


def _page(draft_id: str, sheet: Sheet, status: int = 200) -> ResponseReturnValue:
    view = get_definition_draft(db.session(), draft_id, actor())
    page = render_template(
        "draft_tables.html", view=view, file=sheet.file, sheet=sheet, most=MOST_RULES, spot=spot,
        policies={name: POLICIES[name] for name in TABLE_POLICIES},
        types={name: TYPES[name] for name in TABLE_TYPES}, tried_name=tried_name, typed=request.form,
        uses=draft_table_uses(db.session(), draft_id, actor(), sheet.tables), choices_of=choices_of,
    )  # fmt: skip
    return page, status
