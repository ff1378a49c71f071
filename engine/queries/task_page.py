"""The task page: what the diagram says, the form with its values, earlier submissions, permissions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.diagram.element import Element
from engine.diagram.forms import Form
from engine.errors import CaseSuspended, TaskNotFound, TaskNotOpen
from engine.queries import permissions
from engine.queries.access import may_see_one, sees_nothing
from engine.queries.attachments import attachments_by_id, attachments_of
from engine.queries.bundles import bundle_of, bundle_when, bundles_over, moves_of
from engine.queries.clock import time_of
from engine.queries.clocks import clocks_of
from engine.queries.comments import comments_on
from engine.queries.four_eyes import four_eyes
from engine.queries.moved_tasks import outdated
from engine.queries.people import list_people, names_of, role_names
from engine.queries.permissions import Holders
from engine.queries.personal import PersonalData, draft_author
from engine.queries.reference import clause_views, list_clauses
from engine.queries.submissions import submissions_of
from engine.queries.tasks import task_rows, task_select
from engine.queries.views import Actor, AttachmentView, Permission, PersonView, TaskFormView, TaskView, Text
from engine.storage.models import HistoryEvent, UserTask, Variable

SHOWN_BEFORE = 100  # earlier submissions on a task page; the case page has all
JUDGED = frozenset({"审核", "批准", "会签", "验证", "确认"})  # signatures that stand for a judgement
MOVES_NOTHING = frozenset({"can_draft"})  # though the case is suspended
PASSED_ON = frozenset({"can_assign", "can_release", "can_delegate", "can_resolve"})  # though four eyes bind
ANSWERS = frozenset({"select", "radio", "checkbox"})
STATES_ZH = {"completed": "已完成", "cancelled": "已取消"}


def get_task(
    session: Session,
    task_id: str,
    actor: Actor,
    *,
    comments: str | None = None,
    now: datetime | None = None,
) -> TaskView:
    """A task page for whoever may see its case; `comments`: the cursor of a page of them. Raises
    TaskNotFound."""
    row = _row(session, task_id, actor)
    now_runs = bundle_of(session, row.bundle_hash)
    moves = moves_of(session, row.instance_id)
    bundle, element = _drawn(session, row, now_runs, moves)
    form, sight = bundle.form_of(element), PersonalData(session, actor, row.instance_id)
    names, values = _values(session, row, form, sight, element.sign in JUDGED)
    files = {view.id: view for view in attachments_of(session, row.instance_id)}
    bundle_at = bundles_over(session, now_runs, moves)
    before = submissions_of(session, bundle_at, sight, files, role_names(session), SHOWN_BEFORE)
    drafted = attachments_by_id(session, _drafted(row, files))
    clocks = clocks_of(session, row.instance_id, actor, time_of(now), now_runs)
    may = _permissions(session, row, element, bundle, actor)
    sight.log(f"task {task_id}", time_of(now))
    return TaskView(
        row=task_rows(session, [row])[0], revision=row.revision,
        documentation=Text(element.documentation, element.documentation_en),
        clauses=clause_views(list_clauses(session), element.clauses), sign=element.sign,
        record=element.record, form=form, values=values, names=names,
        draft_saved_at=row.draft_saved_at, submissions=before,
        attachments=(*files.values(), *drafted), **may,
        comments=comments_on(session, task_id, row.instance_id, comments),
        clocks=[c for c in clocks if c.running],
    )  # fmt: skip


def get_task_form(session: Session, task_id: str, actor: Actor, drawn_at: int | None = None) -> TaskFormView:
    """The form of a task, for whoever may see its case; `drawn_at`: the task's revision when the page was
    drawn that comes back. Raises TaskNotFound."""
    row = _row(session, task_id, actor)
    moves = moves_of(session, row.instance_id)
    bundle, element = _drawn(session, row, bundle_of(session, row.bundle_hash), moves)
    before = outdated(session, moves, row, drawn_at)
    return TaskFormView(task_id, bundle.form_of(element), element.sign, before)


def _row(session: Session, task_id: str, actor: Actor) -> Any:
    seen = UserTask.id == task_id, may_see_one(actor, UserTask.instance_id)
    row = session.execute(task_select().where(*seen)).one_or_none()
    if row is None:
        raise TaskNotFound(task_id)
    return row


def _drawn(
    session: Session, row: Any, now_runs: Bundle, moves: Sequence[HistoryEvent]
) -> tuple[Bundle, Element]:
    """The bundle that the task ran or runs with, and the element that drew it there."""
    bundle = bundle_when(session, now_runs, moves, row.completed_at if row.state != "open" else None)
    return bundle, bundle.elements[row.process_id, row.element_id]


def _values(
    session: Session, row: Any, form: Form | None, sight: PersonalData, judged: bool
) -> tuple[dict[str, object], dict[str, object]]:
    """What the form's conditions read, and what its fields show: draft, else current value, else default.

    Where the signature is a judgement (`judged`) its answers are asked anew: nobody signs the answer of the
    round before by leaving it ticked."""
    if form is None:
        return {}, {}
    wanted = form.reads | form.field_names
    statement = select(Variable).where(
        Variable.instance_id == row.instance_id,
        Variable.scope.in_({"", row.scope}),
        Variable.name.in_(wanted),
    )
    found = {v.name: v for v in session.scalars(statement.order_by(Variable.scope))}
    names = {n: found[n].value for n in form.reads if n in found}
    shown = {field.key: field.default for field in form.inputs}
    for name in form.field_names & found.keys():
        current = {name: found[name].value}
        shown |= sight.view(current, form.personal_names, found[name].updated_by)
    if judged:
        shown |= {field.key: field.default for field in form.inputs if field.type in ANSWERS}
    return names, shown | _typed(row, form, sight)


def _typed(row: Any, form: Form, sight: PersonalData) -> dict[str, object]:
    """What the draft holds, as far as the form asks for it; what is personal only for who typed it and for
    those whose work needs it."""
    asked = {field.key for field in form.inputs if not field.read_only}  # a draft holds nothing else of worth
    shown: dict[str, object] = {}
    for name in asked & (row.draft or {}).keys():
        by = draft_author(row, name)
        if name not in form.personal_names or not sight.hides_from_reader(by):
            shown |= sight.view({name: row.draft[name]}, form.personal_names, by)
    return shown


def _drafted(row: Any, files: Mapping[str, AttachmentView]) -> list[str]:
    lists = [value for value in (row.draft or {}).values() if isinstance(value, list)]
    return [item for value in lists for item in value if isinstance(item, str) and item not in files]


def _permissions(
    session: Session, row: Any, element: Element, bundle: Bundle, actor: Actor
) -> dict[str, Any]:
    pending = row.delegation == "pending"
    holders = Holders(row.assignee_id, row.candidate_groups, row.candidate_users, row.owner_id, pending)
    closed, held = _closed(row), CaseSuspended() if row.suspended else None
    two = four_eyes(session, bundle, element, row.instance_id, row.scope, actor.person_id)
    rules = {
        "can_complete": permissions.may_complete(holders, actor),
        "can_claim": permissions.may_claim(holders, actor),
        "can_release": permissions.may_release(holders, actor),
        "can_assign": permissions.may_assign(holders, actor),
        "can_draft": permissions.may_work(holders, actor),
        "can_delegate": permissions.may_delegate(holders, actor),
        "can_resolve": permissions.may_resolve(holders, actor),
    }
    for refused, spared in ((two, PASSED_ON), (held, MOVES_NOTHING), (closed, frozenset())):
        if refused:
            rules |= {name: Permission(False, refused) for name in rules.keys() - spared}
    asked = rules["can_assign"] or rules["can_delegate"]
    people = [person for person in list_people(session) if person.active] if asked else []
    served = {row.assignee_id, actor.person_id if rules["can_claim"] else None}  # has it, or may claim it
    others = [person for person in people if person.id not in served]
    assignable = _assignable(others, holders) if rules["can_assign"] else ()
    helpers = _helpers(people, actor) if rules["can_delegate"] else ()
    owner = names_of(session, [row.owner_id]).get(row.owner_id or "") if pending else None
    return {**rules, "assignable": assignable, "helpers": helpers, "delegated_by": owner}


def _closed(row: Any) -> TaskNotOpen | None:
    if row.state == "open":
        return None
    return TaskNotOpen(
        completed_by=row.completed_by_name or "-", completed_at=row.completed_at, state=row.state,
        state_zh=STATES_ZH[row.state],
    )  # fmt: skip


def _assignable(people: Iterable[PersonView], holders: Holders) -> tuple[PersonView, ...]:
    """Those who are candidates; everybody where the diagram names none."""
    if not holders.candidate_groups and not holders.candidate_users:
        return tuple(people)
    return tuple(p for p in people if holders.offers(p.id, p.groups))


def _helpers(people: Iterable[PersonView], actor: Actor) -> tuple[PersonView, ...]:
    """Those who could prepare a task for the actor."""
    others = (person for person in people if person.id != actor.person_id)
    return tuple(p for p in others if not sees_nothing(Actor(p.id, p.name, frozenset(p.groups))))
