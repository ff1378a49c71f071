"""A regulation in which every measure of a list has a time limit of its own."""

import json

from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, extended, task
from tests.web.drawn import asked


def many(collection: str, element: str = "", sequential: bool = False) -> str:
    """Multi-instance over a collection."""
    named = f'camunda:elementVariable="{element}"' if element else ""
    way = str(sequential).lower()
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{way}" camunda:collection="{collection}" {named}/>'
    )


def each(loop: str, inside: str = "") -> str:
    """A subprocess run for each item, in which a task has the clock `action` of 48 hours."""
    start = node("startEvent", "SE_each", extended(clock_start="action PT48H"))
    do = task("UT_do", clock_stop="action")
    body = inside or start + do + node("endEvent", "EE_each") + flow("SE_each", "UT_do")
    return node("subProcess", "SP", loop + body + ("" if inside else flow("UT_do", "EE_each")))


def measures(loop: str, *fields: dict[str, object], inside: str = "") -> dict[str, bytes]:
    """A case that is started with a form of these fields and does something for each item of `loop`."""
    body = node("startEvent", "SE", camunda_formRef="plan") + each(loop, inside) + END
    form = {"id": "plan", "type": "default", "components": list(fields)}
    return {
        "p.bpmn": diagram(body + flow("SE", "SP") + flow("SP", "EE_done")),
        "plan.form": json.dumps(form).encode(),
        "clocks.csv": "id,zh,en\naction,措施完成,Measure\n".encode(),
    }


def rows(key: str, *columns: dict[str, object]) -> dict[str, object]:
    """A field that asks for rows."""
    return asked("dynamiclist", key, "措施", "Measures", isRepeating=True, allowAddRemove=True,
                 components=list(columns))  # fmt: skip


WHAT = asked("textfield", "what", "内容", "What")
WHO = asked("textfield", "who", "联系人", "Who", properties={"personal": "true"})
ACTIONS = measures(many("actions", "action"), rows("actions", WHO, WHAT))
"""Rows whose first column is personal."""
