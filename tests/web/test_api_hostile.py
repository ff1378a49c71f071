"""Hostile requests to `/engine-rest`: every answer is one of those described, none is a fault of ours.

Operations that take the same parameter share the strange texts for it, up to four of them, but for the worst;
`make thorough` sends every text to every one."""

import os
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.drive import contents
from tests.engine.test_modeler import WHOLE
from tests.web.pages import Site
from tests.web.programs import Program, program, with_token
from web.api.blueprint import OPERATIONS, Operation

STRANGE = [
    *("x", "%00", "a%00b", "%ed%a0%80", "%ff%fe", "..", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "'%20OR%201=1--"),
    *("%3Cscript%3E", "x" * 3000, "%0d%0aSet-Cookie:a=b", "{{7*7}}", "${7*7}", "%25s", "-1", "1e999", "null"),
]
FEARED = ("%00", "%ed%a0%80", "%ff%fe", "1e999")
"""What databases and numbers choke on, wherever they meet it: for every parameter of every operation."""
BODIES: list[Any] = [
    None, [], {}, "x", 1, {"userId": {}}, {"userId": "\ud800"}, {"userId": "a\x00b"}, {"userId": "x" * 10**5},
    {"variables": []}, {"variables": {"": None}}, {"variables": {"gist": {"value": "\x00"}}},
    {"variables": {"gist": {"value": [[[[[]]]]]}}},
    {"variables": {"gist": {"value": "[" * 9999, "type": "Json"}}},
    {"variables": {"typename": {"value": {"typename": "x"}}}}, {"variables": {"gist": {"value": 10**400}}},
    {"businessKey": "x" * 10**5, "variables": {"gist": {"value": "x"}}},
    {"suspended": [], "reason": {}}, {"suspended": True, "reason": "\ud800"}, {"retries": 10**30},
    {"messageName": "x", "correlationKeys": {"a": {"value": {"b": "\x00"}}}}, {"messageName": "\x00"},
    {"name": "bell\ud800", "variables": {"a": {"value": "\x00"}}},
    {"businessKey": "a\x00", "variables": {"gist": {"value": "x"}}},
]  # fmt: skip
TABLE = OPERATIONS.values()
TITLES = [f"{made.method} {made.rule}" for made in TABLE]
CHANGING = [made for made in TABLE if made.scope != "read"]
SHARED_BY = 1 if os.environ.get("ZHIHUAN_STRANGE") else 4  # operations at most


@pytest.fixture
def strict(site: Site) -> Site:
    """The site, answering faults of its own with 500 as in production."""
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    site.house.deploy(WHOLE)
    return site


def clear(by: Program, made: Operation, path: str, **facts: Any) -> int:
    """The status of an answer that must be one of those described."""
    answer = by.call(made.method, path, **facts)
    known = {made.status, *made.more, *made.refuses, 400, 403}
    assert answer.status_code in known, (path, facts, answer.status_code, answer.text[:300])
    assert "Set-Cookie" not in answer.headers
    return answer.status_code


def queries(made: Operation) -> Iterator[tuple[str, str]]:
    """Names of parameters, one of them unheard of, and the texts that this operation gets for each."""
    for name in made.query:
        alike = [other for other in TABLE if other.query.get(name) == made.query[name]]
        yield from ((name, text) for text in share(alike, made))
    yield from (("unheard", text) for text in share(list(TABLE), made))


def share(of: Sequence[Operation], made: Operation) -> list[str]:
    """The strange texts that are left to one of several operations. Together they get all, and each of them
    all that is feared."""
    parts = min(len(of), SHARED_BY)
    rest = [text for text in STRANGE if text not in FEARED]
    return [*FEARED, *rest[of.index(made) % parts :: parts]]


@pytest.mark.parametrize("made", TABLE, ids=TITLES)
def test_strange_addresses_queries_and_bodies_are_answered_as_described(
    strict: Site, made: Operation
) -> None:
    strict.case("p", gist="x")
    by = with_token(strict, "owner", "read", "work", "deploy")
    for text in STRANGE if "<" in made.rule else ():
        clear(by, made, re.sub(r"<\w+>", lambda _, text=text: text, made.rule))
    for name, text in queries(made):
        clear(by, made, f"{re.sub(r'<.*?>', 'x', made.rule)}?{name}={text}")
    if made.method in ("POST", "PUT"):
        path = re.sub(r"<(\w+)>", lambda found: "p" if found[1] == "key" else "x", made.rule)
        for sent in BODIES:
            clear(by, made, path, json=sent)
        for sent in BODIES[TITLES.index(f"{made.method} {made.rule}") % SHARED_BY :: SHARED_BY]:
            clear(by, made, path, data=repr(sent).encode("utf-8", "replace"), content_type="text/xml")


@pytest.mark.parametrize("made", CHANGING, ids=lambda made: f"{made.method} {made.rule}")
def test_what_changes_something_is_refused_without_the_scope_and_changes_nothing(
    strict: Site, made: Operation
) -> None:
    case = strict.case("p", gist="x")
    reader = with_token(strict, "cs_lead", "read")
    task = strict.task(case, "UT_do").rpartition("/")[2]
    places = {"instance_id": case.id, "task_id": task, "key": "p"}
    path = re.sub(r"<(\w+)>", lambda found: places.get(found[1], "x"), made.rule)
    session = strict.house.session
    before = contents(session)
    assert clear(reader, made, path, json={"userId": "cs"}) == 403
    session.rollback()
    after = contents(session)
    assert {name for name in after if after[name] != before[name]} <= {"api_token"}  # when it was used


def test_who_runs_accounts_sees_no_case(site: Site) -> None:
    case = site.case("p", gist="x")
    admin = program(site, "admin")
    assert admin.get("/process-instance") == admin.get("/task") == []
    assert admin.refused("GET", f"/process-instance/{case.id}") == (404, "instance_not_found")
    path = f"{site.task(case, 'UT_do').replace('tasks', 'task')}/complete"
    assert admin.refused("POST", path, json={"variables": {}}) == (403, "not_a_candidate")


def test_every_parameter_meets_every_strange_text_at_one_operation_or_another() -> None:
    met: dict[str, set[str]] = {}
    for made in TABLE:
        for name, text in queries(made):
            met.setdefault(f"{name} {made.query.get(name)}", set()).add(text)
    assert met.keys() >= {f"{name} {schema}" for made in TABLE for name, schema in made.query.items()}
    assert all(texts == set(STRANGE) for texts in met.values())
