"""What the engine shows: small frozen records, the only shapes that pages ever see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from engine.errors import EngineError, Problem

if TYPE_CHECKING:
    from engine.diagram.forms import Form
    from engine.queries.clocks import ClockView
    from engine.queries.comments import CommentView
    from engine.queries.items import Item
    from engine.queries.moved_tasks import Outdated

T = TypeVar("T")
SAMPLE = "sample:"  # begins the id of a file that was only named on a form of a walk


@dataclass(frozen=True)
class Text:
    """One text in both languages; English falls back to Chinese where a diagram gives none."""

    zh: str
    en: str = ""

    def get(self, lang: str) -> str:
        """The text in `lang` ("zh" or "en")."""
        return (self.en or self.zh) if lang == "en" else self.zh


@dataclass(frozen=True)
class Actor:
    """Who acts: `person_id` is the user name; `groups` as of sign-in of this request.

    `must_change_password`: somebody else chose the password, so nothing may be signed with it."""

    person_id: str
    name: str
    groups: frozenset[str]
    language: str = "zh"
    must_change_password: bool = False


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. Cursors are opaque; `total` stops counting at `COUNT_LIMIT` (`total_is_capped`)."""

    items: list[T]
    next_cursor: str | None
    previous_cursor: str | None
    total: int
    total_is_capped: bool = False


@dataclass(frozen=True)
class PersonView:
    """A person as others see them."""

    id: str
    name: str
    groups: tuple[str, ...]
    language: str
    active: bool


@dataclass(frozen=True)
class GroupView:
    """A candidate group of the organisation (`groups.csv`)."""

    id: str
    name: Text
    duty: Text


@dataclass(frozen=True)
class ClauseView:
    """A clause of a regulation, in our paraphrase (`clauses.csv`)."""

    id: str
    regulation: str
    text: Text


@dataclass(frozen=True)
class AttachmentView:
    """An attached file; `size` in bytes; `media_type` as sniffed, not as claimed."""

    id: str
    filename: str
    media_type: str
    size: int
    sha256: str
    uploaded_at: datetime
    uploaded_by: str
    uploaded_by_name: str

    @property
    def is_sample(self) -> bool:
        """Whether it was only named while a process was tried, so that there is nothing to open."""
        return self.id.startswith(SAMPLE)


@dataclass(frozen=True)
class StartableView:
    """A process that the actor may start."""

    process_id: str
    name: Text
    documentation: Text
    version: int
    has_form: bool
    suspended: bool = False


@dataclass(frozen=True)
class StepView:
    """A user task of a deployed process, for choosing what a list shows."""

    process_id: str
    process_name: Text
    element_id: str
    name: Text


@dataclass(frozen=True)
class StartFormView:
    """The form that starts a process; `form` is None where the start event has none.

    `values` are the form's defaults; `names` the case variables its conditions read (none yet)."""

    process_id: str
    name: Text
    documentation: Text
    form: "Form | None"
    values: Mapping[str, object]
    names: Mapping[str, object]
    clauses: tuple[ClauseView, ...] = ()


@dataclass(frozen=True)
class TaskRow:
    """One line of a task list. `state`: open, completed, cancelled. `warn_at`: when the clock warns that its
    due time was read from; `suspended`: its case is; `draft_saved_at`: when its form was last saved as a
    draft, for whoever has the task; of a free task, for whoever saved it last; `items`: what of a
    multi-instance activity it is about, the outermost first."""

    id: str
    instance_id: str
    business_key: str
    title: str
    process_id: str
    process_name: Text
    element_id: str
    name: str
    name_en: str
    lane: str
    lane_en: str
    state: str
    assignee: str | None
    assignee_name: str | None
    candidate_groups: tuple[str, ...]
    created_at: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    completed_at: datetime | None
    completed_by: str | None
    completed_by_name: str | None
    warn_at: datetime | None = None
    suspended: bool = False
    draft_saved_at: datetime | None = None
    items: tuple["Item", ...] = ()


@dataclass(frozen=True)
class SignatureView:
    """An electronic signature: printed name, meaning, time, and the hash of the content signed."""

    meaning: str
    person_id: str
    printed_name: str
    at: datetime
    content_hash: str


@dataclass(frozen=True)
class SubmissionView:
    """A submitted form, read-only; `form` is the form as deployed with the instance's bundle."""

    id: str
    element_id: str
    process_id: str
    scope: str
    name: Text
    at: datetime
    by: str
    by_name: str
    role: str
    role_name: Text
    form: "Form | None"
    values: Mapping[str, object]
    attachments: tuple[AttachmentView, ...]
    record_number: str | None
    signature: SignatureView | None


@dataclass(frozen=True)
class Permission:
    """Whether the actor may do something now, and if not, why."""

    allowed: bool
    refusal: EngineError | None = None

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class TaskFormView:
    """What a page of a task that comes back is read with. `sign`: the meaning of the signature it asks for.

    `outdated`: what the page was when it was drawn, if the case has been moved since."""

    id: str
    form: "Form | None"
    sign: str | None
    outdated: "Outdated | None"


@dataclass(frozen=True)
class TaskView:
    """A task page: the row, what the diagram says about it, the form and what was submitted before.

    `helpers`: to whom the actor may delegate it; `delegated_by`: who did, while it is delegated."""

    row: TaskRow
    revision: int
    documentation: Text
    clauses: tuple[ClauseView, ...]
    sign: str | None
    record: str | None
    form: "Form | None"
    values: Mapping[str, object]
    names: Mapping[str, object]
    draft_saved_at: datetime | None
    submissions: list[SubmissionView]
    attachments: tuple[AttachmentView, ...]
    can_complete: Permission
    can_claim: Permission
    can_release: Permission
    can_assign: Permission
    can_draft: Permission
    can_delegate: Permission
    can_resolve: Permission
    assignable: tuple[PersonView, ...] = ()
    helpers: tuple[PersonView, ...] = ()
    delegated_by: str | None = None
    comments: "Page[CommentView]" = field(default_factory=lambda: Page([], None, None, 0))
    clocks: "list[ClockView]" = field(default_factory=list)


@dataclass(frozen=True)
class InstanceRow:
    """One line of the list of instances. `state`: running, completed, cancelled. `due_at`: the next end of a
    running clock, `warn_at` when that one warns; `breaches`: how many clocks were or are late; `late_tasks`:
    how many open tasks are past their due time, be it that of a clock or not."""

    id: str
    business_key: str
    title: str
    process_id: str
    process_name: Text
    state: str
    outcome: Text | None
    started_at: datetime
    started_by: str
    started_by_name: str
    ended_at: datetime | None
    open_tasks: int
    due_at: datetime | None = None
    warn_at: datetime | None = None
    breaches: int = 0
    suspended: bool = False
    late_tasks: int = 0


@dataclass(frozen=True)
class CurrentView:
    """A token's place in a diagram: the element where somebody is asked to act."""

    element_id: str
    task_id: str
    assignee_name: str | None
    groups: tuple[str, ...]


@dataclass(frozen=True)
class DiagramView:
    """One diagram of an instance: how often each element completed, the flows taken, the current tasks.

    A called process that ran several times (multi-instance, rework) is shown once, counts added up.
    `inside`: the call activities that are at work now."""

    process_id: str
    name: Text
    names: Mapping[str, Text]
    completed: Mapping[str, int]
    flows: Sequence[str]
    current: Sequence[CurrentView]
    inside: Sequence[str] = ()


@dataclass(frozen=True)
class HistoryView:
    """One event of the hash-chained history, as a sentence."""

    seq: int
    at: datetime
    actor: str | None
    actor_name: str | None
    role: str | None
    role_name: Text | None
    kind: str
    text: Text
    reason: str | None
    clauses: tuple[ClauseView, ...]
    process_id: str | None
    element_id: str | None
    hash: str


@dataclass(frozen=True)
class VariableView:
    """The current value of a variable; `scope` is "" or the id of a multi-instance child.

    `words`: the owner's words for the answer of a decision."""

    name: str
    label: Text
    scope: str
    value: object
    updated_at: datetime
    updated_by: str
    personal: bool
    words: Text | None = None


@dataclass(frozen=True)
class RecordRow:
    """An issued, numbered record of an instance."""

    number: str
    record_id: str
    name: Text
    issued_at: datetime
    issued_by: str
    issued_by_name: str
    content_hash: str


@dataclass(frozen=True)
class RecordView:
    """A record to print: its row, the submission that issued it and the `parts` before it that it carries;
    `intact`: the content still matches the hash."""

    row: RecordRow
    business_key: str
    title: str
    copies: str
    submission: SubmissionView
    intact: bool
    parts: tuple[SubmissionView, ...] = ()


@dataclass(frozen=True)
class InstanceView:
    """A case page: state, diagrams, open tasks, clocks, history, submissions, variables, records, files."""

    id: str
    business_key: str
    title: str
    process_id: str
    process_name: Text
    version: int
    bundle_hash: str
    state: str
    outcome: Text | None
    started_at: datetime
    started_by: str
    started_by_name: str
    ended_at: datetime | None
    diagrams: list[DiagramView]
    tasks: list[TaskRow]
    clocks: "list[ClockView]"
    history: list[HistoryView]
    submissions: list[SubmissionView]
    variables: list[VariableView]
    records: list[RecordRow]
    attachments: tuple[AttachmentView, ...]
    chain_ok: bool
    can_cancel: Permission
    suspended: bool = False
    can_suspend: bool = False


@dataclass(frozen=True)
class Deployment:
    """What a deployment did: for each startable or called process its version, and which are new."""

    id: str
    at: datetime
    by: str
    versions: Mapping[str, int]
    new: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = field(default=())


@dataclass(frozen=True)
class Started:
    """A new instance and the tasks that it opened for the actor."""

    instance_id: str
    business_key: str
    opened: tuple[str, ...] = ()


@dataclass(frozen=True)
class Completed:
    """A completed task: the tasks it opened that this actor may work on, and whether the case ended."""

    instance_id: str
    business_key: str
    opened: tuple[str, ...]
    ended: bool = False


@dataclass(frozen=True)
class BrokenLink:
    """The first link of an instance's history that does not hold; `what`: missing, altered, reordered,
    truncated, submission, signature or record."""

    instance_id: str
    business_key: str
    seq: int
    what: str
    text: Text


@dataclass(frozen=True)
class MessageSent:
    """A message that was sent. `state`: delivered (then `instance_id` took it, or was `started` by it) or
    pending."""

    message_id: str
    state: str
    instance_id: str | None
    started: bool = False


@dataclass(frozen=True)
class SignalSent:
    """A signal that was sent, and how many cases waited for it."""

    signal_id: str
    cases: int
