"""Reads the files under lint; what cannot be read is reported and left out."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from engine.diagram.document import Document, read_document
from engine.diagram.lint.drawings import Drawings
from engine.diagram.lint.report import Report
from engine.diagram.lint.shelf import Shelf
from engine.diagram.lint.tables import COLUMNS, read_ids
from engine.diagram.understood import understand
from engine.errors import BundleRefused


def read_files(report: Report, files: Mapping[str, bytes]) -> tuple[Drawings, Shelf]:
    """The diagrams, and what lies beside them; `shelf.unreadable` names the files that are left out."""
    documents: list[Document] = []
    shelf = Shelf()
    for file, data in sorted(files.items()):
        path = PurePosixPath(file.replace("\\", "/"))
        suffix = path.suffix.lower()
        if suffix == ".bpmn":
            documents += _diagram(report, shelf, file, data)
        elif suffix == ".dmn":
            _decision(report, shelf, file, data)
        elif suffix == ".form":
            _form(report, shelf, file, data)
        elif suffix == ".csv" and path.stem in COLUMNS:
            setattr(shelf, path.stem, read_ids(report, path.stem, file, data))
    return Drawings(documents), shelf


def _diagram(report: Report, shelf: Shelf, file: str, data: bytes) -> list[Document]:
    try:
        document = read_document(data, file)
    except BundleRefused as refusal:
        report.problems.extend(refusal.problems)
        shelf.unreadable.append(file)
        return []
    report.documents[document.root] = document
    return [document]


def _decision(report: Report, shelf: Shelf, file: str, data: bytes) -> None:
    found = understand(data, file)
    report.problems.extend((*found.errors, *found.remarks))
    if found.decision:
        shelf.decisions[found.decision.id] = found.decision
    else:
        shelf.decisions[PurePosixPath(file).stem] = None
        shelf.unreadable.append(file)


def _form(report: Report, shelf: Shelf, file: str, data: bytes) -> None:
    found = understand(data, file)
    report.problems.extend(found.remarks)  # of a form, the errors are among them
    if found.form:
        shelf.forms[found.form.key] = found.form
        shelf.form_files[found.form.key] = (file, data)
    else:
        shelf.forms[PurePosixPath(file).stem] = None
        shelf.unreadable.append(file)
