"""A modeler hands in one diagram and its forms: what they refer to is taken from what is deployed already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.diagram.bundle import Bundle
from engine.diagram.library import Library, base_name, missing_references, read_library

Thing = tuple[str, str]  # kind (process, decision, form) and id


@dataclass(frozen=True)
class Completed:
    """`files`: those handed in and the deployed ones that belong to them. `processes`: the ids of those
    handed in, then of the deployed ones that contain something handed in, so that they change, too."""

    files: Mapping[str, bytes]
    processes: tuple[str, ...]


def complete(handed_in: Mapping[str, bytes], deployed: Sequence[Bundle]) -> Completed:
    """The files to check and compile together.

    `deployed`: the latest bundle of every process, the newest deployment first. A deployed process that
    contains something handed in (calls it, asks its form, takes its decision) is checked with it and changes
    with it, as if the whole folder had been deployed. What is handed in stands for whatever is deployed under
    the same file name or the same id; every other reference means what the newest deployment holds.
    """
    library = read_library(handed_in)
    own, names = set(library.files), {base_name(name) for name in handed_in}
    files = dict(handed_in)
    touched = [bundle for bundle in deployed if own & _things(bundle)]
    for bundle in touched:
        for name, data in bundle.sources.items():
            if name not in names and not own & _defined(name, data):
                names.add(name)
                files[name] = data
    _resolve(files, names, deployed)
    first = sorted(name for kind, name in own if kind == "process")
    others = sorted(bundle.process_id for bundle in touched if bundle.process_id not in first)
    return Completed(files, (*first, *others))


def with_references(handed_in: Mapping[str, bytes], deployed: Sequence[Bundle]) -> dict[str, bytes]:
    """The files handed in with the deployed ones that they refer to and do not bring along."""
    files = dict(handed_in)
    _resolve(files, {base_name(name) for name in handed_in}, deployed)
    return files


def _resolve(files: dict[str, bytes], names: set[str], deployed: Sequence[Bundle]) -> None:
    """Adds the deployed file of every reference that is open, and of those that it opens."""
    looked_for: set[Thing] = set()
    while wanted := _open(read_library(files)) - looked_for:
        looked_for |= wanted
        for thing in sorted(wanted):
            found = _file_of(thing, deployed)
            if found and found[0] not in names:
                names.add(found[0])
                files[found[0]] = found[1]


def _open(library: Library) -> set[Thing]:
    return {(kind, name) for _, _, kind, name in missing_references(library)}


def _file_of(thing: Thing, deployed: Sequence[Bundle]) -> tuple[str, bytes] | None:
    """The file that defines it: a process's in its own bundle, which nobody has an older copy of."""
    kind, name = thing
    own = [bundle for bundle in deployed if kind == "process" and bundle.process_id == name]
    for bundle in own or [bundle for bundle in deployed if thing in _things(bundle)]:
        for file, data in bundle.sources.items():
            if thing in _defined(file, data):
                return file, data
    return None


def _things(bundle: Bundle) -> set[Thing]:
    return (
        {("process", name) for name in bundle.processes}
        | {("decision", name) for name in bundle.decisions}
        | {("form", name) for name in bundle.forms}
    )


def _defined(file: str, data: bytes) -> set[Thing]:
    return set(read_library({file: data}).files)
