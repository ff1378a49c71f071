"""schemathesis over the description of `/engine-rest`: what it says is what every role gets.

ZHIHUAN_SCHEMATHESIS=200 looks longer than the few requests that a run of the suite can afford."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks
from sqlalchemy.orm import Session

import engine
from tests.databases import Databases
from tests.drive import PASSWORD, House, sign_up
from tests.engine.test_external import GUARDED
from tests.engine.test_modeler import WHOLE
from tests.web.pages import Live
from web import create_app
from web.api.blueprint import OPERATIONS, PREFIX, Operation
from web.api.openapi import PARAMETER
from web.db import db
from web.settings import Settings

EXAMPLES = int(os.environ.get("ZHIHUAN_SCHEMATHESIS", "3"))
ROLES = ("admin", "owner", "cs", None)
LIMIT = "1000000 per minute"
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
QUICK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="ZHIHUAN_SCHEMATHESIS" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
TABLE = list(OPERATIONS.values())
TITLES = [f"{made.method} {made.rule}" for made in TABLE]


@dataclass(frozen=True)
class Described:
    """The interface as schemathesis reads it, and what is there, by the names of the description."""

    schema: schemathesis.BaseSchema
    places: Mapping[str, str]

    def requests(self, made: Operation) -> st.SearchStrategy[schemathesis.Case]:
        """Requests that fit the description or break it, about things that are there or are not."""
        drawn = self.schema[PARAMETER.sub(r"{\1}", made.rule)][made.method]
        places = {**self.places, "task_id": self.places["work" if "/external-" in made.rule else "task_id"]}
        known = {name: places.get(name, "x") for name in PARAMETER.findall(made.rule)}
        asked = [
            drawn.as_strategy(generation_mode=mode, path_parameters=there)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
            for there in ([None, known] if known else [None])
            if mode is GenerationMode.POSITIVE or made.body or made.query
        ]
        return st.one_of(asked).map(_impatient)


def _impatient(case: schemathesis.Case) -> schemathesis.Case:
    """The same request, waiting for work no longer than a moment."""
    if isinstance(case.body, dict) and isinstance(case.body.get("asyncResponseTimeout"), (int, float)):
        case.body["asyncResponseTimeout"] = min(case.body["asyncResponseTimeout"], 1)
    return case


@pytest.fixture(scope="module")
def described(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """A company in which cases wait for people and for programs."""
    files = tmp_path_factory.mktemp("described") / "files"
    with databases.copy("empty") as url:
        app = create_app(Settings(database_url=url, files=files, sign_in_limit=LIMIT, api_limit=LIMIT))
        with app.app_context():
            database = db.engine
        with Session(database) as session:
            sign_up(session)
            places = furnish(House(session, Live(), files))
        address = f"{PREFIX}/openapi.json"
        schema = schemathesis.openapi.from_wsgi(address, app, auth=("owner", PASSWORD))
        yield Described(schema, places)
        database.dispose()


def furnish(house: House) -> dict[str, str]:
    """Deploys, starts one case of each kind, and says what is there, as paths name it."""
    house.deploy({**WHOLE, **GUARDED})
    session, owner = house.session, house.actor("owner")
    house.start("p", gist="漏油")
    case = house.start("other", gist="漏水")
    deployment = engine.list_deployments(session, owner, {}, 0, 1)[0].id
    found = {
        "key": "other",
        "definition_id": engine.get_deployed_definition(session, owner, process_id="other").id,
        "instance_id": case.id,
        "task_id": case.task("UT_x").id,
        "work": engine.find_external(session, house.actor("it"), {}, 0, 1)[0].id,
        "deployment_id": deployment,
        "resource_id": engine.list_resources(session, deployment, owner)[0].id,
        "name": "gist",
    }
    session.rollback()
    return found


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "nobody")
@pytest.mark.parametrize("made", TABLE, ids=TITLES)
def test_every_answer_is_one_of_those_described_and_wrong_roles_are_refused(
    described: Described, made: Operation, role: str | None
) -> None:
    """No fault of ours, no status that is not written down, every shape as said; nobody gets in without a
    password, nobody but a process owner deploys, who only runs accounts changes no case."""

    @QUICK
    @given(described.requests(made))
    def ask(case: schemathesis.Case) -> None:
        signed: dict[str, Any] = {} if role is None else {"auth": (role, PASSWORD)}
        answer = case.call(**signed)
        case.validate_response(answer, CHECKS)
        if role is None:
            assert answer.status_code == 401
        elif made.scope == "deploy" and role != "owner":
            assert answer.status_code in (400, 403)
        elif role == "admin" and made.scope == "work" and not made.rule.endswith("/fetchAndLock"):
            assert answer.status_code in (400, 403, 404, 409)  # 409: the task has been closed meanwhile

    ask()
