"""Builds small DMN files, as Camunda Modeler writes them, for the decision tests."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
Column = tuple[str, str, str]  # expression or name, type, allowed values ("" = any)


def table(
    inputs: Sequence[Column],
    outputs: Sequence[Column],
    rules: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    extra: str = "",
    ids: bool = True,
) -> bytes:
    """The bytes of a DMN file; a rule lists its input cells, then its output cells."""

    def own(name: str) -> str:
        return f' id="{name}"' if ids else ""

    columns = "".join(
        f'<input{own(f"In{n}")}><inputExpression typeRef="{kind}">'
        f"<text>{escape(expression)}</text></inputExpression>{_values('inputValues', allowed)}</input>\n"
        for n, (expression, kind, allowed) in enumerate(inputs)
    )
    columns += "".join(
        f'<output{own(f"Out{n}")} name="{name}" typeRef="{kind}">'
        f"{_values('outputValues', allowed)}</output>\n"
        for n, (name, kind, allowed) in enumerate(outputs)
    )
    rows = "".join(_rule(cells, len(inputs), own(f"R{n}")) for n, cells in enumerate(rules, 1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{NAMESPACE}">\n'
        f'<decision{own("grade")} name="定级">\n<decisionTable hitPolicy="{policy}" {extra}>\n{columns}{rows}'
        f"</decisionTable>\n</decision>\n</definitions>\n"
    ).encode()


def _values(tag: str, allowed: str) -> str:
    return f"<{tag}><text>{escape(allowed)}</text></{tag}>" if allowed else ""


def _rule(cells: Sequence[str], inputs: int, own: str) -> str:
    tags = ["inputEntry"] * inputs + ["outputEntry"] * (len(cells) - inputs)
    entries = "".join(f"<{t}><text>{escape(c)}</text></{t}>" for t, c in zip(tags, cells, strict=True))
    return f"<rule{own}>{entries}</rule>\n"
