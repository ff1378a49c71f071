"""The bytes of a form file: only bounded, well-formed JSON is looked at, and every object knows its place."""

import json

import pytest

from engine.diagram.forms import read_form
from engine.diagram.forms.json_text import read_json
from engine.errors import BundleRefused, Problem


def refused(data: bytes) -> list[Problem]:
    with pytest.raises(BundleRefused) as refusal:
        read_form(data, "test.form")
    return list(refusal.value.problems)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"[]", "not_a_form"),
        (b'"form"', "not_a_form"),
        (b"\xff\xfe{}", "not_utf8"),
        (b'{"a": NaN}', "bad_json_number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "bad_json_number"),
        (b'{"id": "test", "id": "x"}', "duplicate_json_key"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 30 + b"1" + b"}" * 30, "too_deep"),
        (b'"\\' * 200_000, "not_json"),
        (b" " * 500_001, "too_large"),
        (b"{}", "not_a_form"),
        (b'{"type": "default", "id": "test"}', "not_a_form"),
        (b'{"components": []}', "bad_form_id"),
        (b'{"components": [], "id": "../x"}', "bad_form_id"),
    ],
)
def test_bytes_that_are_no_form_are_refused(data: bytes, code: str) -> None:
    assert code in [problem.code for problem in refused(data)]


def test_broken_json_is_pointed_at() -> None:
    (problem,) = refused(b'{\n "components": [\n  {]\n}')
    assert (problem.line, problem.column) == (3, 4)


def test_every_object_knows_its_place_whatever_the_strings_around_it_hold() -> None:
    data = json.dumps({"components": [{"a": "}{]\\"}, {"b": [{"c": "\\\\"}]}]}, indent=1).encode()
    first, second = read_json(data, "x.form").nodes("components")
    places = [(node.line, node.column) for node in (first, second, second.nodes("b")[0])]
    assert places == [(3, 3), (6, 3), (8, 5)]
