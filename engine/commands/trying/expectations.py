"""What must come of a scenario, taken from a walk, and the first difference from it in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.trying.places import open_externals, open_tasks, root_of
from engine.diagram.bundle import Bundle
from engine.errors import BadWalkStep
from engine.queries.bundles import bundle_of
from engine.queries.reference import clock_names
from engine.queries.views import Text
from engine.storage.models import Clock, ProcessInstance, Variable

MISSING = "∅"
VERDICTS = {
    "running": Text("计时中", "running"),
    "on_time": Text("按时", "on time"),
    "extended": Text("延期后按时", "on time after an extension"),
    "breached": Text("超时", "late"),
    "void": Text("作废", "void"),
}


@dataclass(frozen=True)
class Expectation:
    """What must come of a walk: the end event reached (None: it still runs), the elements that wait, each as
    often as it does, values of variables of the whole case by name, and verdicts of clocks by name and turn
    (`confirm#1`)."""

    outcome: str | None
    waiting: tuple[str, ...]
    variables: Mapping[str, object]
    clocks: Mapping[str, str]

    def written(self) -> dict[str, object]:
        """As it is kept."""
        return {"outcome": self.outcome, "waiting": list(self.waiting), "variables": dict(self.variables),
                "clocks": dict(self.clocks)}  # fmt: skip

    @classmethod
    def read(cls, kept: Mapping[str, object]) -> "Expectation":
        """As `written` wrote it. Raises BadWalkStep."""
        match kept:
            case {"outcome": str() | None as outcome, "waiting": list() as waiting,
                  "variables": dict() as variables, "clocks": dict() as clocks}:  # fmt: skip
                return cls(outcome, tuple(waiting), variables, clocks)
        raise BadWalkStep()


def found_in(store: Session, variables: Collection[str], clocks: Collection[str] | None) -> Expectation:
    """What has come of a walk, as far as these variables and clocks go (None: every clock)."""
    root = root_of(store)
    if root is None:
        return Expectation(None, (), {}, {})
    whole = Variable.instance_id == root.id, Variable.scope == "", Variable.name.in_(variables)
    values = {v.name: v.value for v in store.scalars(select(Variable).where(*whole))}
    rows = store.scalars(select(Clock).where(Clock.instance_id == root.id, Clock.scope == ""))
    verdicts = {f"{row.name}#{row.turn}": row.verdict for row in rows}
    chosen = {name: v for name, v in verdicts.items() if clocks is None or name in clocks}
    people, programs = open_tasks(store), open_externals(store)
    waiting = sorted([task.element_id for task in people] + [task.element_id for task in programs])
    return Expectation(root.outcome, tuple(waiting), values, chosen)


def difference(store: Session, expected: Expectation) -> Text | None:
    """The first thing that is not as expected; None if all is."""
    root = root_of(store)
    if root is None:
        return Text("案件没有发起。", "The case did not start.")
    bundle = bundle_of(store, root.bundle_hash)
    found = found_in(store, expected.variables.keys(), expected.clocks.keys())
    return (
        _outcome(bundle, root, expected.outcome)
        or _waiting(bundle, expected.waiting, found.waiting)
        or _variables(expected.variables, found.variables)
        or _clocks(store, expected.clocks, found.clocks)
    )


def _outcome(bundle: Bundle, root: ProcessInstance, expected: str | None) -> Text | None:
    if root.outcome == expected:
        return None
    runs = Text("仍在运行", "it still runs")
    wanted, got = (_name(bundle, end) if end else runs for end in (expected, root.outcome))
    return _differs(Text("结局", "the end"), wanted, got)


def _waiting(bundle: Bundle, expected: tuple[str, ...], found: tuple[str, ...]) -> Text | None:
    if expected == found:
        return None
    return _differs(Text("待办环节", "what waits"), _names(bundle, expected), _names(bundle, found))


def _variables(expected: Mapping[str, object], found: Mapping[str, object]) -> Text | None:
    for name, value in expected.items():
        if name not in found or found[name] != value:
            got = repr(found[name]) if name in found else MISSING
            return _differs(Text(f"变量 {name}", f"variable {name}"), Text(repr(value)), Text(got))
    return None


def _clocks(store: Session, expected: Mapping[str, str], found: Mapping[str, str]) -> Text | None:
    names = clock_names(store)
    for key, verdict in expected.items():
        got = found.get(key)
        if got != verdict:
            clock = key.partition("#")[0]
            label = names.get(clock) or Text(clock)
            what = Text(f"时限“{label.zh}”", f"time limit “{label.get('en')}”")
            return _differs(what, VERDICTS[verdict], VERDICTS[got] if got else Text(MISSING))
    return None


def _name(bundle: Bundle, element_id: str) -> Text:
    for element in bundle.elements.values():
        if element.id == element_id and element.name:
            return Text(f"“{element.name}”", f"“{element.name_en or element.name}”")
    return Text(element_id)


def _names(bundle: Bundle, elements: tuple[str, ...]) -> Text:
    named = [_name(bundle, element) for element in elements] or [Text("无", "nothing")]
    return Text("、".join(text.zh for text in named), ", ".join(text.get("en") for text in named))


def _differs(what: Text, expected: Text, found: Text) -> Text:
    zh = f"{what.zh}：应为 {expected.zh}，实为 {found.zh}。"
    return Text(zh, f"{what.get('en')}: {expected.get('en')} expected, {found.get('en')} found.")
