"""Where the diagrams of some files call a decision, and what they do with its answers."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain

from lxml import etree

from engine.diagram.document import Document, properties_of, read_document
from engine.diagram.lint.drawings import Drawings, Process
from engine.diagram.lint.expressions import names_read
from engine.diagram.lint.sites import Site, sites
from engine.diagram.readable import kind_of_file
from engine.diagram.titles import title_of_file
from engine.diagram.understood import understand
from engine.diagram.vocabulary import camunda, kind_of
from engine.errors import BundleRefused, ExpressionError

Named = tuple[str, str]  # in Chinese and in English


@dataclass(frozen=True)
class AnswerReader:
    """An element of a file that reads an answer: a flow whose condition does, a task, a timer; or another
    decision, then `element` is empty. `text`: what it says."""

    file: str
    element: str
    name: Named
    text: str


@dataclass(frozen=True)
class DecisionUse:
    """A business rule task that calls the decision, in a process of a file; `readers`: what reads the answers
    in the same process; `elsewhere`: what reads the same names in other processes and decisions."""

    file: str
    process: Named
    element: str
    name: Named
    readers: tuple[AnswerReader, ...]
    elsewhere: tuple[AnswerReader, ...] = ()


def decision_uses(
    files: Mapping[str, bytes], decision_id: str, outputs: Collection[str]
) -> tuple[DecisionUse, ...]:
    """Every business rule task that calls the decision, by file; `outputs`: the names that it answers under.

    A file that cannot be read is left out."""
    drawn = [(process, tuple(_reading(process))) for process in _processes(files)]

    @cache
    def readers(at: int, answers: frozenset[str]) -> tuple[AnswerReader, ...]:
        return tuple(reader for names, reader in drawn[at][1] if names & answers)

    @cache
    def elsewhere(at: int, answers: frozenset[str]) -> tuple[AnswerReader, ...]:
        others = (readers(other, answers) for other in range(len(drawn)) if other != at)
        return (*chain.from_iterable(others), *_decisions(files, decision_id, answers))

    found = list[DecisionUse]()
    for at, (process, _) in enumerate(drawn):
        for node in process.of_kind("businessRuleTask"):
            if node.get(camunda("decisionRef")) == decision_id:
                result = node.get(camunda("resultVariable"))
                answers = frozenset([result] if result else outputs)
                place = process.document.file, _named(process.node), node.get("id", ""), _named(node)
                found.append(DecisionUse(*place, readers(at, answers), elsewhere(at, answers)))
    return tuple(found)


def _processes(files: Mapping[str, bytes]) -> Iterator[Process]:
    for name, content in sorted(files.items()):
        if kind_of_file(name) == "process":
            yield from Drawings(list(_readable(name, content))).processes


def _decisions(files: Mapping[str, bytes], but: str, answers: frozenset[str]) -> Iterator[AnswerReader]:
    """The other decisions that read an answer."""
    for name, content in sorted(files.items()):
        found = understand(content, name).decision if kind_of_file(name) == "decision" else None
        if found and found.id != but and (read := found.names & answers):
            named = found.name, title_of_file(name, content)[1]
            yield AnswerReader(name, "", named, ", ".join(sorted(read)))


def _readable(name: str, content: bytes) -> Iterator[Document]:
    try:
        yield read_document(content, name)
    except BundleRefused:
        return


def _reading(process: Process) -> Iterator[tuple[frozenset[str], AnswerReader]]:
    """Everything that reads a name, with the names."""
    nodes = {node.get("id"): node for node in process.nodes}
    for site in sites(process):
        if not site.inside and (names := _read(site)):
            condition = kind_of(site.node) == "conditionExpression"
            flow = site.node.getparent() if condition else None
            name = _named(site.owner) if flow is None else _way(nodes, site.owner, flow)
            place = site.owner if flow is None else flow
            yield names, AnswerReader(process.document.file, place.get("id", ""), name, site.text.strip())


def _read(site: Site) -> frozenset[str]:
    try:
        return frozenset(names_read(site))
    except ExpressionError:
        return frozenset()


def _way(nodes: Mapping[str | None, etree._Element], source: etree._Element, flow: etree._Element) -> Named:
    """A flow as a reader knows it: the question and its answer, or where it leads."""
    target = nodes.get(flow.get("targetRef"), flow)
    there = _named(flow) if flow.get("name") else _named(target)
    (zh, en), (zh_there, en_there) = _named(source), there
    return f"{zh} → {zh_there}", f"{en} → {en_there}" if en and en_there else ""


def _named(node: etree._Element) -> Named:
    """The Chinese and English name of an element; its id where it has none."""
    return node.get("name") or node.get("id") or "", properties_of(node).get("name.en", "")
