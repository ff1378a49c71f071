"""A furnished company in memory that is put back after every request, and what each role is answered."""

import re
from dataclasses import dataclass, field
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import engine
from tests.drive import PASSWORD, House, sign_up
from tests.engine.test_external import GUARDED
from tests.engine.test_modeler import WHOLE
from tests.web.pages import COMPILED, Live
from web import create_app
from web.db import db
from web.settings import Settings

ROLES = {
    "anonymous": None,
    "candidate": "cs",  # staff in the group that the tasks are offered to
    "elsewhere": "dept",  # staff of another group, who neither started nor worked in the case
    "owner": "owner",
    "compliance": "compliance",
    "admin": "admin",
    "it": "it",  # who serves external tasks
}
SENT = {
    "reason": "试",
    "day": "2026-10-01",
    "working": "true",
    "person": "cs2",
    "language": "zh",
    "name": "新",
    "username": "new",
    "note": "请改",
    "text": "看过",
    "revision": "1",
    "content": "<a/>",
}
BODY = {"retries": 1, "workerId": "w", "errorCode": "E", "userId": "cs", "reason": "试"}
LIMIT = "1000000 per minute"
IDS = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
GIVEN = re.compile(r"<any\((\w+).*?\):\w+>")


@dataclass(frozen=True)
class Company:
    """The app, its database as it was furnished, and what the addresses name."""

    app: Flask
    database: Engine
    furnished: bytes
    places: dict[str, str]
    browsers: dict[str | None, FlaskClient] = field(default_factory=dict)

    def verbs(self) -> set[tuple[str, str]]:
        """Every route and verb of the app."""
        return {
            (str(rule), verb)
            for rule in self.app.url_map.iter_rules()
            for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }

    def put_back(self) -> None:
        """Forgets what the last request changed."""
        with self.database.connect() as connection:
            connection.connection.dbapi_connection.deserialize(self.furnished)

    def asks(self, role: str, route: str, verb: str) -> str:
        """What somebody of a role is answered: allowed, 401, 403, 404 or sign-in.

        An empty form that is refused for what it lacks was let in."""
        return told(self.answer(role, route, verb))

    def answer(self, role: str, route: str, verb: str = "GET") -> TestResponse:
        """What somebody of a role is answered, on what is there."""
        self.put_back()
        rest, person = route.startswith("/engine-rest"), ROLES[role]
        facts: dict[str, object] = {"auth": (person, PASSWORD)} if rest and person else {}
        client = self.app.test_client() if rest else self.visitor(person, again=route == "/sign-out")
        if verb in ("POST", "PUT"):
            facts |= sent_to(route, rest)
        return client.open(self.address(route), method=verb, buffered=True, **facts)

    def visitor(self, person: str | None, again: bool) -> FlaskClient:
        """Somebody's browser, in which he has signed in; `again` for one that nobody uses afterwards."""
        if again or person not in self.browsers:
            client = self.app.test_client()
            if person:
                client.post("/sign-in", data={"username": person, "password": PASSWORD})
            if again:
                return client
            self.browsers[person] = client
        return self.browsers[person]

    def address(self, route: str) -> str:
        """An address of something that is there."""
        places = self.places | ({"task_id": self.places["work"]} if "/external-task" in route else {})
        places |= {"name": "other.bpmn"} if "/files/" in route or "/edit/" in route else {}
        places |= {"name": "grade.dmn"} if route.endswith("/table") else {}
        places |= {"name": "note.form"} if "/forms/" in route else {}
        return IDS.sub(lambda found: places[found[1]], GIVEN.sub(r"\1", route))


def sent_to(route: str, rest: bool) -> dict[str, object]:
    """What a request carries: enough to be asked who one is, not what is missing."""
    if route.endswith("/deployment/create"):
        return {"data": {"data": (BytesIO(WHOLE["other.bpmn"]), "other.bpmn")}}
    if route == "/tasks/<task_id>":
        return {}  # a field that its form does not have would be refused first
    if route.endswith("/suspended"):
        return {"json": {"suspended": True}}
    if route.startswith("/drafts/<draft_id>/files"):
        content = BytesIO(WHOLE["other.bpmn"]), "other.bpmn"
        return {"data": {**SENT, "name": "new.bpmn", "content": content}}
    told: dict[str, object] = {
        "/engine-rest/message": {"messageName": "m"},
        "/engine-rest/signal": {"name": "s"},
        "/engine-rest/task/<task_id>/comment/create": {"message": "看过"},
        "/engine-rest/task/<task_id>/resolve": {},
    }
    return {"json": told.get(route, BODY)} if rest else {"data": SENT}


def told(answer: TestResponse) -> str:
    """An answer in the words of the table."""
    if answer.status_code in (401, 403, 404):
        return str(answer.status_code)
    if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in"):
        return "sign-in"
    assert answer.status_code < 500, answer.text
    return "allowed"


def company(files: object, **settings: object) -> Company:
    """A company in which a case waits for people and another one for a program."""
    limits: dict[str, object] = {"sign_in_limit": LIMIT, "api_limit": LIMIT}
    app = create_app(
        Settings(database_url="sqlite://", files=files, **(limits | settings)),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
    )
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        database = db.engine
    engine.migrate(database)
    with Session(database) as session:
        sign_up(session)
        places = _furnish(House(session, Live(), files))
    with database.connect() as connection:
        furnished = connection.connection.dbapi_connection.serialize()
    return Company(app, database, furnished, places)


def _furnish(house: House) -> dict[str, str]:
    house.deploy({**WHOLE, **GUARDED})
    session, owner = house.session, house.actor("owner")
    house.start("p", gist="漏油")
    case = house.start("other", gist="漏水")
    deployment = engine.list_deployments(session, owner, {}, 0, 1)[0].id
    with engine.transaction(session):
        made = engine.create_token(session, house.actor("staff2"), "test", ("read",))
        draft = engine.create_definition_draft(session, owner, "other", "改")
        engine.add_definition_file(session, owner, draft, "grade.dmn")
        engine.add_definition_file(session, owner, draft, "note.form")
        said = engine.add_comment(session, case.task("UT_x").id, house.actor("cs"), "看过")
    (value,) = engine.find_values(session, house.actor("cs"), {"instance_id": case.id, "name": "gist"})
    places = {
        "key": "other", "process_id": "other", "version": "1", "name": "gist", "number": "none",
        "definition_id": engine.get_deployed_definition(session, owner, process_id="other").id,
        "instance_id": case.id, "task_id": case.task("UT_x").id,
        "work": engine.find_external(session, house.actor("it"), {}, 0, 1)[0].id,
        "deployment_id": deployment,
        "resource_id": engine.list_resources(session, deployment, owner)[0].id,
        "person_id": "staff2", "token_id": made.token.id, "attachment_id": house.attach("cs"),
        "notification_id": "none", "message_id": "none", "incident_id": "none", "job_id": "none",
        "draft_id": draft, "subject": "version:other:1", "scenario_id": "none", "migration_id": "none",
        "value_id": value.id, "comment_id": said.id, "group_id": "cs", "element_id": "UT_x",
        "position": "0", "place": "0", "year": "2026", "channel": "email", "filename": "ring.svg",
    }  # fmt: skip
    session.rollback()
    return places
