"""Ids, references, flows and reachability."""
# ruff: noqa: E501 - XML reads better unbroken

from tests.engine.faulty.case import case
from tests.engine.faulty.drawing import alone, around, chain, definitions, drawn, flow, process

SE, EE, UT = '<startEvent id="SE"/>', '<endEvent id="EE"/>', '<userTask id="UT"/>'
PG = '<parallelGateway id="PG"/>'
PLAIN = f"{SE}\n{UT}\n{EE}\n{chain('SE', 'UT', 'EE')}"
OTHER = f'<startEvent id="S2"/><endEvent id="E2"/>{chain("S2", "E2")}'
SUB = '<subProcess id="SP">\n<startEvent id="SE2"/>\n<endEvent id="EE2"/>\n{}</subProcess>'
INSIDE = chain("SE2", "EE2")
POOLS = '<collaboration id="C">\n<participant id="P1" processRef="p"/>\n<participant id="P2"/>\n{}\n</collaboration>'


def message_flow(source: str, target: str) -> str:
    return POOLS.format(f'¶<messageFlow id="MF" sourceRef="{source}" targetRef="{target}"/>')


IDS = [
    *[
        case("literal-invalid", "UT", around(f'¶<userTask id="UT" camunda:{text}/>', "UT"))
        for text in (
            'dueDate="next friday"',
            'dueDate="P9999999D"',
            'followUpDate="2026-02-30"',
            'priority="high"',
        )
    ],
    *[
        case(
            "literal-invalid",
            "UT",
            around(
                '<userTask id="UT">\n¶<multiInstanceLoopCharacteristics>'
                f"<loopCardinality>{count}</loopCardinality></multiInstanceLoopCharacteristics></userTask>",
                "UT",
            ),
        )
        for count in (-1, 1_001, 10**30)
    ],
    case(
        "boundary-rival",
        "B2",
        around(
            f'{UT}<boundaryEvent id="B1" attachedToRef="UT"><errorEventDefinition/></boundaryEvent>'
            '\n¶<boundaryEvent id="B2" attachedToRef="UT"><errorEventDefinition/></boundaryEvent>',
            "UT",
            flows=flow("B1", "EE") + flow("B2", "EE"),
        ),
    ),
    case(
        "lane-twice",
        "L2",
        around(
            '<laneSet id="LS"><lane id="L1"><flowNodeRef>UT</flowNodeRef></lane>\n<lane id="L2">¶<flowNodeRef>UT'
            f"</flowNodeRef></lane></laneSet>{UT}",
            "UT",
        ),
    ),
    case("text-too-long", "X" * 201, around(f'¶<userTask id="{"X" * 201}"/>', "X" * 201)),
    case("text-too-long", "UT", around(f'¶<userTask id="UT" name="{"长" * 201}"/>', "UT")),
    case("id-missing", "p", alone(f"{PLAIN}\n¶<userTask/>"), "leads-nowhere", "never-reached"),
    case("id-missing", "p", alone(f'{SE}\n{EE}\n¶<sequenceFlow sourceRef="SE" targetRef="EE"/>')),
    case("id-missing", "Definitions_p", around(UT, "UT", before='¶<message name="m"/>')),
    case("id-duplicate", "UT", around(UT, "UT", after='¶<message id="UT" name="m"/>')),
    case(
        "id-reserved",
        "Start",
        alone(f'¶<startEvent id="Start"/>\n{UT}\n{EE}\n{chain("Start", "UT", "EE")}'),
    ),
    case(
        "process-twice",
        "p",
        drawn(p=definitions(process(PLAIN)), q=definitions(process(PLAIN, mark="¶"))),
    ),
    case(
        "second-process",
        "q",
        drawn(p=definitions(process(PLAIN) + process(OTHER, name="q", mark="¶"))),
    ),
    case(
        "nothing-to-run",
        "Definitions_p",
        drawn(p="¶" + definitions("").removeprefix('<?xml version="1.0" encoding="UTF-8"?>\n')),
    ),
    case(
        "reference-dangling",
        "P",
        around(
            UT, "UT", before='<collaboration id="C">¶<participant id="P" processRef="x"/></collaboration>'
        ),
    ),
    case(
        "reference-dangling",
        "L",
        around(f'<laneSet id="LS"><lane id="L">¶<flowNodeRef>X</flowNodeRef></lane></laneSet>\n{UT}', "UT"),
    ),
    case("reference-dangling", "UT", around('<userTask id="UT">\n¶<incoming>X</incoming></userTask>', "UT")),
    case(
        "reference-dangling",
        "IE",
        around(
            '<intermediateCatchEvent id="IE">¶<messageEventDefinition messageRef="X"/></intermediateCatchEvent>',
            "IE",
        ),
    ),
    case(
        "flow-listed-wrongly",
        "UT",
        around('<userTask id="UT">\n¶<incoming>F_UT_EE</incoming></userTask>', "UT"),
    ),
]

FLOWS = [
    case("flow-dangling", "F_PG_X", around(PG, "PG", flows=flow("PG", "X", mark="¶"))),
    case(
        "flow-end",
        "F_PG_DO",
        around(f'{PG}\n<dataObject id="DO"/>', "PG", flows=flow("PG", "DO", mark="¶")),
    ),
    case(
        "flow-crosses",
        "F_PG_EE2",
        around(
            f"{PG}\n{SUB.format(INSIDE)}", "PG", "SP", flows=flow("PG", "SP") + flow("PG", "EE2", mark="¶")
        ),
    ),
    case(
        "flow-crosses",
        "F_SE2_EE",
        alone(f"{SE}\n{SUB.format(INSIDE + flow('SE2', 'EE', mark='¶'))}\n{EE}\n{chain('SE', 'SP', 'EE')}"),
        "implicit-split",
    ),
    case(
        "flow-twice",
        "F_PG_UT",
        around(
            f"{PG}\n{UT}", "PG", "UT", flows=flow("PG", "UT").replace("F_", "G_") + flow("PG", "UT", mark="¶")
        ),
    ),
    case("flow-into-start", "F_PG_SE", around(PG, "PG", flows=flow("PG", "SE", mark="¶"))),
    case(
        "flow-out-of-end",
        "F_EE_UT2",
        around(
            f'{UT}\n<userTask id="UT2"/>\n<endEvent id="EE3"/>',
            "UT",
            flows=flow("EE", "UT2", mark="¶") + flow("UT2", "EE3"),
        ),
    ),
    case(
        "flow-into-boundary",
        "F_PG_BE",
        around(
            f'{PG}\n{UT}\n<boundaryEvent id="BE" attachedToRef="UT"><errorEventDefinition/></boundaryEvent>',
            "PG",
            "UT",
            flows=flow("PG", "UT") + flow("PG", "BE", mark="¶") + flow("BE", "EE"),
        ),
    ),
    case(
        "boundary-leads-nowhere",
        "BE",
        around(
            f'{UT}\n¶<boundaryEvent id="BE" attachedToRef="UT"><errorEventDefinition/></boundaryEvent>', "UT"
        ),
    ),
    case(
        "implicit-split",
        "UT",
        around('¶<userTask id="UT"/><userTask id="UT2"/>', "UT", flows=chain("UT", "UT2", "EE")),
    ),
    case("message-flow-dangling", "MF", around(UT, "UT", before=message_flow("UT", "X"))),
    case("message-flow-end", "MF", around(PG, "PG", before=message_flow("PG", "P2"))),
    case("message-flow-end", "MF", around(UT, "UT", before=message_flow("P2", "EE"))),
    case(
        "message-flow-within-pool",
        "MF",
        around(
            f'{UT}<userTask id="UT2"/>',
            "UT",
            "UT2",
            flows=flow("UT", "UT2"),
            before=message_flow("UT", "UT2"),
        ),
    ),
]

REACH = [
    case(
        "too-many-elements",
        "p",
        drawn(
            p=definitions(
                process(
                    SE
                    + "".join(f'<task id="T{n}"/>' for n in range(1000))
                    + EE
                    + chain("SE", *(f"T{n}" for n in range(1000)), "EE"),
                    mark="¶",
                )
            )
        ),
    ),
    case(
        "too-many-flows",
        "p",
        drawn(
            p=definitions(
                process(
                    SE
                    + PG
                    + EE
                    + chain("SE", "PG")
                    + "".join(flow("PG", "EE").replace("F_", f"F{n}_") for n in range(1300)),
                    mark="¶",
                )
            )
        ),
        "flow.twice",
    ),
    case(
        "nested-too-deep",
        "S10",
        around(
            "".join(
                f'{"¶" if n == 10 else ""}<subProcess id="S{n}"><startEvent id="A{n}"/>' for n in range(12)
            )
            + "".join(
                f'<endEvent id="E{n}"/>{chain(f"A{n}", f"S{n + 1}", f"E{n}") if n < 11 else chain("A11", "E11")}</subProcess>'
                for n in reversed(range(12))
            ),
            "S0",
        ),
    ),
    case("start-missing", "p", drawn(p=definitions(process(f"{UT}{EE}{chain('UT', 'EE')}", mark="¶")))),
    case("start-missing", "SP", around('¶<subProcess id="SP"><endEvent id="EE2"/></subProcess>', "SP")),
    case("start-second", "SE3", around(f'{UT}\n¶<startEvent id="SE3"/>', "UT", flows=flow("SE3", "UT"))),
    case("end-missing", "p", drawn(p=definitions(process(f"{SE}{UT}{chain('SE', 'UT')}", mark="¶")))),
    case("never-reached", "UT2", around(f'{UT}\n¶<userTask id="UT2"/>', "UT", flows=flow("UT2", "EE"))),
    case("leads-nowhere", "UT2", around(f'{PG}\n¶<userTask id="UT2"/>', "PG", flows=flow("PG", "UT2"))),
    case(
        "never-ends",
        "UT2",
        around(
            f'{PG}\n¶<userTask id="UT2"/>\n<userTask id="UT3"/>',
            "PG",
            flows=chain("PG", "UT2", "UT3", "UT2"),
        ),
    ),
]

CASES = IDS + FLOWS + REACH
