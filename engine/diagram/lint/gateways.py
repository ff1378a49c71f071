"""Gateways: conditions, defaults, directions and what may follow an event-based gateway (BPMN 2.0, 10.6)."""

from lxml import etree

from engine.diagram.lint.drawings import Process, Scope, definitions, is_gateway, trigger
from engine.diagram.lint.report import Report
from engine.diagram.vocabulary import bpmn, kind_of

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})


def check_gateways(report: Report, process: Process) -> None:
    for scope in process.scopes:
        for flow in scope.flows:
            _check_condition(report, scope, flow)
        for node in scope.nodes:
            _check_default(report, scope, node)
            if is_gateway(node):
                _check_directions(report, scope, node)
            if kind_of(node) == "eventBasedGateway":
                _check_event_gateway(report, scope, node)


def _check_condition(report: Report, scope: Scope, flow: etree._Element) -> None:
    source = scope.by_id.get(flow.get("sourceRef", ""))
    if source is None:
        return
    condition = flow.find(bpmn("conditionExpression"))
    is_default = bool(flow.get("id")) and source.get("default") == flow.get("id")
    if condition is not None and kind_of(source) not in CHOOSING:
        code = "condition-on-parallel" if is_gateway(source) else "condition-on-activity"
        report.add(code, flow, source=source.get("id", ""))
    elif condition is not None and is_default:
        report.add("default-with-condition", flow)
    elif condition is not None and not (condition.text or "").strip():
        report.add("condition-empty", flow)
    elif condition is None and not is_default and _chooses(scope, source):
        report.add("condition-missing", flow, source=source.get("id", ""))


def _chooses(scope: Scope, node: etree._Element) -> bool:
    return kind_of(node) in CHOOSING and len(scope.leaving(node)) > 1


def _check_default(report: Report, scope: Scope, node: etree._Element) -> None:
    default = node.get("default")
    leaving = scope.leaving(node)
    if default and kind_of(node) not in CHOOSING:
        report.add("default-without-choice", node)
    elif default and default not in [flow.get("id") for flow in leaving]:
        report.add("default-foreign", node, flow=default)
    elif not default and _chooses(scope, node):
        report.add("default-missing", node)


def _check_directions(report: Report, scope: Scope, node: etree._Element) -> None:
    entering, leaving = len(scope.entering(node)), len(scope.leaving(node))
    direction = node.get("gatewayDirection", "Unspecified")
    drawn = {
        "Converging": leaving <= 1,
        "Diverging": entering <= 1,
        "Mixed": entering > 1 and leaving > 1,
    }
    if not drawn.get(direction, True):
        report.add("gateway-direction", node, direction=direction, entering=entering, leaving=leaving)
    if entering > 1 and leaving > 1:
        report.add("gateway-joins-and-forks", node)
    if entering == 1 and leaving == 1:
        report.add("gateway-idle", node)


def _check_event_gateway(report: Report, scope: Scope, node: etree._Element) -> None:
    """BPMN 2.0, 10.6.6: at least two ways, each to something that only waits and that only it leads to."""
    targets = [scope.by_id.get(flow.get("targetRef", "")) for flow in scope.leaving(node)]
    drawn = [target for target in targets if target is not None]
    if len(drawn) < 2:
        report.add("event-gateway-ways", node)
    for target in drawn:
        if kind_of(target) not in ("intermediateCatchEvent", "receiveTask"):
            report.add("event-gateway-target", target, gateway=node.get("id", ""))
        elif len(scope.entering(target)) > 1:
            report.add("event-gateway-shared", target, gateway=node.get("id", ""))
        elif scope.attached(target):
            report.add("event-gateway-boundary", target, gateway=node.get("id", ""))
    kinds = [trigger(target) for target in drawn if definitions(target)]
    if kinds.count("timer") > 1:
        report.add("event-gateway-timers", node)
    if "message" in kinds and any(kind_of(target) == "receiveTask" for target in drawn):
        report.add("event-gateway-mixed", node)
