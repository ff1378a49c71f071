"""A bundle: one process with everything it needs to run, frozen under a hash of its content."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.diagram.decisions import Decision
from engine.diagram.element import Element
from engine.diagram.forms import Field, Form
from engine.diagram.library import Library, base_name, read_library
from engine.diagram.lint import lint
from engine.diagram.parser.compiled_process import CompiledProcess
from engine.diagram.process_facts import ProcessFacts
from engine.diagram.token_names import names_read, names_set
from engine.errors import BundleRefused, Problem, ProcessNotFound


@dataclass(frozen=True)
class Bundle:
    """What an instance is pinned to for life. Shared by instances and threads; nobody changes it.

    hash: sha256 over the process id and the names and contents of `sources`.
    sources: the files by name without folder.
    spec, subspecs: what the engine runs; called processes under their id, embedded subprocesses under
        `<process>/<element>`.
    processes: facts of the process and of all it calls, by id. elements: by (process id, element id).
    flows: (process id, source id, target id) → sequence flow id.
    messages: name → (process id, element id) of what waits for it.
    start: the start event of the process itself.
    names: what a token carries; known_names: what anything can set.
    warnings: the house rules that the files break, as found when they were deployed.
    """

    hash: str
    process_id: str
    sources: Mapping[str, bytes]
    spec: Any
    subspecs: Mapping[str, Any]
    processes: Mapping[str, ProcessFacts]
    elements: Mapping[tuple[str, str], Element]
    flows: Mapping[tuple[str, str, str], str]
    forms: Mapping[str, Form]
    decisions: Mapping[str, Decision]
    messages: Mapping[str, tuple[tuple[str, str], ...]]
    names: frozenset[str]
    known_names: frozenset[str]
    start: Element
    warnings: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """The Chinese name of the process."""
        return self.processes[self.process_id].name

    @property
    def name_en(self) -> str:
        """The English name of the process, empty if the diagram has none."""
        return self.processes[self.process_id].name_en

    @property
    def start_form(self) -> Form | None:
        """The form of the start event."""
        return self.form_of(self.start)

    @property
    def starter_groups(self) -> tuple[str, ...]:
        """The groups that may start the process; empty means everybody."""
        return self.processes[self.process_id].starter_groups

    @cached_property
    def has_clocks(self) -> bool:
        """Whether anything in it starts a clock."""
        return any(element.clock_start for element in self.elements.values())

    @cached_property
    def _asked(self) -> tuple[Form, ...]:
        drawn = (element.form for element in self.elements.values() if element.form)
        return (*self.forms.values(), *drawn)

    @cached_property
    def personal_names(self) -> frozenset[str]:
        """The fields of any of its forms that hold personal data, drawn ones included."""
        return frozenset[str]().union(*(form.personal_names for form in self._asked))

    @cached_property
    def asked_names(self) -> frozenset[str]:
        """The names that people fill in on any of its forms, drawn ones included."""
        return frozenset(self.asked_fields)

    @cached_property
    def asked_fields(self) -> Mapping[str, Field]:
        """The fields of its forms by name, drawn ones included; of a name asked for twice the last."""
        return {field.key: field for form in self._asked for field in form.inputs}

    @cached_property
    def start_message(self) -> str | None:
        """The name of the message that starts the process, if one does."""
        place = (self.process_id, self.start.id)
        return next((name for name, waiting in self.messages.items() if place in waiting), None)

    @property
    def startable(self) -> bool:
        """Whether people start it, rather than other processes only."""
        return self.processes[self.process_id].startable

    def form_of(self, element: Element) -> Form | None:
        """The form of a user task or start event: drawn inside the diagram or in its own file."""
        return element.form or self.forms.get(element.form_key or "")

    def diagram_of(self, process_id: str) -> bytes:
        """The BPMN XML that draws a process of this bundle. Raises ProcessNotFound."""
        if process_id not in self.processes:
            raise ProcessNotFound(process_id)
        return self.sources[base_name(self.processes[process_id].file)]


def read_bundles(files: Mapping[str, bytes], problems: Sequence[Problem] | None = None) -> list[Bundle]:
    """Checks an upload and compiles it: one bundle for each executable process, in the order of their ids.

    Args: everything to be deployed together, by file name; what lint has found in it, if it was asked.
    Raises BundleRefused with every problem, warnings included, if one of them is an error. Warnings alone are
    on the bundles whose files they are about.
    """
    problems = lint(files) if problems is None else problems
    if any(problem.level == "error" for problem in problems):
        raise BundleRefused(problems=problems)
    library = read_library(files)
    return [bundle_from(library, process_id, problems) for process_id in sorted(library.processes)]


def compile_bundle(sources: Mapping[str, bytes], process_id: str) -> Bundle:
    """Compiles a stored bundle again, without lint.

    Args: the files by name (more than needed does no harm), the id of the process.
    Raises BundleRefused with every problem if the files cannot run, ProcessNotFound if none defines it.
    """
    library = read_library(sources)
    if library.problems:
        raise BundleRefused(problems=tuple(sorted(set(library.problems))))
    if process_id not in library.processes:
        raise ProcessNotFound(process_id)
    return bundle_from(library, process_id)


def bundle_from(library: Library, process_id: str, warnings: Iterable[Problem] = ()) -> Bundle:
    """The bundle of one process of a library without problems."""
    closure = _closure(library, process_id)
    root, called = closure[process_id], [p for name, p in closure.items() if name != process_id]
    decisions = {name: library.decisions[name] for p in closure.values() for name in sorted(p.decision_ids)}
    forms = {name: library.forms[name] for p in closure.values() for name in sorted(p.form_keys)}
    known = names_set(closure.values(), decisions, forms)
    sources = _sources(library, {"process": closure, "decision": decisions, "form": forms})
    return Bundle(
        hash=bundle_hash(sources, process_id),
        process_id=process_id,
        sources=sources,
        spec=root.spec,
        subspecs={p.facts.id: p.spec for p in called}
        | {n: s for p in closure.values() for n, s in p.subspecs.items()},
        processes={name: p.facts for name, p in closure.items()},
        elements={(name, e.id): e for name, p in closure.items() for e in p.elements.values()},
        flows={(name, *ends): flow for name, p in closure.items() for ends, flow in p.flows.items()},
        forms=forms,
        decisions=decisions,
        messages=_messages(closure),
        names=names_read(closure.values(), decisions.values(), known),
        known_names=known,
        start=root.start,
        warnings=tuple(warning for warning in warnings if base_name(warning.file) in sources),
    )


def bundle_hash(sources: Mapping[str, bytes], process_id: str) -> str:
    """sha256 (hex) over the process id and the sorted names and sha256 of its files.

    Tables beside the diagrams (clauses, groups, records) are not part of it: they name things, they do not
    change what runs.
    """
    files = sorted((base_name(name), hashlib.sha256(data).hexdigest()) for name, data in sources.items())
    canonical = json.dumps([process_id, files], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _closure(library: Library, process_id: str) -> dict[str, CompiledProcess]:
    """The process and all it calls, directly or not, in the order in which they are met."""
    found: dict[str, CompiledProcess] = {}
    waiting = [process_id]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = library.processes[name]
            waiting.extend(sorted(found[name].called))
    return found


def _sources(library: Library, things: Mapping[str, Iterable[str]]) -> dict[str, bytes]:
    names = {base_name(library.files[kind, name]) for kind, found in things.items() for name in found}
    return {name: library.sources[name] for name in sorted(names)}


def _messages(closure: Mapping[str, CompiledProcess]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Message name → the elements that wait for it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for process_id, process in closure.items():
        for element_id, extensions in process.extensions.items():
            waits = extensions["kind"] not in ("endEvent", "intermediateThrowEvent", "sendTask")
            if waits and "message" in extensions:
                found.setdefault(extensions["message"]["name"], []).append((process_id, element_id))
    return {name: tuple(elements) for name, elements in found.items()}
