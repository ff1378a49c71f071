"""The verb everything is built for: somebody completes a task; and what would keep it from being done."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine import measures
from engine.commands.idempotent import Once
from engine.commands.instances import clean_values, problems_with
from engine.commands.opened import Opened, change_task, open_task, refuse_four_eyes, require
from engine.commands.settling import settle
from engine.commands.steps import computed, opened_for, remove_candidates
from engine.commands.submissions import Act, keep
from engine.errors import ElementFailed, FieldProblem, InitialPassword, SignatureRequired
from engine.execution import workflow
from engine.queries import permissions
from engine.queries.access import sees_clear
from engine.queries.clock import time_of
from engine.queries.masking import unmasked
from engine.queries.views import Actor, Completed
from engine.records import variables
from engine.records.passwords import check_password
from engine.schedule.clocks import ClockBook
from engine.storage.instances import live_rows
from engine.storage.locked import account_of


def complete_task(
    session: Session,
    task_id: str,
    actor: Actor,
    values: Mapping[str, object],
    *,
    revision: int | None = None,
    password: str | None = None,
    idempotency_key: str | None = None,
    keep_rest: bool = False,
    now: datetime | None = None,
) -> Completed:
    """Completes a task with the values of its form and lets the case go on to its next wait.

    `revision` is the task's as the actor saw it; `password` is asked again where the diagram says `sign`;
    the same `idempotency_key` completes once and answers the same; `keep_rest`: fields that `values` leaves
    out keep their present value, where a page would send all. Everything or nothing is written; the edge
    commits. Raises KeyUsedDifferently, TaskNotFound, StaleTask, TaskNotOpen, CaseSuspended,
    NotACandidate, FourEyes, SignatureRequired, InitialPassword, WrongPassword, AccountLocked, FormInvalid,
    and what the diagram's expressions and decisions raise."""
    at = time_of(now)
    once = Once(session, actor.person_id, f"complete {task_id}", idempotency_key, values, at)
    if once.answer is not None:
        return Completed(**{**once.answer, "opened": tuple(once.answer["opened"])})
    opened = _opened(session, task_id, actor, revision)
    cleaned = _cleaned(session, opened, actor, values, keep_rest, at)
    _check_signature(session, opened, actor, password, at)
    who = actor.person_id
    change_task(
        session, opened, who, state="completed", completed_at=at, completed_by=who, draft=None,
        draft_by=None, draft_saved_at=None, assignee_id=opened.task.assignee_id or who, announced=True,
    )  # fmt: skip
    live = workflow.Live(live_rows(session, opened.instance.id), dict(opened.instance.body))
    token = {name: value for name, value in cleaned.items() if name in opened.bundle.names}
    step, book = _completed(session, opened, live, token, at)
    remove_candidates(session, [task_id])
    event = keep(session, opened.instance, _act(opened, actor, cleaned, at), computed(opened.bundle, step))
    settle(session, opened.instance, opened.bundle, step, event, book)
    measures.completes(session.info)
    case = opened.instance
    return once.keep(Completed(case.id, case.business_key, opened_for(step, actor), step.ended))


def task_problems(
    session: Session,
    task_id: str,
    actor: Actor,
    values: Mapping[str, object],
    *,
    revision: int | None = None,
    now: datetime | None = None,
) -> list[FieldProblem]:
    """What is wrong with the values given for some fields of a task's form, the others being left out;
    completes nothing, and asks for no signature.

    `revision` as in `complete_task`. Raises what that raises before it looks at the form: TaskNotFound,
    StaleTask, TaskNotOpen, CaseSuspended, NotACandidate, FourEyes. Like it, holds the case until the
    transaction ends."""
    opened = _opened(session, task_id, actor, revision)
    return problems_with(values, lambda: _cleaned(session, opened, actor, values, False, time_of(now)))


def _opened(session: Session, task_id: str, actor: Actor, revision: int | None) -> Opened:
    """The task, locked, if the actor may complete it as he saw it."""
    opened = open_task(session, task_id, actor, revision)
    require(permissions.may_complete(opened.holders, actor))
    refuse_four_eyes(session, opened, actor.person_id)
    return opened


def _completed(
    session: Session, opened: Opened, live: workflow.Live, token: Mapping[str, object], at: datetime
) -> tuple[workflow.Step, ClockBook]:
    """The step, after what is due has happened. A timer that cannot run is an operator's business, not that
    of whoever completes a task: then it stays due, and the worker opens an incident."""
    task_id, instance_id, bundle = opened.task.id, opened.instance.id, opened.bundle
    book = ClockBook(session, instance_id, at)
    try:
        return workflow.complete(bundle, live, task_id, token, at, book), book
    except ElementFailed:
        if opened.instance.timer_at is None or opened.instance.timer_at > at:
            raise
    book = ClockBook(session, instance_id, at)
    return workflow.complete(bundle, live, task_id, token, at, book, patient=True), book


def _act(opened: Opened, actor: Actor, values: Mapping[str, object], at: datetime) -> Act:
    role = permissions.role_of(opened.holders, actor)
    form = opened.bundle.form_of(opened.element)
    return Act(actor, role, opened.element, opened.task.scope, opened.task.id, form, values, at)


def _check_signature(
    session: Session, opened: Opened, actor: Actor, password: str | None, at: datetime
) -> None:
    """Signing asks for the password again, every time (21 CFR 11.200)."""
    if not opened.element.sign:
        return
    if not password:
        raise SignatureRequired(meaning=opened.element.sign)
    if actor.must_change_password:
        raise InitialPassword()
    check_password(session, actor.person_id, account_of(session, opened.person), password, at)


def _cleaned(
    session: Session,
    opened: Opened,
    actor: Actor,
    raw: Mapping[str, object],
    keep_rest: bool,
    at: datetime,
) -> dict[str, object]:
    """Typed values; the case's variables are read only if the form needs them."""
    form, case = opened.bundle.form_of(opened.element), opened.instance
    names: Mapping[str, object] = {}
    guarded = form.personal_names if form and not sees_clear(actor) else frozenset()
    if form and (keep_rest or form.reads or guarded or any(field.read_only for field in form.inputs)):
        names = variables.current(session, case.id, opened.task.scope)
        kept = form.field_names & names.keys() if keep_rest else ()
        raw = {**{name: names[name] for name in kept}, **raw}
        raw = unmasked(raw, names, guarded)
    return clean_values(session, form, raw, actor, case.id, names, at)
