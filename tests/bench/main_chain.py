"""The main job: its whole way to closure, and the completion at 60 % of its way.

The plain loop runs the diagrams of bpmn/ as `stock_diagrams` rewrites them, the same steps in the same order
with the same entries. What decisions and mappings find out here is given to it beforehand (`FOUND`)."""

from collections.abc import Iterator, Mapping

from tests.bench.measure import Measure, side_by_side, times_as_fast
from tests.bench.our_chain import REPORT, OurChain
from tests.bench.plain_loop import PlainLoop, finish
from tests.bench.plan import Plan
from tests.company import BPMN

WAY = 0.6
FOUND: Mapping[str, object] = {
    **REPORT, "feedback_class": "customer_complaint", "severity": "一般", "major_special": False,
    "duplicate_of": None, "intake_result": "立案", "onsite": "不需", "onsite_approver": "vp",
    "approval_group": "qa_lead", "countersigns": [{"agree": "同意"}], "attempt": 1, "verify_next": "固化",
    "reopen_decision": None, "logistics_choice": None, "not_reachable": 0, "justified": False,
}  # fmt: skip
Way = list[tuple[str, dict[str, object]]]


def measure(plan: Plan) -> Iterator[Measure]:
    """The completion at 60 %, then whole cases."""
    ours = OurChain(plan.at("chain"))
    files = {str(file.relative_to(BPMN)): file.read_bytes() for file in BPMN.rglob("*.bpmn")}
    loop = PlainLoop(plan.at("chain/loop.sqlite"), files, "qf_main")
    whole = ours.begin()
    while whole.is_open():
        whole.step()
    path = whole.path
    number = round(WAY * len(path))
    pairs = side_by_side(
        plan.rounds, lambda: _ours_at(ours, number), lambda: _loop_at(loop, path, number)
    )
    name = f"main chain, completion {number} of {len(path)} (ms): against (a) plain loop"
    yield times_as_fast(name, pairs, at_least=4.0)
    note = f"{whole.signed} of {len(path)} steps are signed: ours checks a password there, slow on purpose"
    pairs = side_by_side(max(2, plan.rounds // 6), lambda: _ours_whole(ours), lambda: _loop_whole(loop, path))
    yield times_as_fast(
        "main chain, all completions to closure (ms): against (a) plain loop", pairs, note=note
    )
    ours.close()
    loop.close()


def _ours_at(chain: OurChain, number: int) -> float:
    case = chain.begin()
    for _ in range(number - 1):
        case.step()
    return case.step()


def _loop_at(loop: PlainLoop, path: Way, number: int) -> float:
    workflow = loop.begun(FOUND)
    for element, values in path[: number - 1]:
        finish(workflow, element, values)
    return loop.step(loop.keep(workflow), *path[number - 1])


def _ours_whole(chain: OurChain) -> float:
    case, took = chain.begin(), 0.0
    while case.is_open():
        took += case.step()
    return took


def _loop_whole(loop: PlainLoop, path: Way) -> float:
    number = loop.start(FOUND)
    return sum(loop.step(number, element, values) for element, values in path)
