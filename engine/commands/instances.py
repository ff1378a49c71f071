"""Verbs on instances: start one, cancel one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.commands.idempotent import Once
from engine.commands.lookups import FormLookups
from engine.commands.settling import settle
from engine.commands.steps import computed, keep_step, opened_for
from engine.commands.submissions import Act, keep
from engine.diagram.bundle import Bundle
from engine.diagram.forms import Form
from engine.errors import (
    AlreadyEnded,
    DefinitionSuspended,
    FieldProblem,
    FormInvalid,
    InstanceNotFound,
    NotAllowed,
    OlderVersion,
    ReasonRequired,
)
from engine.execution import workflow
from engine.queries.access import CANCELLERS, EVERYBODY, may_cancel, sees
from engine.queries.bundles import bundle_of, latest_definition
from engine.queries.clock import time_of
from engine.queries.definitions import may_start
from engine.queries.views import Actor, Started
from engine.records import audit
from engine.records.numbering import CASE_NUMBER, next_number
from engine.schedule.clocks import ClockBook
from engine.storage.ids import new_id
from engine.storage.instances import live_rows
from engine.storage.locked import LockedInstance, lock_instance
from engine.storage.models import ProcessDefinition, ProcessInstance
from engine.storage.session import begin_write, insert_rows

TITLE_LENGTH = 80
STATES_ZH = {"completed": "已办结", "cancelled": "已取消"}


def start_instance(
    session: Session,
    process_id: str,
    actor: Actor,
    values: Mapping[str, object],
    *,
    idempotency_key: str | None = None,
    definition_id: str | None = None,
    client_key: str | None = None,
    now: datetime | None = None,
) -> Started:
    """Starts the latest version of a process with the values of its start form, and gives it its number.

    `definition_id`: start this version and no other; `client_key`: what a program calls the case, kept beside
    the number. The same `idempotency_key` starts one case and answers the same.
    Raises ProcessNotFound, OlderVersion, NotAllowed (not startable, or not in a starter group),
    DefinitionSuspended, FormInvalid, KeyUsedDifferently."""
    at = time_of(now)
    begin_write(session)
    request = values if client_key is None else {"values": values, "client_key": client_key}
    once = Once(session, actor.person_id, f"start {process_id}", idempotency_key, request, at)
    if once.answer is not None:
        return _started(once.answer)
    definition = latest_definition(session, process_id)
    if definition_id is not None and definition_id != definition.id:
        raise OlderVersion(process_id=process_id, version=definition.version)
    refusal = may_start(definition, actor)
    if refusal:
        raise refusal
    if definition.suspended:
        raise DefinitionSuspended()
    bundle = bundle_of(session, definition.bundle_hash)
    form = bundle.start_form
    cleaned = clean_values(session, form, values, actor, None, {}, at)
    role = next((g for g in definition.starter_groups if g in actor.groups), EVERYBODY)
    instance, step = begin_instance(session, definition, bundle, actor, role, cleaned, at, client_key)
    return once.keep(Started(instance.id, instance.business_key, opened_for(step, actor)))


def begin_instance(
    session: Session,
    definition: ProcessDefinition,
    bundle: Bundle,
    actor: Actor,
    role: str,
    values: Mapping[str, object],
    at: datetime,
    client_key: str | None = None,
) -> tuple[LockedInstance, workflow.Step]:
    """A new case with checked values, run to its first wait and kept."""
    form = bundle.start_form
    pattern = bundle.processes[bundle.process_id].number_pattern or CASE_NUMBER
    number = next_number(session, pattern, at)
    title = _title(form, values, bundle)
    instance = _new_instance(session, definition, actor, title, number, at, client_key)
    book = ClockBook(session, instance.id, at)
    step = workflow.start(bundle, {n: v for n, v in values.items() if n in bundle.names}, at, book)
    act = Act(actor, role, bundle.start, "", None, form, values, at)
    event = keep(session, instance, act, computed(bundle, step), bundle.personal_names)
    settle(session, instance, bundle, step, event, book)
    return instance, step


def _started(answer: Mapping[str, Any]) -> Started:
    return Started(answer["instance_id"], answer["business_key"], tuple(answer["opened"]))


def clean_values(
    session: Session,
    form: Form | None,
    raw: Mapping[str, object],
    actor: Actor,
    instance_id: str | None,
    names: Mapping[str, object],
    now: datetime,
) -> dict[str, object]:
    """Typed values of a submission. Raises FormInvalid; without a form, any value is undeclared."""
    if form is None:
        if raw:
            raise FormInvalid([undeclared(name) for name in raw])
        return {}
    return form.clean(raw, FormLookups(session, form, raw, actor, instance_id), names, now)


def start_problems(
    session: Session,
    process_id: str,
    actor: Actor,
    values: Mapping[str, object],
    *,
    now: datetime | None = None,
) -> list[FieldProblem]:
    """What is wrong with the values given for some fields of a start form, the others being left out; starts
    nothing. Raises ProcessNotFound, NotAllowed."""
    definition = latest_definition(session, process_id)
    refusal = may_start(definition, actor)
    if refusal:
        raise refusal
    form = bundle_of(session, definition.bundle_hash).start_form
    return problems_with(values, lambda: clean_values(session, form, values, actor, None, {}, time_of(now)))


def problems_with(values: Mapping[str, object], clean: Callable[[], object]) -> list[FieldProblem]:
    """What `clean` finds wrong with the fields that `values` names, in the order of the form."""
    try:
        clean()
    except FormInvalid as refused:
        return [problem for problem in refused.problems if problem.field.split(".")[0] in values]
    return []


def undeclared(name: str) -> FieldProblem:
    """A value for a field that the form does not have."""
    return FieldProblem(name, "表单没有这个字段。", "The form has no such field.")


def cancel_instance(
    session: Session, instance_id: str, actor: Actor, reason: str, *, now: datetime | None = None
) -> None:
    """Ends a running instance; its tasks are cancelled, its history stays.

    For whoever started it and for the leads.
    Raises InstanceNotFound, NotAllowed, AlreadyEnded, ReasonRequired."""
    at = time_of(now)
    instance = lock_instance(session, instance_id)
    if instance is None or not sees(session, actor, instance_id):
        raise InstanceNotFound(instance_id)
    if not may_cancel(instance.started_by, actor):
        raise NotAllowed(what="cancel this case", what_zh="取消该案件")
    if instance.state != "running":
        raise AlreadyEnded(state=instance.state, state_zh=STATES_ZH[instance.state])
    if not reason.strip():
        raise ReasonRequired()
    bundle = bundle_of(session, instance.bundle_hash)
    live = workflow.Live(live_rows(session, instance_id), dict(instance.body))
    step = workflow.cancel(bundle, live, at)
    event = audit.Event(
        at, "cancelled", actor.person_id, actor.name, _cancel_role(actor),
        instance.process_id, None, "", reason.strip(),
    )  # fmt: skip
    keep_step(session, instance, bundle, step, event, ClockBook(session, instance_id, at))


def _cancel_role(actor: Actor) -> str:
    return next(iter(sorted(actor.groups & CANCELLERS)), "starter")


def _new_instance(
    session: Session,
    definition: ProcessDefinition,
    actor: Actor,
    title: str,
    number: str,
    at: datetime,
    client_key: str | None,
) -> LockedInstance:
    instance = LockedInstance(
        id=new_id(), business_key=number, process_id=definition.process_id,
        definition_id=definition.id, bundle_hash=definition.bundle_hash, started_by=actor.person_id,
        state="running", outcome=None, ended_at=None, revision=0, body={}, chain_head="", chain_length=0,
        timer_at=None, clock_at=None, suspended=False,
    )  # fmt: skip
    more = {"title": title, "started_at": at, "client_key": client_key}
    insert_rows(session, ProcessInstance, [{**vars(instance), **more}])
    return instance


def _title(form: Form | None, values: Mapping[str, object], bundle: Bundle) -> str:
    """The first words somebody wrote that are not personal, or the name of the process."""
    words = [
        values.get(field.key)
        for field in (form.inputs if form else ())
        if field.type in {"text", "textarea"} and not field.personal
    ]
    required = next((word for word in words if isinstance(word, str) and word.strip()), bundle.name)
    return " ".join(required.split())[:TITLE_LENGTH]
