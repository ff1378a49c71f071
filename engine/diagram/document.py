"""One BPMN file, read: its tree, where each element stands, and the problems found in it so far."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.diagram.expressions import compile_expression, compile_template, unwrap
from engine.diagram.reader import read_placed
from engine.diagram.vocabulary import BPMN, bpmn, camunda, is_true, kind_of
from engine.errors import BundleRefused, ExpressionError, Problem

# row.agree, row["agree"], row.get("agree")
KEYS = re.compile(r"""\.\s*([A-Za-z_]\w*)|[\[(]\s*["']([A-Za-z_]\w*)["']\s*[\]),]""")


@dataclass
class Document:
    """A BPMN file; the three last fields grow while it is being understood.

    reads: the names that its expressions read. keys: the names of parts that they look up (`row["agree"]`).
    """

    file: str
    data: bytes
    root: etree._Element
    places: dict[etree._Element, tuple[int, int]]
    problems: list[Problem] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)

    def complain(self, node: etree._Element, code: str, zh: str, en: str) -> None:
        """Notes an error at the place of `node`, in the name of the nearest element that has an id."""
        line, column = self.places[node]
        self.problems.append(Problem(self.file, line, column, "error", owner_id(node), code, zh, en))

    def expression(self, node: etree._Element, text: str | None) -> str:
        """The source of an expression, without `${}` and in our spelling; faults are noted."""
        try:
            expression = compile_expression(text or "")
        except ExpressionError as error:
            self.complain(node, "expression", error.message("zh"), error.message("en"))
            return "None"
        self.note(expression.names, expression.source)
        return unwrap(expression.source)

    def template(self, node: etree._Element, text: str | None) -> None:
        """Checks a text that may contain `${}`; one that does not compile is noted."""
        try:
            self.note(compile_template(text or "").names, text or "")
        except ExpressionError as error:
            self.complain(node, "expression", error.message("zh"), error.message("en"))

    def note(self, names: Iterable[str], text: str) -> None:
        """Remembers that an expression with this text reads these names."""
        self.reads |= set(names)
        self.keys |= {key for found in KEYS.findall(text) for key in found if key}

    @cached_property
    def by_id(self) -> dict[str, etree._Element]:
        """Every BPMN element with an id; of two with the same id, the first."""
        found: dict[str, etree._Element] = {}
        for node in self.root.iter(f"{{{BPMN}}}*"):
            if name := node.get("id"):
                found.setdefault(name, node)
        return found

    def processes(self) -> Iterator[etree._Element]:
        """The processes meant to run. One that does not say so counts; `isExecutable="false"` does not."""
        for process in self.root.iterchildren(bpmn("process")):
            if is_true(process.get("isExecutable", "true")) and process.get("id"):
                yield process


def read_document(data: bytes, file: str) -> Document:
    """Reads a BPMN file. Raises BundleRefused if the bytes are no XML or the XML is no BPMN."""
    root, places = read_placed(data, file)
    document = Document(file, data, root, places)
    if root.tag != bpmn("definitions"):
        name = etree.QName(root).localname
        zh = f"根元素是 {name}，不是 BPMN 2.0 的 definitions。"
        en = f"The root element is {name}, not the definitions of BPMN 2.0."
        document.complain(root, "bpmn.root", zh, en)
        raise BundleRefused(problems=document.problems)
    return document


def owner_id(node: etree._Element) -> str:
    """The id of the element a reader knows: the node itself or its nearest ancestor with an id that is not a
    mere event definition."""
    for candidate in (node, *node.iterancestors()):
        kind = kind_of(candidate)
        if kind and candidate.get("id") and not kind.endswith(("EventDefinition", "LoopCharacteristics")):
            return candidate.get("id", "")
    return ""


def properties_of(node: etree._Element) -> dict[str, str]:
    """The `camunda:property` values of an element itself, never of its children."""
    path = f"{bpmn('extensionElements')}/{camunda('properties')}/{camunda('property')}"
    return {p.get("name", ""): p.get("value", "") for p in node.iterfind(path) if p.get("name")}


def documentation_of(node: etree._Element) -> str:
    """The text of the element's own documentation (a subprocess does not inherit its children's)."""
    return (node.findtext(bpmn("documentation")) or "").strip()


def words_of(text: str | None) -> tuple[str, ...]:
    """A list as owners write it: separated by spaces, commas, semicolons, 、 or line breaks."""
    return tuple(word for word in re.split(r"[\s,;，；、]+", text or "") if word)
