"""Small diagrams built in code. `¶` before a start tag marks the element that a rule must find."""

from dataclasses import dataclass
from itertools import pairwise

MARK = "¶"
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:other="https://example.org/other"'
    ' id="Definitions_p" targetNamespace="https://example.org/test"'
)


@dataclass(frozen=True)
class Drawn:
    """Files to lint and where the mark stood: file, line, column from 1."""

    files: dict[str, bytes]
    place: tuple[str, int, int] | None

    def beside(self, others: dict[str, bytes]) -> "Drawn":
        """The same with more files."""
        return Drawn({**self.files, **others}, self.place)


def flow(source: str, target: str, condition: str = "", mark: str = "", extra: str = "") -> str:
    """One sequence flow called `F_<source>_<target>`."""
    inner = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>'
    body = f">{inner}</sequenceFlow>" if condition else "/>"
    name = f'id="F_{source}_{target}" sourceRef="{source}" targetRef="{target}"'
    return f"{mark}<sequenceFlow {name} {extra}{body}\n"


def chain(*ids: str) -> str:
    """Sequence flows from each element to the next."""
    return "".join(flow(source, target) for source, target in pairwise(ids))


def definitions(content: str, attributes: str = "") -> str:
    """A whole file."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{HEAD}{attributes}>\n{content}\n</definitions>\n'


def process(body: str, attributes: str = "", name: str = "p", mark: str = "") -> str:
    """One executable process."""
    return f'{mark}<process id="{name}" isExecutable="true" {attributes}>\n{body}\n</process>'


def extension(content: str) -> str:
    return f"<extensionElements>{content}</extensionElements>"


def properties(**values: str) -> str:
    """camunda:properties; `name__en` stands for `name.en`."""
    inner = "".join(
        f'{MARK if value.startswith(MARK) else ""}<camunda:property name="{name.replace("__", ".")}"'
        f' value="{value.removeprefix(MARK)}"/>'
        for name, value in values.items()
    )
    return f"<camunda:properties>{inner}</camunda:properties>"


def drawn(*, others: dict[str, str | bytes] | None = None, **files: str) -> Drawn:
    """Files from texts (`p="…"` is p.bpmn) and other files by name, without the mark."""
    texts = {f"{name}.bpmn": text for name, text in files.items()}
    place = None
    clean: dict[str, bytes] = {}
    for name, text in {**texts, **(others or {})}.items():
        if isinstance(text, bytes):
            clean[name] = text
            continue
        at = text.find(MARK)
        if at >= 0:
            line = text.count("\n", 0, at) + 1
            place = (name, line, at - text.rfind("\n", 0, at))
        clean[name] = text.replace(MARK, "").encode()
    return Drawn(clean, place)


def alone(body: str, attributes: str = "", before: str = "", after: str = "") -> Drawn:
    """One process with `body`, and what stands before and after it in the file."""
    return drawn(p=definitions(f"{before}\n{process(body, attributes)}\n{after}"))


def around(body: str, first: str, last: str | None = None, flows: str = "", **kwargs: str) -> Drawn:
    """A start event, `body`, an end event and the flows that join them; `flows` are more of them."""
    ends = flow("SE", first) + flow(last or first, "EE")
    return alone(f'<startEvent id="SE"/>\n{body}\n<endEvent id="EE"/>\n{ends}{flows}', **kwargs)
