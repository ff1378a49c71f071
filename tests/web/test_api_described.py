"""The OpenAPI document: what is described is there, and what is there is described."""

import re
from typing import Any

from tests.web.pages import Site
from tests.web.programs import program


def described(site: Site) -> dict[str, Any]:
    """The document as a program reads it."""
    return program(site, "qa").get("/openapi.json")


def test_every_route_is_described_and_nothing_else(site: Site) -> None:
    routed = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/engine-rest")), method.lower())
        for rule in site.app.url_map.iter_rules()
        if rule.rule.startswith("/engine-rest")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    document = described(site)
    told = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert told == routed
    assert (document["openapi"], document["servers"]) == ("3.1.0", [{"url": "/engine-rest"}])


def test_every_operation_names_its_parameters_its_scope_and_the_shape_of_a_refusal(site: Site) -> None:
    document = described(site)
    for path, methods in document["paths"].items():
        for told in methods.values():
            named = {p["name"] for p in told["parameters"] if p["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            assert re.search(r"`(read|work|deploy)`", told["description"])
            assert {"400", "401", "403", "429", "503"} <= told["responses"].keys()
    names = [told["operationId"] for methods in document["paths"].values() for told in methods.values()]
    assert len(names) == len(set(names))


def test_what_is_safe_to_repeat_says_so(site: Site) -> None:
    document = described(site)
    told = {
        f"{method} {path}"
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if any(p["in"] == "header" and p["name"] == "Idempotency-Key" for p in one["parameters"])
    }
    start = "post /process-definition/{}/start"
    assert told == {
        *("post /deployment/create", "post /message", "post /signal", "post /task/{task_id}/complete"),
        *(start.format("{definition_id}"), start.format("key/{key}")),
    }
