"""Which names a token carries: those the diagram reads, and nothing else of what people submit."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.diagram.decisions import Decision
from engine.diagram.document import properties_of, words_of
from engine.diagram.element import Element
from engine.diagram.expressions import compile_script
from engine.diagram.forms import Form
from engine.diagram.parser.compiled_process import CompiledProcess, Extensions

LOOP_NAMES = frozenset({"loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"})


def names_read(
    processes: Iterable[CompiledProcess], decisions: Iterable[Decision], known: frozenset[str]
) -> frozenset[str]:
    """Every name that a condition, script, timer, decision, mapping, repetition or work template reads.

    A multi-instance activity collects a dict of what each instance set; so of the `known` names those count,
    too, that are looked up as a part of something (`c["agree"]`), and what a repeated call hands out.
    """
    read: set[str] = set()
    for process in processes:
        read |= process.reads | (process.keys & known)
        for extensions in process.extensions.values():
            read |= set(_sources(extensions))
            if extensions.get("service", {}).get("type") == "external":  # a program reads them
                read |= {name for name, _value in extensions.get("inputs", ())}
            if extensions.get("mi", {}).get("result"):
                read |= set(_targets(extensions, "out"))
    for decision in decisions:
        read |= decision.names
    return frozenset(read) - LOOP_NAMES


def names_set(
    processes: Iterable[CompiledProcess], decisions: Mapping[str, Decision], forms: Mapping[str, Form]
) -> frozenset[str]:
    """Every name that something can set: form fields, decisions, scripts, mappings, repetitions, and what the
    property `sets` announces (the payload of a message, the results of a worker)."""
    found: set[str] = set(LOOP_NAMES)
    for process in processes:
        for name, extensions in process.extensions.items():
            found |= set(_set_by_form(process.elements[name], forms))
            found |= set(_set_by_element(extensions, decisions))
        for node in process.node.iter():
            found |= set(words_of(properties_of(node).get("sets")))
    return frozenset(found)


def names_set_at(
    element: Element | None,
    extensions: Extensions,
    decisions: Mapping[str, Decision],
    forms: Mapping[str, Form],
) -> frozenset[str]:
    """Every name that one element can set."""
    form = set(_set_by_form(element, forms)) if element else set()
    announced = words_of(extensions.get("properties", {}).get("sets"))
    return frozenset(form | set(announced) | set(_set_by_element(extensions, decisions)))


def _set_by_form(element: Element, forms: Mapping[str, Form]) -> Iterator[str]:
    form = element.form or forms.get(element.form_key or "")
    yield from form.field_names if form else ()


def _set_by_element(extensions: Extensions, decisions: Mapping[str, Decision]) -> Iterator[str]:
    yield from _targets(extensions, "in")
    yield from _targets(extensions, "out")
    yield from (name for key in ("inputs", "outputs") for name, _value in extensions.get(key, ()))
    yield from _results(extensions)
    decision = extensions.get("decision", {})
    if decision and not decision["result"] and decision["ref"] in decisions:
        yield from (output.name for output in decisions[decision["ref"]].outputs)
    script = extensions.get("script", {})
    if script and not script["result"]:
        yield from compile_script(script["source"]).writes


def _results(extensions: Extensions) -> Iterator[str]:
    """The single names that results, elements of a collection and codes of caught errors go into."""
    places: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("mi", ("element", "result")),
        ("decision", ("result",)),
        ("script", ("result",)),
        ("service", ("result",)),
        ("error", ("code_variable", "message_variable")),
        ("escalation", ("code_variable",)),
    )
    for fact, names in places:
        held: Mapping[str, Any] = extensions.get(fact, {})
        yield from (held[name] for name in names if held.get(name))


def _sources(extensions: Extensions) -> Iterator[str]:
    for way in ("in", "out"):
        yield from (mapping["source"] for mapping in extensions.get(way, ()) if "source" in mapping)


def _targets(extensions: Extensions, way: str) -> Iterator[str]:
    yield from (mapping["target"] for mapping in extensions.get(way, ()) if "target" in mapping)
