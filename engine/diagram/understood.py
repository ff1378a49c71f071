"""What one file says, taken by itself: read once, however many look at the same file after that."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from engine.diagram.decisions import Decision, check_tables, read_decision
from engine.diagram.document import read_document
from engine.diagram.forms import Form, check_form, read_form
from engine.diagram.parser.compiled_process import CompiledProcess, compile_process
from engine.diagram.remembered import Remembered
from engine.errors import BundleRefused, Problem

MOST_BYTES = 4_000_000  # of files that are remembered; what is made of them takes some ten times as much
LEAST = 2_000  # bytes that a file counts at least: what is made of the smallest takes as much
LARGEST = 250_000  # a larger file is read every time, or a few of them would drive out all others


@dataclass(frozen=True)
class Understood:
    """What a file defines. Shared by all who read the same file; nobody changes it.

    errors: why it cannot run. remarks: what lint has to say of a decision or form that can be read.
    """

    processes: tuple[CompiledProcess, ...] = ()
    decision: Decision | None = None
    form: Form | None = None
    errors: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()


_READ: Remembered[Understood] = Remembered(MOST_BYTES)


def understand(data: bytes, path: str) -> Understood:
    """What the file called `path` defines, and what is wrong with it. Never raises for what is in it.

    `path` ends in `.bpmn`, `.dmn` or `.form`, upper or lower case."""
    read = READERS[PurePosixPath(path).suffix.lower()]
    if len(data) > LARGEST:
        return read(data, path)
    key = hashlib.sha256(path.encode("utf-8", "surrogatepass") + b"\0" + data).hexdigest()
    found = _READ.get(key)
    if found is None:
        found = read(data, path)
        _READ.keep(key, found, weight=max(len(data), LEAST))
    return found


def _diagram(data: bytes, path: str) -> Understood:
    try:
        document = read_document(data, path)
    except BundleRefused as refusal:
        return Understood(errors=tuple(refusal.problems))
    drawn = list(document.processes())
    if not drawn:
        zh, en = "文件中没有可执行的流程。", "The file has no executable process."
        document.complain(document.root, "process.none", zh, en)
    processes = tuple(compile_process(document, node) for node in drawn)
    errors = (*(problem for process in processes for problem in process.problems), *document.problems)
    return Understood(processes=processes, errors=errors)


def _decision(data: bytes, path: str) -> Understood:
    try:
        decision = read_decision(data, path)
    except BundleRefused as refusal:
        return Understood(errors=tuple(refusal.problems))
    return Understood(decision=decision, remarks=tuple(check_tables(decision)))


def _form(data: bytes, path: str) -> Understood:
    found = check_form(data, path)
    try:
        return Understood(form=read_form(data, path), remarks=tuple(found))
    except BundleRefused as refusal:
        return Understood(errors=tuple(refusal.problems), remarks=tuple(found))


READERS: dict[str, Callable[[bytes, str], Understood]] = {
    ".bpmn": _diagram,
    ".dmn": _decision,
    ".form": _form,
}
