"""Form files nobody would write: read or refused, never anything else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagram.forms import check_form, read_form
from engine.diagram.forms.inputs import TYPES
from engine.errors import BundleRefused
from tests.engine.form_world import as_file

WORDS = """
    key path id label dateLabel description validate required min max minLength pattern validationType subtype
    values value conditional hide properties required.when source personal rows.max layout columns components
    readonly appearance suffixAdorner defaultValue decimalDigits multiple accept option.a.en
"""
NAMES = st.sampled_from(WORDS.split())
TEXTS = st.sampled_from(["", "=x", "date", "true", "${x}", "(", "a"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)
KINDS = st.sampled_from([*TYPES, "group", "text", "html", "separator", "table", "", 7])
COMPONENTS = st.builds(lambda kind, more: {**more, "type": kind}, KINDS, st.dictionaries(NAMES, JUNK))


@settings(deadline=None)
@given(st.lists(COMPONENTS, max_size=3))
def test_a_file_is_read_exactly_if_checking_it_finds_no_error(components: list[dict[str, object]]) -> None:
    data = as_file(*components)
    found = check_form(data, "test.form")
    try:
        accepted = bool(read_form(data, "test.form"))
    except BundleRefused:
        accepted = False
    assert accepted == all(problem.level == "warning" for problem in found)
    assert all(problem.line > 0 and problem.zh and problem.en for problem in found)
