"""A bundle holds all that a process needs, is named by its content, and is never changed by running it."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

import bpmn
from engine.diagram.bundle import compile_bundle, read_bundles
from engine.diagram.bundle_cache import BundleCache, bundle_of, remember
from engine.diagram.library import build_problems
from engine.errors import BundleChanged, BundleRefused, ProcessNotFound
from engine.execution.workflow import Live, complete, start
from tests.engine.bpmn_text import chain, diagram, flow, node, properties

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TITLES = '"properties": {"title": "表单", "title.en": "Form"}'


def form(key: str, *fields: str) -> bytes:
    rows = ", ".join(
        f'{{"type": "textfield", "id": "F_{name}", "key": "{name}", "label": "{name}",'
        f' "properties": {{"label.en": "{name}"}}}}'
        for name in fields
    )
    return f'{{"type": "default", "id": "{key}", {TITLES}, "components": [{rows}]}}'.encode()


def decision(key: str, reads: str, *outputs: str) -> bytes:
    columns = "".join(f'<output id="O_{name}" name="{name}" typeRef="number"/>' for name in outputs)
    cells = "".join(f'<outputEntry id="C_{name}"><text>1</text></outputEntry>' for name in outputs)
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="D" name="D" namespace="test">'
        f'<decision id="{key}" name="{key}"><decisionTable id="T" hitPolicy="FIRST">'
        f'<input id="I"><inputExpression id="E" typeRef="string"><text>{reads}</text>'
        "</inputExpression></input>"
        f'{columns}<rule id="R"><inputEntry id="IE"><text>-</text></inputEntry>{cells}</rule>'
        "</decisionTable></decision></definitions>"
    ).encode()


def call(*mappings: str, name: str = "c", called: str = "q") -> str:
    inside = "".join(f"<camunda:{mapping}/>" for mapping in mappings)
    return node(
        "callActivity", name, f"<extensionElements>{inside}</extensionElements>", calledElement=called
    )


MAPPINGS = (
    'in source="a" target="b"',
    'in sourceExpression="${n + 1}" target="m"',
    'out source="x" target="y"',
)
FILES = {
    "p.bpmn": diagram(
        chain(
            node("userTask", "a", camunda_formRef="ask", camunda_assignee="${who}"),
            node("businessRuleTask", "d", camunda_decisionRef="rate"),
            call(*MAPPINGS),
        ),
        attributes='name="主" camunda:candidateStarterGroups="cs, qa"',
    ),
    "q.bpmn": diagram(
        chain(node("userTask", "u", camunda_formRef="answer")),
        "q",
        attributes='camunda:isStartableInTasklist="false"',
    ),
    "other.bpmn": diagram(chain(node("userTask", "u", camunda_formRef="answer")), "other"),
    "rate.dmn": decision("rate", "kind", "rating"),
    "ask.form": form("ask", "kind", "who", "phone"),
    "answer.form": form("answer", "x", "remark"),
    "groups.csv": b"id,zh,en,duty_zh,duty_en\n",
}


# -- content


def test_a_bundle_holds_what_the_process_calls_decides_and_shows_and_nothing_else():
    bundle = compile_bundle(FILES, "p")
    assert set(bundle.sources) == {"p.bpmn", "q.bpmn", "rate.dmn", "ask.form", "answer.form"}
    assert set(bundle.processes) == {"p", "q"}
    assert set(bundle.subspecs) == {"q"}
    assert set(bundle.forms) == {"ask", "answer"}
    assert set(bundle.decisions) == {"rate"}
    assert {("p", "a"), ("q", "u")} <= set(bundle.elements)
    assert bundle.flows["p", "s", "a"] == "s_a"
    assert bundle.diagram_of("q") == FILES["q.bpmn"]
    assert bundle.form_of(bundle.elements["q", "u"]).key == "answer"


def test_a_bundle_knows_who_may_start_it():
    assert compile_bundle(FILES, "p").starter_groups == ("cs", "qa")
    assert compile_bundle(FILES, "p").startable
    assert not compile_bundle(FILES, "q").startable


def test_the_start_is_that_of_the_process_not_of_a_subprocess_drawn_before_it():
    inner = chain().replace('"s"', '"s2"').replace('"e"', '"e2"')
    body = node("subProcess", "sub", inner) + chain().replace(
        '<startEvent id="s" >', '<startEvent id="s" camunda:formRef="ask">'
    )
    bundle = compile_bundle({"p.bpmn": diagram(body), "ask.form": FILES["ask.form"]}, "p")
    assert bundle.start.id == "s"
    assert bundle.start_form.key == "ask"


def test_processes_that_call_each_other_are_compiled():
    files = {"p.bpmn": diagram(chain(call())), "q.bpmn": diagram(chain(call(called="p")), "q")}
    assert set(compile_bundle(files, "p").processes) == {"p", "q"}


def test_several_processes_of_one_file_are_kept_apart():
    second = '<process id="q" isExecutable="true">' + chain(node("userTask", "u2")).replace('"s"', '"s2"')
    second = second.replace('"e"', '"e2"') + "</process>"
    bundle = compile_bundle({"p.bpmn": diagram(chain(call()), more=second)}, "p")
    assert ("q", "u2") in bundle.elements
    assert ("p", "u2") not in bundle.elements
    assert bundle.diagram_of("q") == bundle.diagram_of("p")


def test_what_waits_for_a_message_is_listed_by_its_name():
    body = chain(node("sendTask", "out", messageRef="M"), node("receiveTask", "r", messageRef="M"))
    bundle = compile_bundle({"p.bpmn": diagram(body, more='<message id="M" name="回复"/>')}, "p")
    assert bundle.messages == {"回复": (("p", "r"),)}


# -- names


def test_a_token_carries_what_the_diagram_reads_and_no_other_field():
    bundle = compile_bundle(FILES, "p")
    assert bundle.names == {"kind", "who", "a", "n", "x"}
    assert not bundle.names & {"phone", "remark"}


def test_known_names_are_all_that_can_be_set():
    known = compile_bundle(FILES, "p").known_names
    assert {"kind", "who", "phone", "x", "remark", "rating", "b", "m", "y", "loopCounter"} == known - {
        "nrOfInstances",
        "nrOfActiveInstances",
        "nrOfCompletedInstances",
    }


def test_names_come_from_conditions_scripts_timers_repetitions_and_templates():
    timer = "<timerEventDefinition><timeDuration>${span}</timeDuration></timerEventDefinition>"
    repeated = '<multiInstanceLoopCharacteristics camunda:collection="many" camunda:elementVariable="one"/>'
    body = chain(
        node("scriptTask", "c", "<script>total = price * 2</script>"),
        node("intermediateCatchEvent", "t", timer),
        node("userTask", "a", repeated, camunda_candidateGroups="${group}", camunda_dueDate="${due}"),
        node("exclusiveGateway", "g", default="g_e"),
    )
    body += node("endEvent", "e3") + flow("g", "e3", "${okay and not late}")
    bundle = compile_bundle({"p.bpmn": diagram(body)}, "p")
    assert bundle.names == {"price", "span", "many", "group", "due", "okay", "late"}
    assert {"total", "one"} <= bundle.known_names


def test_of_collected_results_a_token_carries_the_parts_that_are_looked_up():
    repeated = '<multiInstanceLoopCharacteristics camunda:collection="many" camunda:elementVariable="one"/>'
    task = node("userTask", "a", properties(mi_result="votes") + repeated, camunda_formRef="vote")
    body = chain(task, node("exclusiveGateway", "g", default="g_e")) + node("endEvent", "e3")
    body += flow("g", "e3", '${all(v["agree"] == "同意" for v in votes)}')
    files = {"p.bpmn": diagram(body), "vote.form": form("vote", "agree", "remark")}
    assert compile_bundle(files, "p").names == {"many", "votes", "agree"}


def test_what_a_message_brings_is_announced_by_the_property_sets():
    body = chain(node("receiveTask", "r", properties(sets="answer sent_at"), messageRef="M"))
    bundle = compile_bundle({"p.bpmn": diagram(body, more='<message id="M" name="m"/>')}, "p")
    assert {"answer", "sent_at"} <= bundle.known_names


# -- hash


def test_the_hash_does_not_depend_on_order_folders_or_files_that_are_not_used():
    expected = compile_bundle(FILES, "p").hash
    for seed in range(5):
        names = random.Random(seed).sample(sorted(FILES), len(FILES))
        assert compile_bundle({f"bpmn/{name}": FILES[name] for name in names}, "p").hash == expected
    assert (
        compile_bundle({name: data for name, data in FILES.items() if name != "other.bpmn"}, "p").hash
        == expected
    )
    assert compile_bundle({**FILES, "groups.csv": b"changed"}, "p").hash == expected
    assert compile_bundle(compile_bundle(FILES, "p").sources, "p").hash == expected


@pytest.mark.parametrize("name", ["p.bpmn", "q.bpmn", "rate.dmn", "ask.form", "answer.form"])
def test_the_hash_changes_with_every_file_that_is_used(name):
    changed = {**FILES, name: FILES[name] + b"\n"}
    assert compile_bundle(changed, "p").hash != compile_bundle(FILES, "p").hash


def test_two_processes_of_the_same_files_have_different_hashes():
    files = {"p.bpmn": diagram(chain(call())), "q.bpmn": diagram(chain(call(called="p")), "q")}
    first, second = compile_bundle(files, "p"), compile_bundle(files, "q")
    assert first.sources == second.sources
    assert first.hash != second.hash


# -- refusals


@pytest.mark.parametrize(
    ("name", "element", "file"),
    [
        ("q.bpmn", "c", "p.bpmn"),
        ("rate.dmn", "d", "p.bpmn"),
        ("ask.form", "a", "p.bpmn"),
        ("answer.form", "u", "q.bpmn"),
    ],
)
def test_what_is_referred_to_must_be_among_the_files(name, element, file):
    files = {other: data for other, data in FILES.items() if other != name}
    problems = build_problems(files)
    assert (file, element, "reference.missing") in {(p.file, p.element, p.code) for p in problems}
    with pytest.raises(BundleRefused):
        compile_bundle(files, "p")


def test_the_problems_of_all_files_are_told_at_once():
    files = {
        "a.bpmn": b"PK\x03\x04",
        "b.bpmn": b"<!DOCTYPE a><a/>",
        "c.bpmn": diagram(chain(node("complexGateway", "g"), node("scriptTask", "x"))),
        "d.dmn": b"",
        "e.form": b"{",
        "f.exe": b"MZ",
        "z.bpmn": diagram(chain()).replace(b'isExecutable="true"', b'isExecutable="false"'),
    }
    found = {(problem.file, problem.code) for problem in build_problems(files)}
    assert {("a.bpmn", "xml.type"), ("b.bpmn", "xml.doctype"), ("c.bpmn", "element.kind")} <= found
    assert {("c.bpmn", "script"), ("f.exe", "file.type"), ("z.bpmn", "process.none")} <= found
    assert {"d.dmn", "e.form"} <= {file for file, _code in found}
    with pytest.raises(BundleRefused) as refusal:
        compile_bundle(files, "p")
    assert sorted(refusal.value.problems) == build_problems(files)


def test_one_id_in_two_files_and_one_name_for_two_files_are_refused():
    twice = {"p.bpmn": diagram(chain()), "copy.bpmn": diagram(chain())}
    assert [problem.code for problem in build_problems(twice)] == ["defined.twice"]
    named = {"a/p.bpmn": diagram(chain()), "b/p.bpmn": diagram(chain(node("task", "t")))}
    assert [problem.code for problem in build_problems(named)] == ["file.twice"]


def test_a_process_that_the_files_do_not_define_is_not_found():
    with pytest.raises(ProcessNotFound):
        compile_bundle(FILES, "nobody")
    with pytest.raises(ProcessNotFound):
        compile_bundle(FILES, "p").diagram_of("other")


def test_an_upload_with_an_error_is_refused_with_its_warnings_too():
    with pytest.raises(BundleRefused) as refusal:
        read_bundles({"p.bpmn": diagram(chain(node("complexGateway", "g")))})
    assert {problem.level for problem in refusal.value.problems} == {"error", "warning"}


def test_our_own_diagrams_are_one_bundle_each_without_problems():
    folder = Path(bpmn.__file__).parent
    kinds = {".bpmn", ".dmn", ".form", ".csv"}
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.suffix in kinds}
    bundles = {bundle.process_id: bundle for bundle in read_bundles(files)}
    assert set(bundles) == {path.stem for path in folder.glob("*.bpmn")}
    startable = {bundle.process_id for bundle in bundles.values() if bundle.startable}
    assert startable == {"qf_main", "sla_extension"}
    assert set(bundles["qf_main"].processes) | {"sla_extension"} == set(bundles)
    for bundle in bundles.values():
        assert not bundle.warnings
    assert bundles["qf_main"].names <= bundles["qf_main"].known_names


# -- shared by instances and threads


def content(value: object, known: tuple[int, ...] = ()) -> object:
    """Everything that can be reached from a spec, as plain data."""
    if isinstance(value, dict):
        return {str(key): content(item, known) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [content(item, known) for item in value]
    if not hasattr(value, "__dict__") or isinstance(value, type):
        return repr(value)
    if id(value) in known:
        return type(value).__name__
    return [type(value).__name__, content(vars(value), (*known, id(value)))]


def shapes() -> str:
    """Fork and join, a repetition, a boundary event, a subprocess and a call, one after the other."""
    repeated = '<multiInstanceLoopCharacteristics camunda:collection="many" camunda:elementVariable="one"/>'
    inner = chain(node("userTask", "inside")).replace('"s"', '"s2"').replace('"e"', '"e2"')
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    body = chain(
        node("userTask", "first", repeated),
        node("parallelGateway", "fork"),
        node("userTask", "left"),
        node("parallelGateway", "join"),
        node("subProcess", "sub", inner),
        call("in variables='all'"),
    )
    late = node("boundaryEvent", "late", timer, attachedToRef="left", cancelActivity="false")
    right = node("userTask", "right") + flow("fork", "right") + flow("right", "join")
    return body + right + late + node("endEvent", "e3") + flow("late", "e3")


def run_through(bundle, seed: int) -> str | None:
    """One instance from start to end, its tasks completed in a random order."""
    order, rows = random.Random(seed), {}
    step = start(bundle, {"many": [1, 2, 3]}, NOW)
    waiting = {item.engine_task_id for item in step.opened}
    while not step.ended:
        for row in step.rows_upsert:
            unchanged = {name for name in ("data", "internal") if row[name] is None}
            kept = {name: value for name, value in row.items() if name not in unchanged}
            rows[row["id"]] = {**rows.get(row["id"], {}), **kept}
        task = order.choice(sorted(waiting))
        live = Live(sorted((row for row in rows.values() if row["live"]), key=lambda r: r["seq"]), step.body)
        step = complete(bundle, live, task, {"x": seed}, NOW)
        waiting = waiting - {task} - set(step.closed) | {item.engine_task_id for item in step.opened}
    return step.outcome


def test_running_instances_in_many_threads_does_not_change_the_spec():
    files = {"p.bpmn": diagram(shapes()), "q.bpmn": FILES["q.bpmn"], "answer.form": FILES["answer.form"]}
    bundle = compile_bundle(files, "p")
    before = content([bundle.spec, dict(bundle.subspecs)])
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda seed: run_through(bundle, seed), range(40)))
    assert set(outcomes) == {"e"}
    assert content([bundle.spec, dict(bundle.subspecs)]) == before


# -- cache


def test_a_bundle_is_compiled_once_and_then_shared():
    loads = []
    bundle_hash = compile_bundle(FILES, "p").hash

    def load() -> tuple[str, dict[str, bytes]]:
        loads.append(1)
        return "p", FILES

    first = bundle_of(bundle_hash, load)
    assert bundle_of(bundle_hash, load) is first
    assert first.hash == bundle_hash
    assert len(loads) == 1


def test_a_bundle_that_was_just_deployed_need_not_be_loaded():
    bundle = remember(compile_bundle(FILES, "q"))
    assert bundle_of(bundle.hash, lambda: pytest.fail("it is in the cache")) is bundle


def test_threads_that_ask_at_the_same_moment_get_the_same_bundle():
    cache, barrier, bundle_hash = BundleCache(), Barrier(8), compile_bundle(FILES, "p").hash

    def ask(_number: int) -> int:
        barrier.wait()
        return id(cache.get(bundle_hash, lambda: ("p", FILES)))

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1


def test_the_cache_keeps_the_bundles_used_last():
    cache = BundleCache(capacity=2)
    hashes = {name: compile_bundle(FILES, name).hash for name in ("p", "q", "other")}

    def get(name: str, cached: bool) -> object:
        load = (lambda: pytest.fail("it is in the cache")) if cached else (lambda: (name, FILES))
        return cache.get(hashes[name], load)

    first, second = get("p", cached=False), get("q", cached=False)
    assert get("p", cached=True) is first
    get("other", cached=False)
    assert len(cache) == 2
    assert get("p", cached=True) is first
    assert get("q", cached=False) is not second


def test_sources_that_changed_in_storage_are_not_run():
    changed = {**FILES, "p.bpmn": FILES["p.bpmn"] + b"\n"}
    with pytest.raises(BundleChanged):
        BundleCache().get(compile_bundle(FILES, "p").hash, lambda: ("p", changed))
