"""All files of an upload, understood together: processes, decisions and forms by id, and every problem."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from engine.diagram.decisions import Decision
from engine.diagram.document import Document
from engine.diagram.forms import Form
from engine.diagram.parser.compiled_process import CompiledProcess
from engine.diagram.understood import READERS, Understood, understand
from engine.errors import Problem

# Tables and texts beside the diagrams: they explain and name things, they do not change what runs.
IGNORED = (".csv", ".md")


@dataclass
class Library:
    """What the files define, by id; `files` says which file defines it, `sources` holds them by base name."""

    sources: dict[str, bytes] = field(default_factory=dict)
    processes: dict[str, CompiledProcess] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    files: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def claim(self, kind: str, name: str, file: str) -> bool:
        """Whether `name` is still free among the things of its kind; noted if two files define it."""
        first = self.files.setdefault((kind, name), file)
        if first != file:
            zh, en = f"{name} 已在 {first} 中定义。", f"{name} is already defined in {first}."
            self.problems.append(Problem(file, 1, 1, "error", name, "defined.twice", zh, en))
        return first == file


def read_library(files: Mapping[str, bytes]) -> Library:
    """Reads every file, whatever is wrong with the others; the problems are in the result."""
    library = Library()
    if not files:
        zh, en = "没有文件。", "There are no files."
        library.problems.append(Problem("", 1, 1, "error", "", "file.none", zh, en))
    for path, data in sorted(files.items()):
        suffix, file = PurePosixPath(path).suffix.lower(), base_name(path)
        if not path.isprintable():
            zh, en = "文件名含有控制字符。", "The file name holds control characters."
            library.problems.append(Problem(path, 1, 1, "error", "", "file.name", zh, en))
            continue
        if suffix in IGNORED:
            continue
        if suffix not in READERS:
            zh, en = "未知的文件类型。", "The type of this file is not known."
            library.problems.append(Problem(path, 1, 1, "error", "", "file.type", zh, en))
            continue
        if library.sources.setdefault(file, data) != data:
            zh, en = f"有两个文件名为 {file}。", f"Two different files are called {file}."
            library.problems.append(Problem(path, 1, 1, "error", "", "file.twice", zh, en))
            continue
        _add(library, understand(data, path), path)
    _check_references(library)
    return library


def build_problems(files: Mapping[str, bytes]) -> list[Problem]:
    """Every reason why the files could not be compiled, in the order of the files; empty if they can."""
    return sorted(set(read_library(files).problems))


def base_name(path: str) -> str:
    """The file's name without folders: uploads from a modeler and from the folder `bpmn/` are the same."""
    return PurePosixPath(path.replace("\\", "/")).name


def _add(library: Library, file: Understood, path: str) -> None:
    library.problems.extend(file.errors)
    for process in file.processes:
        if library.claim("process", process.facts.id, path):
            library.processes[process.facts.id] = process
    if file.decision and library.claim("decision", file.decision.id, path):
        library.decisions[file.decision.id] = file.decision
    if file.form and library.claim("form", file.form.key, path):
        library.forms[file.form.key] = file.form


def missing_references(library: Library) -> Iterator[tuple[CompiledProcess, str, str, str]]:
    """What elements refer to and no file defines: process, element, kind (form, decision, process), id."""
    for process in library.processes.values():
        for element in process.elements.values():
            decision = process.extensions[element.id].get("decision", {}).get("ref")
            wanted: tuple[tuple[str, str | None, Iterable[str]], ...] = (
                ("form", element.form_key, library.forms),
                ("decision", decision, library.decisions),
                ("process", element.called, library.processes),
            )
            for kind, name, known in wanted:
                if name and name not in known:
                    yield process, element.id, kind, name


KINDS_ZH = {"form": "表单", "decision": "决策", "process": "流程"}


def _check_references(library: Library) -> None:
    """What an element refers to must be among the files: nothing is looked up elsewhere, now or later."""
    for process, element, kind, name in missing_references(library):
        _missing(library, process.document, element, f"{KINDS_ZH[kind]}“{name}”", f"The {kind} “{name}”")


def _missing(library: Library, document: Document, element: str, zh: str, en: str) -> None:
    line, column = document.places[document.by_id[element]]
    texts = (f"{zh}不在所上传的文件中。", f"{en} is not among the files.")
    library.problems.append(
        Problem(document.file, line, column, "error", element, "reference.missing", *texts)
    )
