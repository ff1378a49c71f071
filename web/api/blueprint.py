"""The blueprint of `/engine-rest`, and the table of its operations: what is routed is what is described."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Blueprint
from flask.typing import ResponseReturnValue

PREFIX = "/engine-rest"
bp = Blueprint("api", __name__, url_prefix=PREFIX)

Schema = Mapping[str, Any]
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
READ, WORK, DEPLOY = "read", "work", "deploy"


@dataclass(frozen=True)
class Operation:
    """One method of one path. `answer` is the schema of the answer (None: 204 without one), `media` its type
    where it is not JSON; `query`: name → schema; `more`: further statuses of success with their schemas;
    `refuses`: statuses beside those that every operation has; `scope`: what a token must open; `once`: an
    `Idempotency-Key` makes it safe to repeat."""

    method: str
    rule: str
    summary: str
    scope: str
    answer: Schema | None = None
    status: int = 200
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None
    more: Mapping[int, Schema] = field(default_factory=dict)
    refuses: tuple[int, ...] = ()
    media: str = "application/json"
    body_media: str = "application/json"
    once: bool = False

    @property
    def endpoint(self) -> str:
        """The name of the route inside the blueprint."""
        return f"{self.method.lower()}_{re.sub(r'[^a-z]+', '_', self.rule.lower()).strip('_')}"


OPERATIONS: dict[str, Operation] = {}


def operation(method: str, rule: str, summary: str, **facts: Any) -> Callable[[View], View]:
    """Routes a view and enters it into the table; `facts` are the other fields of Operation. By default
    what is got needs the scope "read", what is sent "work"."""
    facts.setdefault("scope", READ if method == "GET" else WORK)

    def routed(view: View) -> View:
        made = Operation(method, rule, summary, **facts)
        bp.add_url_rule(rule, made.endpoint, view, methods=[method])
        OPERATIONS[f"{bp.name}.{made.endpoint}"] = made
        return view

    return routed
