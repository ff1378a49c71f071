"""Deployments: a modeler hands in a diagram with its forms; what was handed in can be read again."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from engine import (
    DeploymentView,
    Handed,
    ResourceView,
    count_deployments,
    deploy_part,
    get_deployment,
    list_deployments,
    list_resources,
    read_resource,
    transaction,
)
from web.api.blueprint import DEPLOY, operation
from web.api.definition_shape import DEFINITION, definition
from web.api.exchange import PAGING, answer, chosen, moment, order, page, sorting, ticked
from web.api.schemas import COUNT, array, given, maybe, nothing, record, table, text
from web.api.schemas import moment as moment_schema
from web.auth import actor
from web.csvfile import disposition
from web.db import db
from web.errors import Unreadable
from web.i18n import now

FILTERS = {"id": "id", "name": "name", "source": "source"}
SORTS = {"id": "id", "name": "name", "deploymentTime": "at"}
QUERY = dict.fromkeys(FILTERS, text)
LINK = record(method=text, href=text, rel=text)
FACTS = {
    "links": array(LINK), "id": text, "name": maybe(text), "source": maybe(text),
    "deploymentTime": moment_schema, "tenantId": nothing,
}  # fmt: skip
DEPLOYMENT = record(**FACTS)
CREATED = record(
    **FACTS, deployedProcessDefinitions=maybe(table(DEFINITION)), deployedCaseDefinitions=nothing,
    deployedDecisionDefinitions=nothing, deployedDecisionRequirementsDefinitions=nothing,
)  # fmt: skip
RESOURCE = record(id=text, name=text, deploymentId=text)
FORM = given(**{
    "deployment-name": text, "deployment-source": text, "enable-duplicate-filtering": text,
    "deploy-changed-only": text, "tenant-id": {"type": "string", "maxLength": 0},
})  # fmt: skip
FORM["additionalProperties"] = {"type": "string", "format": "binary"}


def _shown(view: DeploymentView) -> dict[str, Any]:
    href = url_for("api.get_deployment_deployment_id", deployment_id=view.id, _external=True)
    return {
        "links": [{"method": "GET", "href": href, "rel": "self"}],
        "id": view.id,
        "name": view.name or None,
        "source": view.source or None,
        "deploymentTime": moment(view.at),
        "tenantId": None,
    }


@operation(
    "POST", "/deployment/create",
    "Deploy files at once, without a second person's approval; what they refer to may be deployed already",
    answer=CREATED, body=FORM, body_media="multipart/form-data", scope=DEPLOY, once=True,
)  # fmt: skip
def create() -> ResponseReturnValue:
    """Deploy the files of the request.

    With duplicate filtering, files that change nothing leave no trace, and `deployedProcessDefinitions` is
    null; without it, the present versions of their processes are given. `Idempotency-Key` makes it safe to
    repeat."""
    form = request.form
    if form.get("tenant-id"):
        raise Unreadable("There are no tenants here: leave tenant-id empty.")
    name, source = (form.get(f"deployment-{part}", "").strip() for part in ("name", "source"))
    filtering = any(ticked(form.get(n, "")) for n in ("enable-duplicate-filtering", "deploy-changed-only"))
    files = _files()
    with transaction(db.session()):
        handed = deploy_part(
            db.session(), files, actor(), " · ".join(part for part in (name, source) if part), name=name,
            source=source, only_changed=filtering,
            idempotency_key=request.headers.get("Idempotency-Key"), now=now(),
        )  # fmt: skip
    return answer(_created(handed, filtering))


def _files() -> dict[str, bytes]:
    """The files by file name: a modeler names the part so too, another client numbers the parts."""
    files: dict[str, bytes] = {}
    for part, upload in request.files.items(multi=True):
        name = upload.filename or part
        data = upload.read()
        if files.setdefault(name, data) != data:
            raise Unreadable(f"Two different files are called {name!r}.")
    if not files:
        raise Unreadable("There is no file in the request.")
    return files


def _created(handed: Handed, filtering: bool) -> dict[str, Any]:
    shown = [view for view in handed.definitions if not filtering or view.process_id in handed.new]
    return {
        **_shown(handed.deployment),
        "deployedProcessDefinitions": {view.id: definition(view) for view in shown} or None,
        "deployedCaseDefinitions": None,
        "deployedDecisionDefinitions": None,
        "deployedDecisionRequirementsDefinitions": None,
    }


@operation(
    "GET", "/deployment", "Deployments, the newest first", answer=array(DEPLOYMENT),
    query=QUERY | sorting(SORTS) | PAGING,
)  # fmt: skip
def index() -> ResponseReturnValue:
    """A page of the deployments; a modeler asks for none of them to see whether it may connect."""
    found = list_deployments(db.session(), actor(), chosen(FILTERS), *page(), order(SORTS))
    return answer([_shown(view) for view in found])


@operation("GET", "/deployment/count", "How many deployments there are", answer=COUNT, query=QUERY)
def count() -> ResponseReturnValue:
    """How many fit."""
    return answer({"count": count_deployments(db.session(), actor(), chosen(FILTERS))})


@operation("GET", "/deployment/<deployment_id>", "One deployment", answer=DEPLOYMENT, refuses=(404,))
def show(deployment_id: str) -> ResponseReturnValue:
    """One deployment."""
    return answer(_shown(get_deployment(db.session(), deployment_id, actor())))


@operation(
    "GET", "/deployment/<deployment_id>/resources", "The files of a deployment", answer=array(RESOURCE),
    refuses=(404,),
)  # fmt: skip
def resources(deployment_id: str) -> ResponseReturnValue:
    """The files as they were handed in."""
    return answer([_resource(view) for view in list_resources(db.session(), deployment_id, actor())])


def _resource(view: ResourceView) -> dict[str, Any]:
    return {"id": view.id, "name": view.name, "deploymentId": view.deployment_id}


@operation(
    "GET", "/deployment/<deployment_id>/resources/<resource_id>/data", "The content of a file",
    answer={"type": "string", "format": "binary"}, media="application/octet-stream", refuses=(404,),
)  # fmt: skip
def data(deployment_id: str, resource_id: str) -> ResponseReturnValue:
    """The bytes of a file, as a download that no browser runs."""
    name, content = read_resource(db.session(), deployment_id, resource_id, actor())
    response = Response(content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = disposition(name)
    return response
