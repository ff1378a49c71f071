"""How long somebody at Camunda Modeler waits for each answer, with the regulations as they are shipped."""

import json
import re
from collections.abc import Iterator

from tests.bench.measure import Measure, times_as_long
from tests.bench.plan import Plan
from tests.bench.servers import servers
from tests.company import BPMN, furnish
from tests.web.modeler import Answer, Modeler
from web.demo.people import PASSWORD

ROUNDS = 3
OWNER = "jiang.bo"
A_SECOND = 1.0
REPORT = {
    "aware_at": {"value": "2026-11-16T09:00", "type": "String"},
    "channel": {"value": "电话热线", "type": "String"},
    "gist": {"value": "阀门渗漏", "type": "String"},
}
FORM = re.compile(rb'camunda:formRef="(\w+)"')


def measure(plan: Plan) -> Iterator[Measure]:
    """The slowest answer of each kind, each round on a server that has just started and read nothing yet."""
    rounds = [_slowest(plan, number) for number in range(ROUNDS)]
    for kind in rounds[0]:
        pairs = [(found[kind], A_SECOND) for found in rounds]
        yield times_as_long(f"Camunda Modeler, {kind}: the slowest answer against a second (s)", pairs, 1.0)


def _slowest(plan: Plan, number: int) -> dict[str, float]:
    file = plan.at(f"modeler/{number}.sqlite")
    furnish(f"sqlite:///{file}")
    slowest: dict[str, float] = {}
    with servers(1, f"sqlite:///{file}", plan.at(f"modeler/{number}")) as (server,):
        desk = Modeler(server.url, OWNER, PASSWORD)
        for kind, status, answer in _sequence(desk):
            if answer.status != status:
                raise RuntimeError(f"{kind}: {answer.status} {answer.body[:500]!r}")
            slowest[kind] = max(slowest.get(kind, 0.0), answer.seconds)
    return slowest


def _sequence(desk: Modeler) -> Iterator[tuple[str, int, Answer]]:
    """What is asked, the status that is due, the answer."""
    check = "/engine-rest/deployment?maxResults=0"
    yield "check without credentials", 401, desk.call("GET", check, signed=False)
    yield "wrong password", 401, Modeler(desk.url, desk.user, "guess").call("GET", check)
    yield "OPTIONS", 200, desk.call("OPTIONS", "/engine-rest/deployment/create", signed=False)
    for drawn in sorted(BPMN.glob("*.bpmn")):
        yield "check", 200, desk.call("GET", check)
        yield "version", 200, desk.call("GET", "/engine-rest/version")
        changed = re.sub(rb'\bname="', b'name="~', drawn.read_bytes(), count=1)
        forms = sorted({name.decode() for name in FORM.findall(changed)})
        files = {f"{name}.form": (BPMN / "forms" / f"{name}.form").read_bytes() for name in forms}
        files = {drawn.name: changed, **files}
        deployed = desk.deploy(files)
        yield "deploy", 200, deployed
        yield "deploy the same again", 200, desk.deploy(files)
        wrong = re.sub(rb'targetRef="\w+"', b'targetRef="nowhere"', changed, count=1)
        yield "deploy what cannot run", 400, desk.deploy({**files, drawn.name: wrong})
        if drawn.stem == "qf_main":
            (view,) = deployed.json["deployedProcessDefinitions"].values()
            path = f"/engine-rest/process-definition/{view['id']}/start"
            sent = json.dumps({"businessKey": "", "variables": REPORT}).encode()
            yield "start", 200, desk.call("POST", path, sent, "application/json")
