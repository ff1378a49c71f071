"""Where a walk is: the case that is tried, what can be done next, what was done and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.trying.places import open_externals, open_tasks, root_of, with_places
from engine.commands.trying.replay import Walking
from engine.commands.trying.stand_ins import observer, starter
from engine.commands.trying.steps import START, WalkStep
from engine.diagram.bundle import Bundle
from engine.errors import EngineError
from engine.queries.bundles import bundle_of, latest_definition
from engine.queries.definitions import get_start_form
from engine.queries.instance_page import get_instance
from engine.queries.tasks import task_row, task_select
from engine.queries.views import InstanceView, StartFormView, TaskRow, Text
from engine.storage.models import ExternalTask, Message, MessageWait, ProcessInstance, UserTask

BY_FORM, BY_MESSAGE, BY_VALUES = "form", "message", "values"


@dataclass(frozen=True)
class WalkTask:
    """An open task of a walk: the `position`th of its element. `business_key`: its case's number."""

    process_id: str
    element_id: str
    position: int
    row: TaskRow


@dataclass(frozen=True)
class WalkService:
    """A service task that waits for a program, with what the program is given."""

    process_id: str
    element_id: str
    position: int
    name: Text
    topic: str
    inputs: Mapping[str, object]


@dataclass(frozen=True)
class WalkMessage:
    """A message of a walk. `sender`: the number of the case that sent it, None: the walker did."""

    name: str
    state: str
    sent_at: datetime
    sender: str | None
    taken_by: str | None
    payload: Mapping[str, object]


@dataclass(frozen=True)
class WalkStepView:
    """A step that was taken. `name`: of the element, the message or the process."""

    step: WalkStep
    name: Text


@dataclass(frozen=True)
class WalkView:
    """A walk as its page shows it.

    started_by: form, message or values (a process that others call). start: its start form, if it has one.
    case: the case that is tried, None before it starts; others: further cases that its messages started.
    next_due: when the next timer or time limit comes due. awaited: names of messages that something waits
    for. failed: the place of the first kept step that cannot be taken any more, and why.
    """

    process_id: str
    name: Text
    started_by: str
    start: StartFormView | None
    start_message: str | None
    now: datetime
    steps: tuple[WalkStepView, ...]
    failed: tuple[int, EngineError] | None
    case: InstanceView | None
    others: tuple[tuple[str, str, str], ...]
    tasks: tuple[WalkTask, ...]
    services: tuple[WalkService, ...]
    next_due: datetime | None
    awaited: tuple[str, ...]
    messages: tuple[WalkMessage, ...]


def view_of(walking: Walking, steps: Sequence[WalkStep], failed: tuple[int, EngineError] | None) -> WalkView:
    """The walk as it stands."""
    store = walking.session
    definition = latest_definition(store, walking.process_id)
    bundle = bundle_of(store, definition.bundle_hash)
    name = Text(definition.name, definition.name_en)
    who, root = starter(store, definition.starter_groups), root_of(store)
    start = get_start_form(store, walking.process_id, who) if bundle.start_form else None
    case = get_instance(store, root.id, observer(store), now=walking.now) if root else None
    return WalkView(
        walking.process_id, name, _started_by(bundle), start, bundle.start_message, walking.now,
        tuple(WalkStepView(step, name_of(bundle, step, name)) for step in steps), failed, case,
        _others(store, root), _tasks(store), _services(store, bundle), walking.next_due(), _awaited(store),
        _messages(store),
    )  # fmt: skip


def _started_by(bundle: Bundle) -> str:
    if bundle.start_message:
        return BY_MESSAGE
    return BY_FORM if bundle.start_form or bundle.startable else BY_VALUES


def name_of(bundle: Bundle, step: WalkStep, process: Text) -> Text:
    """What a step is about, in words."""
    element = bundle.elements.get((step.process_id, step.element_id))
    if element is not None:
        return Text(element.name or element.id, element.name_en)
    return process if step.kind == START else Text(step.name or step.element_id)


def _others(store: Session, root: ProcessInstance | None) -> tuple[tuple[str, str, str], ...]:
    cases = store.scalars(select(ProcessInstance).order_by(ProcessInstance.started_at, ProcessInstance.id))
    return tuple((c.business_key, c.process_id, c.state) for c in cases if root is None or c.id != root.id)


def _tasks(store: Session) -> tuple[WalkTask, ...]:
    waiting = with_places(open_tasks(store))
    rows = {row.id: task_row(row) for row in store.execute(task_select().where(UserTask.state == "open"))}
    return tuple(WalkTask(t.process_id, t.element_id, position, rows[t.id]) for t, position in waiting)


def _services(store: Session, bundle: Bundle) -> tuple[WalkService, ...]:
    return tuple(_service(bundle, task, position) for task, position in with_places(open_externals(store)))


def _service(bundle: Bundle, task: ExternalTask, position: int) -> WalkService:
    element = bundle.elements.get((task.process_id, task.element_id))
    name = Text(element.name or element.id, element.name_en) if element else Text(task.element_id)
    return WalkService(task.process_id, task.element_id, position, name, task.topic, dict(task.inputs))


def _awaited(store: Session) -> tuple[str, ...]:
    return tuple(store.scalars(select(MessageWait.name).distinct().order_by(MessageWait.name)))


def _messages(store: Session) -> tuple[WalkMessage, ...]:
    numbers = {c.id: c.business_key for c in store.scalars(select(ProcessInstance))}
    sent = store.scalars(select(Message).order_by(Message.sent_at, Message.id))
    return tuple(
        WalkMessage(
            m.name, m.state, m.sent_at, numbers.get(m.sent_in or ""), numbers.get(m.delivered_to or ""),
            {**m.correlation, **m.payload},
        )
        for m in sent
    )  # fmt: skip
