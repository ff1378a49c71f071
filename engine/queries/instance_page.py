"""The case page: diagrams with the path taken, open tasks, history, submissions, variables, files."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.errors import AlreadyEnded, InstanceNotFound, NotAllowed
from engine.queries.access import may_cancel, may_suspend_case, sees
from engine.queries.attachments import attachments_of
from engine.queries.bundles import MOVED, bundle_of, bundles_over
from engine.queries.clock import time_of
from engine.queries.clocks import clocks_of
from engine.queries.history import at_work, history_views, paths_of, read_events
from engine.queries.instances import outcome_of, visible_instance
from engine.queries.people import names_of, role_names
from engine.queries.personal import PersonalData
from engine.queries.records import records_of
from engine.queries.reference import list_clauses
from engine.queries.sentences import answer_words, output_name
from engine.queries.submissions import submissions_of
from engine.queries.tasks import task_rows, task_select
from engine.queries.views import (
    Actor,
    CurrentView,
    DiagramView,
    InstanceView,
    Permission,
    TaskRow,
    Text,
    VariableView,
)
from engine.records.verification import verify
from engine.storage.models import HistoryEvent, UserTask, Variable

STATES_ZH = {"completed": "已办结", "cancelled": "已取消"}


def get_instance(
    session: Session, instance_id: str, actor: Actor, *, where: str = "case", now: datetime | None = None
) -> InstanceView:
    """A case page for whoever may see the case; `where`: what the access log calls the place at which
    personal data were seen. Raises InstanceNotFound."""
    row = visible_instance(session, instance_id, actor)
    if row is None:
        raise InstanceNotFound(instance_id)
    bundle, sight = bundle_of(session, row.bundle_hash), PersonalData(session, actor, instance_id)
    events, clauses = read_events(session, instance_id), list_clauses(session)
    roles = role_names(session)
    bundle_at = bundles_over(session, bundle, [event for event in events if event.kind == MOVED])
    tasks, files = _open_tasks(session, instance_id), attachments_of(session, instance_id)
    submissions = submissions_of(session, bundle_at, sight, {view.id: view for view in files}, roles)
    variables = _variables(session, bundle, sight, roles)
    clocks = clocks_of(session, instance_id, actor, time_of(now), bundle)
    belongs = {clock.scope: clock.items for clock in clocks}
    sight.log(where, time_of(now))
    return InstanceView(
        id=row.id, business_key=row.business_key, title=row.title, process_id=row.process_id,
        process_name=Text(row.process_name, row.process_name_en), version=row.version,
        bundle_hash=row.bundle_hash, state=row.state, outcome=outcome_of(session, row),
        started_at=row.started_at, started_by=row.started_by, started_by_name=row.started_by_name,
        ended_at=row.ended_at, diagrams=_diagrams(bundle, events, tasks), tasks=tasks,
        clocks=clocks, history=history_views(session, bundle_at, events, clauses, roles, belongs),
        submissions=submissions,
        variables=variables, records=records_of(session, instance_id), attachments=files,
        chain_ok=not verify(session, instance_id).broken, can_cancel=_may_cancel(row, actor),
        suspended=row.suspended and row.state == "running",
        can_suspend=row.state == "running" and may_suspend_case(actor),
    )  # fmt: skip


def get_variables(
    session: Session, instance_id: str, actor: Actor, *, now: datetime | None = None
) -> list[VariableView]:
    """The current values of a case, personal ones masked as on its page. Raises InstanceNotFound."""
    row = visible_instance(session, instance_id, actor)
    if row is None:
        raise InstanceNotFound(instance_id)
    sight = PersonalData(session, actor, instance_id)
    variables = _variables(session, bundle_of(session, row.bundle_hash), sight, role_names(session))
    sight.log("case", time_of(now))
    return variables


def get_diagram(session: Session, instance_id: str, process_id: str, actor: Actor) -> bytes:
    """The very BPMN XML that an instance runs, of its process or of one it calls.

    Raises InstanceNotFound, ProcessNotFound."""
    row = visible_instance(session, instance_id, actor)
    if row is None:
        raise InstanceNotFound(instance_id)
    return bundle_of(session, row.bundle_hash).diagram_of(process_id)


def list_case_tasks(session: Session, instance_id: str, actor: Actor) -> list[TaskRow]:
    """The open tasks of a case in the order in which they came up. Raises InstanceNotFound."""
    if not sees(session, actor, instance_id):
        raise InstanceNotFound(instance_id)
    return _open_tasks(session, instance_id)


def _open_tasks(session: Session, instance_id: str) -> list[TaskRow]:
    this = UserTask.instance_id == instance_id, UserTask.state == "open"
    statement = task_select().where(*this).order_by(UserTask.created_at, UserTask.id)
    return task_rows(session, session.execute(statement).all())


def _diagrams(bundle: Bundle, events: list[HistoryEvent], tasks: list[TaskRow]) -> list[DiagramView]:
    paths = paths_of(bundle, events)
    return [
        DiagramView(
            process_id,
            Text(bundle.processes[process_id].name, bundle.processes[process_id].name_en),
            _names(bundle, process_id),
            dict(path.completed),
            tuple(path.flows),
            tuple(_current(task) for task in tasks if task.process_id == process_id),
            at_work(bundle, process_id, path),
        )
        for process_id, path in paths.items()
        if process_id in bundle.processes
    ]


def _names(bundle: Bundle, process_id: str) -> Mapping[str, Text]:
    elements = (e for e in bundle.elements.values() if e.process_id == process_id)
    return {e.id: Text(e.name or e.id, e.name_en) for e in elements}


def _current(task: TaskRow) -> CurrentView:
    return CurrentView(task.element_id, task.id, task.assignee_name, task.candidate_groups)


def _variables(
    session: Session, bundle: Bundle, sight: PersonalData, roles: Mapping[str, Text]
) -> list[VariableView]:
    statement = select(Variable).where(Variable.instance_id == sight.instance_id)
    rows = list(session.scalars(statement.order_by(Variable.scope, Variable.name)))
    names, labels = names_of(session, (row.updated_by for row in rows)), _labels(bundle)
    answers = {o.name: o for d in bundle.decisions.values() for o in d.outputs}

    def in_words(name: str, value: object) -> Text | None:
        return answer_words(answers[name], value, roles) if name in answers else None

    return [_variable(row, sight, labels, names, in_words) for row in rows]


def _variable(
    row: Variable,
    sight: PersonalData,
    labels: Mapping[str, Text],
    names: Mapping[str, str],
    in_words: Callable[[str, object], Text | None],
) -> VariableView:
    value = sight.view({row.name: row.value}, [row.name] if row.personal else [], row.updated_by)[row.name]
    label = labels.get(row.name) or Text(row.name)
    by = names.get(row.updated_by, row.updated_by)
    words = in_words(row.name, value)
    return VariableView(row.name, label, row.scope, value, row.updated_at, by, row.personal, words)


def _labels(bundle: Bundle) -> dict[str, Text]:
    forms: list[Any] = [*bundle.forms.values(), *(e.form for e in bundle.elements.values() if e.form)]
    answered = {o.name: output_name(o) for d in bundle.decisions.values() for o in d.outputs}
    return answered | {f.key: Text(f.label, f.label_en) for form in forms for f in form.inputs}


def _may_cancel(row: Any, actor: Actor) -> Permission:
    if row.state != "running":
        return Permission(False, AlreadyEnded(state=row.state, state_zh=STATES_ZH[row.state]))
    if not may_cancel(row.started_by, actor):
        return Permission(False, NotAllowed(what="cancel this case", what_zh="取消该案件"))
    return Permission(True)
