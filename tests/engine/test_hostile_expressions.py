"""The expression language is a wall: what is not on the list is refused, quickly, and nothing is changed."""

import copy
import time
import tracemalloc
from collections.abc import Callable

import pytest

from engine.diagram.expressions import compile_expression, compile_script, compile_template
from engine.errors import ExpressionError
from tests.engine.hostile import BOMBS, ESCAPES, SCRIPTS

NAMES: dict[str, object] = {
    "record": {"a": 1, "b": {"c": [1, 2]}},
    "numbers": [3, 1, 2],
    "rows": [{"n": 1}],
    "number": 7,
    "name": "质环",
    "a": 1,
    "b": 2,
    "fill": "0",
    "wide": "9999999d",
}
SECONDS = 8.0  # traced, on a busy machine; the slowest probe takes 0.2 s alone
BYTES = 40_000_000


def refused(run: Callable[[dict[str, object]], object]) -> None:
    names = copy.deepcopy(NAMES)
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(ExpressionError) as caught:
        run(names)
    seconds, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert names == NAMES, "a refused expression changes nothing"
    assert seconds < SECONDS, f"{seconds:.1f} s"
    assert peak < BYTES, f"{peak:,} bytes"
    for lang in ("zh", "en"):
        assert 0 < len(caught.value.message(lang)) < 500


@pytest.mark.parametrize("probe", ESCAPES.values(), ids=ESCAPES)
def test_an_escape_is_refused_and_changes_nothing(probe: str) -> None:
    refused(lambda names: compile_expression(probe).evaluate(names))


@pytest.mark.parametrize("probe", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_quickly_and_in_little_memory(probe: str) -> None:
    refused(lambda names: compile_expression(probe).evaluate(names))


@pytest.mark.parametrize("probe", SCRIPTS.values(), ids=SCRIPTS)
def test_a_hostile_script_is_refused_and_leaves_the_data_as_it_was(probe: str) -> None:
    refused(lambda names: compile_script(probe).run(names))


@pytest.mark.parametrize("probe", ESCAPES.values(), ids=ESCAPES)
def test_a_hostile_expression_inside_a_text_is_refused_too(probe: str) -> None:
    if probe.count("{") == probe.count("}"):
        refused(lambda names: compile_template(f"案件 ${{{probe}}}").evaluate(names))
    else:
        pytest.skip("its braces end the template early")


def test_enough_probes() -> None:
    assert len({*ESCAPES.values(), *BOMBS.values(), *SCRIPTS.values()}) >= 160
