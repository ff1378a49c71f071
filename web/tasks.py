"""The task list, and one task from claim to completion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from engine import (
    Form,
    Page,
    TaskFormView,
    TaskRow,
    TaskView,
    Text,
    assign_task,
    claim_task,
    clock_reader,
    complete_task,
    count_tasks,
    get_task,
    get_task_form,
    list_steps,
    list_tasks,
    mark_task_read,
    of_item,
    release_task,
    resolve_task,
    save_draft,
    task_problems,
    transaction,
)
from engine.errors import (
    CaseSuspended,
    DatabaseUnavailable,
    EngineError,
    FieldProblem,
    FormInvalid,
    SignatureRequired,
    StaleTask,
    TaskNotOpen,
    WrongPassword,
)
from web import errors
from web.auth import actor
from web.csvfile import csv_response
from web.db import db
from web.forms import FormPage, receive, with_refused
from web.forms.conditions import applying
from web.forms.page import PASSWORD
from web.forms.reading import NO_FORM, Submission, read_submission, sent_revision
from web.i18n import language, local, now, pick, zone
from web.paging import CURSOR_MAX, Listing, listing, one_of, text

bp = Blueprint("tasks", __name__)

Problems = Sequence[FieldProblem]

VIEWS = ("mine", "group", "done")
SORTS = ("due", "created", "priority", "number")
SORTS_DONE = ("completed", "number")
EXPORT_MAX = 10_000


def _state(endpoint: str) -> Listing:
    view = one_of("view", VIEWS, "mine")
    filters = {
        "view": view,
        "search": text("search"),
        "process": text("process"),
        "element": text("element"),
        "overdue": one_of("overdue", ("", "1"), "") or None,
    }
    if view == "done":
        return listing(endpoint, filters, SORTS_DONE, "completed", "desc")
    return listing(endpoint, filters, SORTS, "due", "asc")


def _page(state: Listing) -> Page[TaskRow]:
    chosen = {name: state.filters[name] for name in ("search", "process", "element")}
    return list_tasks(
        db.session(), actor(), state.filters["view"] or "mine", **chosen,
        overdue=bool(state.filters["overdue"]), sort=state.sort, descending=state.descending,
        cursor=state.cursor, limit=state.limit, now=now(),
    )  # fmt: skip


@bp.get("/")
@login_required
def index() -> ResponseReturnValue:
    """The task list: mine, my groups', done."""
    state = _state("tasks.index")
    return render_template(
        "tasks.html",
        page=_page(state),
        state=state,
        counts=count_tasks(db.session(), actor(), now=now()),
        steps=list_steps(db.session()),
    )


@bp.get("/tasks.csv")
@login_required
def export() -> ResponseReturnValue:
    """The list as chosen, all of its pages, as CSV."""
    state = _state("tasks.export").whole()
    header = [gettext("Number"), gettext("Subject"), gettext("Process"), gettext("Step"), gettext("Role"),
              gettext("Assignee"), gettext("Opened"), gettext("Due"), gettext("Completed")]  # fmt: skip
    name = gettext("tasks")
    return csv_response(f"{name}-{local(now()):%Y%m%d-%H%M}.csv", header, map(_csv_row, _all(state)))


def _all(state: Listing) -> list[TaskRow]:
    rows: list[TaskRow] = []
    while len(rows) < EXPORT_MAX:
        page = _page(state)
        rows += page.items
        if page.next_cursor is None:
            break
        state = state.at(page.next_cursor)
    return rows


def _csv_row(row: TaskRow) -> list[object]:
    moments = (row.created_at, row.due_at, row.completed_at)
    times = [f"{local(at):%Y-%m-%d %H:%M}" if at else "" for at in moments]
    called = of_item(Text(row.name, row.name_en), row.items).get(language())
    step = [row.process_name.get(language()), called, pick(row, "lane")]
    return [row.business_key, row.title, *step, row.completed_by_name or row.assignee_name, *times]


@bp.get("/tasks/<task_id>")
@login_required
def show(task_id: str) -> ResponseReturnValue:
    """One task: what to know, what was done before, the form."""
    with suppress(DatabaseUnavailable), transaction(db.session()):  # then it stays unread
        mark_task_read(db.session(), actor(), task_id, now=now())
    with transaction(db.session()):  # reading personal data in clear is logged
        task = get_task(db.session(), task_id, actor(), comments=text("comments", CURSOR_MAX), now=now())
        return render_template("task.html", task=task, page=_form_page(task, task.values))


def _form_page(task: TaskView, values: Mapping[str, object], problems: Problems = ()) -> FormPage | None:
    if task.form is None:
        return None
    fixed = {field.key: task.values.get(field.key) for field in task.form.inputs if field.read_only}
    shown, files, case = {**values, **fixed}, task.attachments, task.row.instance_id
    return FormPage.of(task.form, shown, task.names, problems, files, case)


@bp.post("/tasks/<task_id>")
@login_required
def submit(task_id: str) -> ResponseReturnValue:
    """The form came back: keep its files, then do what the pressed button says."""
    task = get_task_form(db.session(), task_id, actor(), sent_revision(request.form))
    if task.outdated:
        form = task.outdated.form
        return _too_late(form, read_submission(form or NO_FORM, request.form, zone()), task.outdated.refusal)
    sent, problems = receive(task.form)
    if sent.action not in VERBS:
        return _again(task_id, sent, problems)
    try:
        if problems and sent.action != "complete":
            raise FormInvalid(problems)
        return VERBS[sent.action](task, sent, problems)
    except FormInvalid as refused:
        problems = [*refused.problems, *_unsigned(task, sent)]
    except (SignatureRequired, WrongPassword) as refused:
        problems = [errors.at_password(PASSWORD, refused)]
    except (StaleTask, TaskNotOpen, CaseSuspended) as refused:
        return _too_late(task.form, sent, refused)
    return _again(task_id, sent, problems)


def _again(task_id: str, sent: Submission, problems: Problems) -> ResponseReturnValue:
    """The page as it was sent, with what is wrong."""
    with transaction(db.session()):  # reading personal data in clear is logged
        task = get_task(db.session(), task_id, actor(), now=now())
        page = _form_page(task, sent.values, problems)
        return render_template("task.html", task=task, page=page), 422 if problems else 200


def _unsigned(task: TaskFormView, sent: Submission) -> Problems:
    """A signature that is missing is told along with what is wrong in the form."""
    if sent.action != "complete" or not task.sign or sent.password:
        return ()
    return [errors.at_password(PASSWORD, SignatureRequired(meaning=task.sign))]


def _too_late(form: Form | None, sent: Submission, refused: EngineError) -> ResponseReturnValue:
    """Somebody was faster: what was typed is shown, to be copied."""
    kept = form.show(_readable(form, sent.values), language()) if form else ()
    return errors.page(409, refused.message(language()), kept=kept)


def _readable(form: Form, values: Mapping[str, object]) -> dict[str, object]:
    """What was typed, without what nobody can copy back from a page."""
    return {field.key: values.get(field.key) for field in form.inputs if field.type != "file"}


def _draft(task: TaskFormView, sent: Submission, _: Problems) -> ResponseReturnValue:
    with transaction(db.session()):
        save_draft(db.session(), task.id, actor(), sent.values, revision=sent.revision, now=now())
    flash(gettext("Draft saved. It stays yours until you submit the form."), "done")
    return redirect(url_for("tasks.show", task_id=task.id))


def _resolve(task: TaskFormView, sent: Submission, _: Problems) -> ResponseReturnValue:
    with transaction(db.session()):
        resolve_task(db.session(), task.id, actor(), sent.values, revision=sent.revision, now=now())
    flash(gettext("The task is back with whoever delegated it, and your entries with it."), "done")
    return redirect(url_for("tasks.index"))


def _complete(task: TaskFormView, sent: Submission, refused: Problems) -> ResponseReturnValue:
    """With `refused` files nothing is completed; all else that is wrong is told along with them."""
    task_id, seen = task.id, sent.revision
    with transaction(db.session()):
        if task.form and refused:
            others = task_problems(db.session(), task_id, actor(), sent.values, revision=seen, now=now())
            raise FormInvalid(with_refused(task.form, sent.values, refused, others))
        done = complete_task(
            db.session(), task_id, actor(), sent.values,
            revision=seen, password=sent.password, now=now(),
        )  # fmt: skip
    words = gettext("%(number)s: step completed.", number=done.business_key)
    if done.ended:
        words = gettext("%(number)s: step completed, and with it the case.", number=done.business_key)
    flash(words, "done")
    if done.opened:
        flash(gettext("The next step is yours too."), "note")
        return redirect(url_for("tasks.show", task_id=done.opened[0]))
    return redirect(url_for("tasks.index"))


VERBS = {"complete": _complete, "draft": _draft, "resolve": _resolve}  # by what the pressed button says


@bp.post("/tasks/<task_id>/conditions")
@login_required
def conditions(task_id: str) -> ResponseReturnValue:
    """Which fields apply to what is typed so far; a script asks while somebody types, nothing is stored."""
    task = get_task(db.session(), task_id, actor(), now=now())
    db.session.rollback()
    if task.form is None:
        return jsonify(visible=[], required=[])
    raw = read_submission(task.form, request.form, zone()).values
    clocks = clock_reader(db.session(), actor(), task.row.instance_id)
    visible, required = applying(task.form, raw, task.names, now(), clocks)
    return jsonify(visible=sorted(visible), required=sorted(required))


@bp.post("/tasks/<task_id>/claim")
@login_required
def claim(task_id: str) -> ResponseReturnValue:
    """Take a group's task on."""
    with transaction(db.session()):
        claim_task(db.session(), task_id, actor(), now=now())
    flash(gettext("The task is yours now."), "done")
    return redirect(url_for("tasks.show", task_id=task_id))


@bp.post("/tasks/<task_id>/release")
@login_required
def release(task_id: str) -> ResponseReturnValue:
    """Give it back to the group; the draft stays with the task."""
    with transaction(db.session()):
        release_task(db.session(), task_id, actor(), now=now())
    flash(gettext("The task is back with the group."), "done")
    return redirect(url_for("tasks.index", view="group"))


@bp.post("/tasks/<task_id>/assign")
@login_required
def assign(task_id: str) -> ResponseReturnValue:
    """Hand it to a colleague, with a reason."""
    person, reason = (request.form.get(name, "").strip() for name in ("person", "reason"))
    with transaction(db.session()):
        assign_task(db.session(), task_id, actor(), person, reason, now=now())
    flash(gettext("The task is handed over."), "done")
    return redirect(url_for("tasks.index"))
