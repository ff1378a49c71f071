"""What this is: version, engine, the description of the interface, and where people work."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from web.api.blueprint import operation
from web.api.openapi import document
from web.api.schemas import ANYTHING, array, record, text

well_known = Blueprint("well_known", __name__)

COMPATIBLE = "7.24.0"  # the Camunda version whose interface this speaks
ENGINE = "default"


@operation("GET", "/version", "The Camunda version whose interface this is", answer=record(version=text))
def version() -> ResponseReturnValue:
    """What a modeler reads to know which diagrams fit."""
    return jsonify(version=COMPATIBLE)


@operation("GET", "/engine", "The engines: there is one", answer=array(record(name=text)))
def engines() -> ResponseReturnValue:
    """The names of the engines."""
    return jsonify([{"name": ENGINE}])


@operation("GET", "/openapi.json", "This description", answer=ANYTHING)
def described() -> ResponseReturnValue:
    """The description of every operation, from the table that routes them."""
    return jsonify(document())


@well_known.get("/.well-known/camunda-automation-platform/webapps")
def webapps() -> ResponseReturnValue:
    """Where a modeler may lead people: the task list, the cases, the accounts. Asked without signing in."""
    base = current_app.config["SETTINGS"].base_url.rstrip("/") or request.host_url.rstrip("/")
    rooms = {"adminUrl": "people.index", "cockpitUrl": "instances.index", "tasklistUrl": "tasks.index"}
    return jsonify({name: base + url_for(room) for name, room in rooms.items()})
