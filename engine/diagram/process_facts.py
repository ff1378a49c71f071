"""The static facts of one process: its names, its purpose, who may start it."""

from dataclasses import dataclass

from lxml import etree

from engine.diagram.document import documentation_of, properties_of, words_of
from engine.diagram.vocabulary import camunda


@dataclass(frozen=True)
class ProcessFacts:
    """One process. `startable` is false for processes that are only called; `number_pattern` is how its cases
    are numbered, if not like complaints."""

    id: str
    file: str
    name: str
    name_en: str
    documentation: str
    documentation_en: str
    starter_groups: tuple[str, ...]
    startable: bool
    number_pattern: str = ""


def process_facts(node: etree._Element, file: str) -> ProcessFacts:
    """The facts of a `process` element in `file`."""
    properties = properties_of(node)
    return ProcessFacts(
        id=node.get("id", ""),
        file=file,
        name=node.get("name", "") or node.get("id", ""),
        name_en=properties.get("name.en", ""),
        documentation=documentation_of(node),
        documentation_en=properties.get("documentation.en", ""),
        starter_groups=words_of(node.get(camunda("candidateStarterGroups"))),
        startable=node.get(camunda("isStartableInTasklist"), "true") != "false",
        number_pattern=properties.get("number", "").strip(),
    )
