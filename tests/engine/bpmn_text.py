"""Small diagrams as text, without drawing: what the tests of the engine run."""

from itertools import pairwise

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="D" targetNamespace="test">'
)


def diagram(body: str, process_id: str = "p", more: str = "", attributes: str = "") -> bytes:
    """A BPMN file with one process; `more` stands beside the process (messages, errors, other processes)."""
    process = f'<process id="{process_id}" isExecutable="true" {attributes}>{body}</process>'
    return f"{HEAD}{more}{process}</definitions>".encode()


def node(kind: str, element: str, inside: str = "", /, **attributes: str) -> str:
    """One element; attributes `camunda_formRef="x"` become `camunda:formRef`."""
    written = " ".join(
        f'{key.replace("camunda_", "camunda:")}="{value}"' for key, value in attributes.items()
    )
    return f'<{kind} id="{element}" {written}>{inside}</{kind}>'


def flow(source: str, target: str, condition: str = "", name: str = "") -> str:
    """A sequence flow `source_target`, with a condition if one is given."""
    inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    written = f'id="{name or f"{source}_{target}"}" sourceRef="{source}" targetRef="{target}"'
    return f"<sequenceFlow {written}>{inside}</sequenceFlow>"


def chain(*nodes: str) -> str:
    """Elements one after the other, joined by flows: start, the nodes, end."""
    parts = [node("startEvent", "s"), *nodes, node("endEvent", "e")]
    names = [part.split('id="', 1)[1].split('"', 1)[0] for part in parts]
    return "".join(parts) + "".join(flow(a, b) for a, b in pairwise(names))


def properties(**values: str) -> str:
    """`camunda:property` values; `clock_start` becomes `clock.start`."""
    written = "".join(
        f'<camunda:property name="{name.replace("_", ".")}" value="{value}"/>'
        for name, value in values.items()
    )
    return f"<extensionElements><camunda:properties>{written}</camunda:properties></extensionElements>"
