"""Which names can have a value where: what forms, decisions, scripts and mappings set, region by region.

A region is a process, or a multi-instance activity in it: what an instance sets does not leave it.
"""

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from engine.diagram.document import properties_of, words_of
from engine.diagram.element import form_key_of
from engine.diagram.expressions import compile_script
from engine.diagram.forms import read_form_data
from engine.diagram.lint.drawings import Drawings, Process, called, text_of
from engine.diagram.lint.shelf import Shelf
from engine.diagram.vocabulary import bpmn, camunda, kind_of
from engine.errors import BundleRefused, ExpressionError

_CODES = ("errorCodeVariable", "errorMessageVariable", "escalationCodeVariable")


class KnownNames:
    """The names of every region of every process."""

    def __init__(self, drawings: Drawings, shelf: Shelf) -> None:
        self.drawings, self.shelf = drawings, shelf
        self._at: dict[etree._Element, frozenset[str]] = {}
        self._sets: dict[etree._Element, set[str]] = defaultdict(set)
        # variables="all": every name of the first region enters the second
        self._copies: set[tuple[etree._Element, etree._Element]] = set()
        self.personal = shelf.personal  # the fields of any form, drawn ones included, that hold personal data
        for process in drawings.processes:
            for node in process.nodes:
                self._add(node)
        self._spread()

    def at(self, node: etree._Element) -> frozenset[str]:
        """The names that an expression of the flow node `node` may read."""
        if node not in self._at:
            self._at[node] = self._names_at(node)
        return self._at[node]

    def _names_at(self, node: etree._Element) -> frozenset[str]:
        found = set(self._all(region_of(node)))
        for around in (node, *node.iterancestors()):
            if around.find(bpmn("standardLoopCharacteristics")) is not None:
                found.add("loopCounter")
        return frozenset(found | set(_parameters(node, "inputParameter")))

    def around(self, node: etree._Element) -> frozenset[str]:
        """The names outside a multi-instance activity, where its collection is read."""
        parent = node.getparent()
        return frozenset(self._all(region_of(node if parent is None else parent)))

    def of_case(self, process: Process) -> frozenset[str]:
        """Every name of the case that the process runs in: forms read what was submitted anywhere in it."""
        regions = {region_of(node) for one in self.drawings.together(process.id) for node in one.nodes}
        return frozenset().union(*(self._all(region) for region in regions))

    def of_process(self, process_id: str) -> frozenset[str]:
        """The names at the top of a process, which it can give back to its caller."""
        process = self.drawings.by_id.get(process_id)
        return frozenset(self._all(process.node)) if process else frozenset()

    def _all(self, region: etree._Element) -> set[str]:
        parent = region.getparent()
        above = self._all(region_of(parent)) if kind_of(region) != "process" and parent is not None else set()
        return self._sets[region] | above

    def _add(self, node: etree._Element) -> None:
        inner = region_of(node)
        own = set(self._set_by(node))
        self._sets[inner] |= own
        if inner is node:
            parent = node.getparent()
            outer = inner if parent is None else region_of(parent)
            repeated = node.find(bpmn("multiInstanceLoopCharacteristics"))
            element = "" if repeated is None else repeated.get(camunda("elementVariable"), "")
            self._sets[node] |= {"loopCounter"} | ({element} if element else set())
            if result := properties_of(node).get("mi.result"):
                self._sets[outer].add(result)
        if kind_of(node) == "callActivity":
            self._add_call(node, inner)

    def _set_by(self, node: etree._Element) -> Iterator[str]:
        """The names that a flow node sets when a token passes it."""
        kind = kind_of(node)
        yield from words_of(properties_of(node).get("sets"))
        yield from _parameters(node, "outputParameter")
        if kind in ("userTask", "startEvent"):
            yield from self._fields(node)
        if result := node.get(camunda("resultVariable")):
            yield result
        elif kind == "businessRuleTask":
            yield from self._outputs(node.get(camunda("decisionRef"), ""))
        elif kind == "scriptTask":
            yield from _written(text_of(node.find(bpmn("script"))))
        for definition in node:
            yield from (name for code in _CODES if (name := definition.get(camunda(code))))

    def _fields(self, node: etree._Element) -> Iterator[str]:
        drawn = node.find(f"{bpmn('extensionElements')}/{camunda('formData')}")
        if drawn is not None:
            try:
                form = read_form_data(drawn)
                self.personal |= form.personal_names
                yield from form.field_names
            except BundleRefused:
                yield from (field.get("id", "") for field in drawn)
        filed = self.shelf.forms.get(form_key_of(node) or "")
        yield from filed.field_names if filed else ()

    def _outputs(self, reference: str) -> Iterator[str]:
        decision = self.shelf.decisions.get(reference)
        if decision is not None:
            yield reference
            yield from (output.name for output in decision.outputs)

    def _add_call(self, node: etree._Element, region: etree._Element) -> None:
        process = self.drawings.by_id.get(called(node))
        for way in ("in", "out"):
            for mapping in node.iterfind(f"{bpmn('extensionElements')}/{camunda(way)}"):
                into = region if way == "out" else None if process is None else process.node
                if into is None:
                    continue
                if target := mapping.get("target"):
                    self._sets[into].add(target)
                if mapping.get("variables") == "all" and process is not None:
                    source = process.node if way == "out" else region
                    self._copies.add((source, into))

    def _spread(self) -> None:
        """Follows `variables="all"` until nothing new is known; calls may form rings."""
        changed = True
        while changed:
            changed = False
            for source, into in self._copies:
                new = self._all(source) - self._sets[into]
                self._sets[into] |= new
                changed = changed or bool(new)


def region_of(node: etree._Element) -> etree._Element:
    """The innermost multi-instance activity that an element is or stands in, else its process."""
    for around in (node, *node.iterancestors()):
        is_process = kind_of(around) == "process"
        if is_process or around.find(bpmn("multiInstanceLoopCharacteristics")) is not None:
            return around
    return node


def _parameters(node: etree._Element, kind: str) -> list[str]:
    path = f"{bpmn('extensionElements')}/{camunda('inputOutput')}/{camunda(kind)}"
    return [parameter.get("name", "") for parameter in node.iterfind(path)]


def _written(script: str) -> frozenset[str]:
    try:
        return frozenset(compile_script(script).writes)
    except ExpressionError:
        return frozenset()
