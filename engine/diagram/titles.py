"""What a file calls what it defines, read without judging it: a draft may hold anything that can be read."""

from pathlib import PurePosixPath

from lxml import etree

from engine.diagram.forms.json_text import Unreadable, read_json
from engine.diagram.readable import kind_of_file
from engine.diagram.reader import read_xml
from engine.errors import BundleRefused

NAMED = {"process": "process", "decision": "decision"}  # kind of file: the element that carries its name


def title_of_file(name: str, content: bytes) -> tuple[str, str]:
    """The Chinese and the English name of the first process, the first decision or the form in a file; empty
    texts where it says none, cannot be read or is a table of names."""
    kind = kind_of_file(name)
    try:
        if kind == "form":
            return _title_of_form(name, content)
        return _title_of_xml(content, name, NAMED[kind]) if kind in NAMED else ("", "")
    except (BundleRefused, Unreadable):
        return "", ""


def decision_ids(name: str, content: bytes) -> tuple[str, ...]:
    """The ids of the decisions in a file, in its order; one without takes the file's stem, as when it is
    deployed. None of a file that cannot be read."""
    try:
        found = read_xml(content, name).findall("{*}decision")
    except BundleRefused:
        return ()
    return tuple(each.get("id") or PurePosixPath(name).stem for each in found)


def _title_of_xml(content: bytes, name: str, element: str) -> tuple[str, str]:
    found: etree._Element | None = read_xml(content, name).find(f"{{*}}{element}")
    if found is None:
        return "", ""
    said = found.iterfind("{*}extensionElements/{*}properties/{*}property[@name='name.en']")
    return found.get("name", ""), next((each.get("value", "") for each in said), "")


def _title_of_form(name: str, content: bytes) -> tuple[str, str]:
    said = read_json(content, name).get("properties")
    if not isinstance(said, dict):
        return "", ""
    chinese, english = said.get("title"), said.get("title.en")
    return (chinese if isinstance(chinese, str) else ""), (english if isinstance(english, str) else "")
