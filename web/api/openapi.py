"""The OpenAPI 3.1 document, made from the table of operations: nothing is described that is not there."""

from __future__ import annotations

import re
from typing import Any

from web.api.blueprint import OPERATIONS, PREFIX, Operation, Schema
from web.api.schemas import ERROR, text

ALWAYS = (400, 401, 403, 429, 503)
SAID = {
    400: "The request makes no sense, or a form has problems",
    401: "No password or token, or a wrong one",
    403: "The person may not do this, or the token lacks the scope",
    404: "There is nothing of that name that the person may see",
    409: "Somebody was faster, or it has ended",
    413: "The request is too large",
    429: "Too many requests",
    503: "The database is full, busy or gone",
}
KEY = {"type": "string", "maxLength": 200}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def document() -> dict[str, Any]:
    """The description of all operations."""
    paths: dict[str, dict[str, Any]] = {}
    for made in OPERATIONS.values():
        path = PARAMETER.sub(r"{\1}", made.rule)
        paths.setdefault(path, {})[made.method.lower()] = _described(made)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Zhihuan",
            "version": "1",
            "description": "The part of the Camunda 7 REST API here",
        },
        "servers": [{"url": PREFIX}],
        "security": [{"password": []}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": {"Error": ERROR},
            "securitySchemes": {
                "password": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _described(made: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": made.endpoint,
        "summary": made.summary,
        "tags": [made.rule.split("/")[1]],
        "description": f"Needs the scope `{made.scope}` of a token.",
        "parameters": [*_in_path(made), *_in_query(made), *_in_header(made)],
        "responses": {**_answers(made), **_refusals(made)},
    }
    if made.body is not None:
        described["requestBody"] = {"content": {made.body_media: {"schema": made.body}}}
    return described


def _in_path(made: Operation) -> list[dict[str, Any]]:
    names = PARAMETER.findall(made.rule)
    return [{"name": name, "in": "path", "required": True, "schema": text} for name in names]


def _in_query(made: Operation) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": schema} for name, schema in made.query.items()]


def _in_header(made: Operation) -> list[dict[str, Any]]:
    return [{"name": "Idempotency-Key", "in": "header", "schema": KEY}] if made.once else []


def _answers(made: Operation) -> dict[str, Any]:
    schemas = {made.status: made.answer, **made.more}
    return {str(status): _answer(made, schema) for status, schema in sorted(schemas.items())}


def _answer(made: Operation, schema: Schema | None) -> dict[str, Any]:
    if schema is None:
        return {"description": "Done"}
    return {"description": made.summary, "content": {made.media: {"schema": schema}}}


def _refusals(made: Operation) -> dict[str, Any]:
    schema = {"schema": {"$ref": "#/components/schemas/Error"}}
    statuses = {*ALWAYS, *made.refuses, *([] if made.body is None else [413])}
    return {
        str(s): {"description": SAID[s], "content": {"application/json": schema}} for s in sorted(statuses)
    }
