"""What a file calls what it defines, read without judging it: a draft may hold anything that can be read."""

from pathlib import PurePosixPath

from engine.diagram.document import properties_of
from engine.diagram.form_editor import read_titles
from engine.diagram.forms.json_text import Unreadable, read_json
from engine.diagram.readable import kind_of_file
from engine.diagram.reader import read_xml
from engine.diagram.table_draft import read_tables
from engine.diagram.vocabulary import bpmn
from engine.errors import BundleRefused

NOTHING = "", ""


def title_of_file(name: str, content: bytes) -> tuple[str, str]:
    """The Chinese and the English name of the first process, the first decision or the form in a file; empty
    texts where it says none, cannot be read or is a table of names."""
    read = {"form": _of_form, "process": _of_process, "decision": _of_decision}.get(kind_of_file(name) or "")
    try:
        return read(content, name) if read else NOTHING
    except (BundleRefused, Unreadable):
        return NOTHING


def decision_ids(name: str, content: bytes) -> tuple[str, ...]:
    """The ids of the decisions in a file, in its order; one without takes the file's stem, as when it is
    deployed. None of a file that cannot be read."""
    try:
        found = read_xml(content, name).findall("{*}decision")
    except BundleRefused:
        return ()
    return tuple(each.get("id") or PurePosixPath(name).stem for each in found)


def _of_form(content: bytes, name: str) -> tuple[str, str]:
    read_json(content, name)  # which refuses what cannot be read
    return read_titles(content)


def _of_process(content: bytes, name: str) -> tuple[str, str]:
    found = read_xml(content, name).find(bpmn("process"))
    return NOTHING if found is None else (found.get("name", ""), properties_of(found).get("name.en", ""))


def _of_decision(content: bytes, name: str) -> tuple[str, str]:
    found = read_tables(content, name)
    return (found[0].name, found[0].name_en) if found else NOTHING
