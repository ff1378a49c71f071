"""Tasks: the open ones that the person may see, taking, handing over and completing them."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from engine import (
    assign_task,
    claim_task,
    complete_task,
    count_open_tasks,
    find_tasks,
    get_open_task,
    get_task,
    release_task,
    transaction,
)
from engine.errors import NotAllowed
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, body, chosen, done, order, page, query, sorting, string
from web.api.instance_shape import current
from web.api.schemas import COUNT, array, flag, given, maybe, one_of, record, text
from web.api.task_shape import DELEGATIONS, TASK, shown_task
from web.api.variables import CHOICE, SENT, VARIABLES, all_shown, received
from web.auth import actor
from web.db import db
from web.errors import Unreadable
from web.i18n import now

FILTERS = {
    "taskId": "id", "processInstanceId": "instance_id", "processInstanceBusinessKey": "key",
    "processDefinitionId": "definition_id", "processDefinitionKey": "process_id",
    "taskDefinitionKey": "element_id", "name": "name", "assignee": "assignee", "owner": "owner",
    "candidateGroup": "group", "candidateUser": "user",
}  # fmt: skip
SORTS = {
    "instanceId": "instance_id", "executionId": "instance_id", "dueDate": "due", "followUpDate": "follow_up",
    "assignee": "assignee", "created": "created", "id": "id", "name": "name",
    "nameCaseInsensitive": "lower_name", "priority": "priority",
}  # fmt: skip
QUERY = {
    **dict.fromkeys(FILTERS, text),
    **dict.fromkeys(("assigned", "unassigned", "active", "suspended"), flag),
    "delegationState": one_of(DELEGATIONS),
}
LINK = record(userId=maybe(text), groupId=maybe(text), type=text)
USER = given(userId=maybe(text), reason=maybe(text))
ONE = "/task/<task_id>"
NO_REASON = "Assigned by a program, which gave no reason."  # Camunda's clients have no field for one


def _wanted() -> dict[str, Any]:
    asked, wanted = query(), chosen(FILTERS)
    for fact, yes, no in (("assigned", "assigned", "unassigned"), ("suspended", "suspended", "active")):
        if asked.get(yes) and asked.get(no):
            raise Unreadable(f"A task is {yes} or {no}, not both.")
        if asked.get(yes) or asked.get(no):
            wanted[fact] = bool(asked.get(yes))
    if "delegationState" in asked:
        wanted["delegation"] = asked["delegationState"].lower()
    return wanted


@operation("GET", "/task", "Open tasks", answer=array(TASK), query=QUERY | sorting(SORTS) | PAGING)
def index() -> ResponseReturnValue:
    """A page of the open tasks of cases that the person may see, the oldest first."""
    found = find_tasks(db.session(), actor(), _wanted(), *page(), order(SORTS))
    return answer([shown_task(task) for task in found])


@operation("GET", "/task/count", "How many open tasks there are", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_open_tasks(db.session(), actor(), _wanted())})


@operation("GET", ONE, "An open task", answer=TASK, refuses=(404,))
def show(task_id: str) -> ResponseReturnValue:
    """One open task."""
    return answer(shown_task(get_open_task(db.session(), task_id, actor())))


@operation(
    "GET", f"{ONE}/form-variables", "What the form of a task asks", answer=VARIABLES, query=CHOICE,
    refuses=(404,),
)  # fmt: skip
def form_variables(task_id: str) -> ResponseReturnValue:
    """The fields of the form with what they show: draft, else present value, else default."""
    get_open_task(db.session(), task_id, actor())
    with transaction(db.session()):  # reading personal data in clear is logged
        values = dict(get_task(db.session(), task_id, actor(), now=now()).values)
    return answer(all_shown(values))


@operation(
    "GET", f"{ONE}/identity-links", "Who has a task and to whom it is offered", answer=array(LINK),
    query={"type": text}, refuses=(404,),
)  # fmt: skip
def identity_links(task_id: str) -> ResponseReturnValue:
    """The assignee and the candidates."""
    kind, task = query().get("type"), get_open_task(db.session(), task_id, actor())
    held = (task.assignee, "assignee"), (task.owner, "owner")
    links = [(user, None, of) for user, of in held if user]
    links += [(user, None, "candidate") for user in task.candidate_users]
    told = [*links, *((None, group, "candidate") for group in task.candidate_groups)]
    shown = [{"userId": user, "groupId": group, "type": of} for user, group, of in told]
    return answer([link for link in shown if kind in (None, link["type"])])


CHANGES: dict[str, Any] = {"status": 204, "refuses": (404, 409)}


@operation("POST", f"{ONE}/claim", "Take a task", body=USER, **CHANGES)
def claim(task_id: str) -> ResponseReturnValue:
    """Take a task for oneself; for somebody else it is assigned, not claimed."""
    if string(body(), "userId") not in (None, actor().person_id):
        raise NotAllowed(what="claim a task for somebody else", what_zh="替他人认领任务")
    with transaction(db.session()):
        claim_task(db.session(), task_id, actor(), now=now())
    return done()


@operation("POST", f"{ONE}/unclaim", "Give a task back to its candidates", **CHANGES)
def unclaim(task_id: str) -> ResponseReturnValue:
    """Give one's task back."""
    with transaction(db.session()):
        release_task(db.session(), task_id, actor(), now=now())
    return done()


@operation("POST", f"{ONE}/assignee", "Hand a task to somebody, or (null) back", body=USER, **CHANGES)
def assignee(task_id: str) -> ResponseReturnValue:
    """Hand a task over. `reason`, which Camunda does not have, goes into the history; without it the history
    says that a program gave none."""
    sent = body()
    person, reason = string(sent, "userId"), string(sent, "reason")
    if person is None:
        return unclaim(task_id)
    with transaction(db.session()):
        assign_task(db.session(), task_id, actor(), person, (reason or "").strip() or NO_REASON, now=now())
    return done()


COMPLETE = given(variables=maybe(SENT), withVariablesInReturn=flag)


@operation(
    "POST", f"{ONE}/complete", "Complete a task", body=COMPLETE, more={200: VARIABLES}, once=True, **CHANGES
)
def complete(task_id: str) -> ResponseReturnValue:
    """Complete a task with values of its form; fields that are not sent keep their present value. A task that
    is signed is completed on its page. `Idempotency-Key` makes it safe to repeat."""
    sent = body()
    values = received(sent.get("variables"))
    with transaction(db.session()):
        completed = complete_task(
            db.session(), task_id, actor(), values, keep_rest=True,
            idempotency_key=request.headers.get("Idempotency-Key"), now=now(),
        )  # fmt: skip
    if sent.get("withVariablesInReturn") is not True:
        return done()
    with transaction(db.session()):  # reading personal data in clear is logged
        return answer(current(completed.instance_id))
