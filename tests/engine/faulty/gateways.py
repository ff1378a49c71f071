"""Gateways and their conditions."""
# ruff: noqa: E501 - XML reads better unbroken

from tests.engine.faulty.case import case
from tests.engine.faulty.drawing import Drawn, around, chain, flow

UT = '<userTask id="UT"/>'
SCRIPT = '<scriptTask id="ST"><script>x = 1\ny = 2</script></scriptTask>'
CATCH = '<intermediateCatchEvent id="{0}"><messageEventDefinition messageRef="M"/></intermediateCatchEvent>'
TIMER = (
    '<intermediateCatchEvent id="{0}"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
)
MESSAGE = '<message id="M" name="m"/>'


def choice(gateway: str, *flows: str, kind: str = "exclusiveGateway", more: str = "") -> Drawn:
    """A gateway `XG` after a script that sets x and y; F_XG_EE is the flow to the end."""
    body = (
        f'{SCRIPT}\n¶<{kind} id="XG" {gateway}/>\n{UT}\n{more}'
        if not any("¶" in f for f in flows)
        else (f'{SCRIPT}\n<{kind} id="XG" {gateway}/>\n{UT}\n{more}')
    )
    return around(body, "ST", "UT", flows=flow("ST", "XG") + "".join(flows))


def waiting(body: str, *targets: str, mark: str = "¶") -> Drawn:
    """An event-based gateway `EG` in front of `targets`."""
    ways = "".join(chain("EG", target, "EE") for target in targets)
    gateway = f'{mark}<eventBasedGateway id="EG"/>\n{body}'
    drawn = around(gateway, "EG", "EG", flows=ways, before=MESSAGE)
    files = {name: data.replace(flow("EG", "EE").encode(), b"", 1) for name, data in drawn.files.items()}
    return Drawn(files, drawn.place)


CASES = [
    case("condition-missing", "F_XG_UT",
         choice('default="F_XG_EE"', flow("XG", "UT", mark="¶"), flow("XG", "EE"))),
    case("condition-missing", "F_XG_UT",
         choice('default="F_XG_EE"', flow("XG", "UT", mark="¶"), flow("XG", "EE"), kind="inclusiveGateway")),
    case("condition-empty", "F_XG_UT",
         choice('default="F_XG_EE"', flow("XG", "UT", " ", mark="¶"), flow("XG", "EE"))),
    case("condition-on-parallel", "F_XG_UT",
         choice("", flow("XG", "UT", "x == 1", mark="¶"), flow("XG", "EE"), kind="parallelGateway")),
    case("condition-on-activity", "F_UT_UT2",
         around(f'{SCRIPT}{UT}<userTask id="UT2"/>', "ST", "UT2",
                flows=flow("ST", "UT") + flow("UT", "UT2", "x == 1", mark="¶"))),
    case("default-with-condition", "F_XG_EE",
         choice('default="F_XG_EE"', flow("XG", "UT", "x == 1"), flow("XG", "EE", "x == 2", mark="¶"))),
    case("default-foreign", "XG",
         choice('default="F_UT_EE"', flow("XG", "UT", "x == 1"), flow("XG", "EE", "x == 2"))),
    case("default-without-choice", "UT", around('¶<userTask id="UT" default="F_UT_EE"/>', "UT")),
    case("gateway-direction", "XG",
         choice('gatewayDirection="Converging" default="F_XG_EE"', flow("XG", "UT", "x == 1"), flow("XG", "EE"))),
    case("event-gateway-ways", "EG", waiting(CATCH.format("IE"), "IE")),
    case("event-gateway-target", "UT", waiting(f"{CATCH.format('IE')}\n¶{UT}", "IE", "UT", mark="")),
    case("event-gateway-shared", "IE",
         waiting(f"¶{CATCH.format('IE')}\n{TIMER.format('TE')}\n<task id=\"T\"/>" + flow("T", "IE"),
                 "IE", "TE", mark=""), "never-reached"),
    case("event-gateway-boundary", "RT",
         waiting(f'¶<receiveTask id="RT" messageRef="M"/>\n{TIMER.format("TE")}\n<boundaryEvent id="BE" '
                 'attachedToRef="RT"><errorEventDefinition/></boundaryEvent>' + flow("BE", "EE"),
                 "RT", "TE", mark="")),
    case("event-gateway-timers", "EG", waiting(TIMER.format("T1") + TIMER.format("T2"), "T1", "T2")),
    case("event-gateway-mixed", "EG",
         waiting(f'{CATCH.format("IE")}<receiveTask id="RT" messageRef="M"/>', "IE", "RT")),
]  # fmt: skip

WARNINGS = [
    case("default-missing", "XG", choice("", flow("XG", "UT", "x == 1"), flow("XG", "EE", "x == 2"))),
    case("gateway-joins-and-forks", "XG",
         choice('default="F_XG_EE"', flow("XG", "UT", "x == 1"), flow("XG", "EE"), flow("T", "XG"),
                more='<boundaryEvent id="BE" attachedToRef="UT"><errorEventDefinition/></boundaryEvent>'
                     '<task id="T"/>' + flow("BE", "T"))),
    case("gateway-idle", "XG", choice("", flow("XG", "UT"))),
    case("implicit-join", "UT",
         around('<parallelGateway id="PG"/><task id="T1"/><task id="T2"/>\n¶<userTask id="UT"/>', "PG", "UT",
                flows=chain("PG", "T1", "UT") + chain("PG", "T2", "UT"))),
    case("conditions-overlap", "F_XG_EE",
         choice("", flow("XG", "UT", "x &gt; 1"), flow("XG", "EE", "x &lt; 10", mark="¶"))),
    case("conditions-overlap", "F_XG_EE",
         choice("", flow("XG", "UT", 'x == "a"'), flow("XG", "EE", 'y == "b"', mark="¶"))),
]  # fmt: skip
