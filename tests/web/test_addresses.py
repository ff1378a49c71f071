"""Addresses are spelled when first asked for, and as Werkzeug spells them."""

import pytest
from werkzeug.routing import BuildError, Map, Rule

from web import create_app
from web.addresses import LazyRule

RULES = (
    ("/", {}),
    ("/tasks/<task_id>", {"task_id": "a b/ü"}),
    ("/processes/<process_id>/versions/<int:version>.zip", {"process_id": "p", "version": 7}),
    ("/files/<path:name>", {"name": "a/b c.bpmn"}),
    ("/calendar", {"year": 2026, "search": "漏 油&", "many": ["1", "2"]}),
)


def spelled(kind: type[Rule], rule: str, values: dict[str, object]) -> str:
    """An address under one rule of that kind."""
    return Map([kind(rule, endpoint="it")]).bind("localhost").build("it", values)


@pytest.mark.parametrize(("rule", "values"), RULES)
def test_an_address_is_the_one_that_werkzeug_spells_the_first_time_and_again(
    rule: str, values: dict[str, object]
) -> None:
    map_ = Map([LazyRule(rule, endpoint="it")])
    addresses = [map_.bind("localhost").build("it", values) for _ in range(2)]
    assert addresses == [spelled(Rule, rule, values)] * 2


def test_what_is_missing_in_an_address_is_told_as_by_werkzeug() -> None:
    for kind in (Rule, LazyRule):
        with pytest.raises(BuildError, match="Did you forget to specify values"):
            spelled(kind, "/tasks/<task_id>", {})


def test_every_rule_of_the_pages_is_spelled_only_when_asked_for() -> None:
    app = create_app(SQLALCHEMY_DATABASE_URI="sqlite://")
    eager = {str(rule) for rule in app.url_map.iter_rules() if not isinstance(rule, LazyRule)}
    assert eager == {"/static/<path:filename>"}  # Flask's own
