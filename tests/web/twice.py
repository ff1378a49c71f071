"""A small process published twice: of its second version everything is known that differs from the first.

Renamed `UT_first`; `UT_new` in the place of `UT_gone`, so that two flows lead elsewhere; the end moved; a
field of the form relabelled; a row of the decision restricted."""

import json
from itertools import pairwise

from sqlalchemy.orm import Session

import engine
from engine.diagram.tidy import tidy
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import LEVEL, extended
from tests.web.drawn import asked

PROCESS = "changing"
COMPARE = f"/processes/{PROCESS}/compare?from=1&to=2"
REASONS = ("试行版", "正式版")
ATTRIBUTES = 'name="变化的流程" camunda:isStartableInTasklist="false"'


def step(element: str, name: str, english: str) -> str:
    """A user task of customer service with the form `noting`."""
    offered = {"camunda_candidateGroups": "cs", "camunda_formRef": "noting"}
    return node("userTask", element, extended(name_en=english), name=name, **offered)


def drawn(first: str, second: str) -> bytes:
    """Start, two tasks, a decision and the end, drawn in one line; the tasks are `step`s."""
    start = node("startEvent", "SE_begin", extended(name_en="Begun"), name="已开始")
    rate = extended(name_en="Rate it")
    rule = node("businessRuleTask", "BR_level", rate, name="定级", camunda_decisionRef="level")
    end = node("endEvent", "EE_done", extended(name_en="Done"), name="已完成")
    parts = (start, first, second, rule, end)
    ids = [part.split('id="', 1)[1].split('"', 1)[0] for part in parts]
    ways = enumerate(pairwise(ids), 1)
    flows = "".join(flow(*ends, name=f"Flow_{number}") for number, ends in ways)
    named = extended(name_en="A process that changes")
    body = named + "".join(parts) + flows
    return tidy(diagram(body, PROCESS, attributes=ATTRIBUTES), f"{PROCESS}.bpmn")


def form(label: str, english: str) -> bytes:
    """The form `noting` with its one field."""
    held = {"title": "说明", "title.en": "Note"}
    field = asked("textarea", "gist", label, english)
    return json.dumps({"id": "noting", "type": "default", "properties": held, "components": [field]}).encode()


BEFORE = {
    f"{PROCESS}.bpmn": drawn(
        step("UT_first", "登记", "Register it"), step("UT_gone", "旧步骤", "The old step")
    ),
    "noting.form": form("要点", "Main point"),
    "level.dmn": LEVEL.encode(),
}
AFTER = {
    f"{PROCESS}.bpmn": drawn(
        step("UT_first", "登记信息", "Register all"), step("UT_new", "新步骤", "The new step")
    ).replace(b'<dc:Bounds x="540" y="56"', b'<dc:Bounds x="580" y="56"'),
    "noting.form": form("事由要点", "Main point of it"),
    "level.dmn": LEVEL.replace("<text>-</text>", '<text>"漏"</text>').encode(),
}
SUBMITTED = ("把要点写清楚", "客户看不懂原来的说法", "导入的稿子", "要旨")
MARKS = {
    "before": {"UT_first": "changed", "UT_gone": "removed", "Flow_2": "changed", "Flow_3": "changed",
               "EE_done": "moved"},
    "after": {"UT_first": "changed", "UT_new": "added", "Flow_2": "changed", "Flow_3": "changed",
              "EE_done": "moved"},
}  # fmt: skip


def publish_twice(session: Session, by: str) -> None:
    """Publishes both versions."""
    for files, reason in zip((BEFORE, AFTER), REASONS, strict=True):
        with engine.transaction(session):
            engine.deploy(session, files, by, reason)


def submit_drafts(session: Session, by: str) -> dict[str, str]:
    """A draft that waits for the approval of another owner, and one with errors."""
    who = engine.get_actor(session, by)
    assert who
    waiting, faulty = (
        engine.create_definition_draft(session, who, PROCESS, title) for title in SUBMITTED[::2][:2]
    )
    clearer = form("要点（说清楚）", "The main point, said clearly")
    engine.save_definition_file(session, who, waiting, "noting.form", clearer, 1)
    engine.submit_definition_draft(session, who, waiting, SUBMITTED[1], 2)
    broken = AFTER[f"{PROCESS}.bpmn"].replace(b'formRef="noting"', b'formRef="none"')
    engine.save_definition_file(session, who, faulty, f"{PROCESS}.bpmn", broken, 1)
    session.commit()
    return {"waiting-draft": f"/publishing/{waiting}", "faulty-draft": f"/publishing/{faulty}"}
