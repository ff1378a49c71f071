"""What people say about a task."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from engine import (
    CommentView,
    add_comment,
    count_comments,
    find_comments,
    get_comment,
    transaction,
)
from web.api.blueprint import operation
from web.api.exchange import PAGING, answer, body, moment, page, string
from web.api.schemas import COUNT, array, given, maybe, nothing, record, text
from web.api.schemas import moment as moment_schema
from web.auth import actor
from web.db import db
from web.i18n import now

COMMENT = record(
    id=text, userId=text, taskId=text, processInstanceId=text, rootProcessInstanceId=text, time=moment_schema,
    message=text, removalTime=nothing,
)  # fmt: skip
ALL = "/task/<task_id>/comment"
SENT = given(message=maybe(text), processInstanceId=maybe(text))


def _shown(view: CommentView) -> dict[str, Any]:
    return {
        "id": view.id,
        "userId": view.by,
        "taskId": view.task_id,
        "processInstanceId": view.instance_id,
        "rootProcessInstanceId": view.instance_id,
        "time": moment(view.at),
        "message": view.text,
        "removalTime": None,
    }


@operation("GET", ALL, "What was said about a task", answer=array(COMMENT), query=PAGING, refuses=(404,))
def index(task_id: str) -> ResponseReturnValue:
    """A page of the comments, the newest first; those of a completed task, too."""
    return answer([_shown(view) for view in find_comments(db.session(), task_id, actor(), *page())])


@operation("GET", f"{ALL}/count", "How many comments a task has", answer=COUNT, refuses=(404,))
def count(task_id: str) -> ResponseReturnValue:
    """How many there are."""
    return answer({"count": count_comments(db.session(), task_id, actor())})


@operation("GET", f"{ALL}/<comment_id>", "One comment", answer=COMMENT, refuses=(404,))
def show(task_id: str, comment_id: str) -> ResponseReturnValue:
    """One comment."""
    return answer(_shown(get_comment(db.session(), task_id, comment_id, actor())))


@operation(
    "POST", f"{ALL}/create", "Comment on an open task", answer=COMMENT, body=SENT, refuses=(404, 409)
)  # fmt: skip
def create(task_id: str) -> ResponseReturnValue:
    """Add a comment, which stays for good. `Idempotency-Key` makes it safe to repeat."""
    said = string(body(), "message") or ""
    key = request.headers.get("Idempotency-Key")
    with transaction(db.session()):
        made = add_comment(db.session(), task_id, actor(), said, idempotency_key=key, now=now())
    return answer(_shown(made))
