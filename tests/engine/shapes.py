"""The shapes of processes that the live set is proven on."""

from dataclasses import dataclass, field

from tests.engine.drawing import (
    ANSWER,
    ERROR,
    ESCALATION,
    MESSAGE,
    MESSAGES,
    SIGNAL,
    TERMINATE,
    boundary,
    bpmn,
    call,
    catch,
    element,
    ends,
    gateways,
    inside,
    many,
    passed,
    script,
    subprocess,
    tasks,
    throw,
    timer,
)


@dataclass(frozen=True)
class Shape:
    """A process to be driven at random: its files, what starts it, which messages it may get."""

    files: dict[str, bytes]
    start: dict[str, object] = field(default_factory=dict)
    messages: tuple[str, ...] = ()


def one(
    nodes: str, flows: str, start: dict[str, object] | None = None, messages: tuple[str, ...] = ()
) -> Shape:
    """A shape of a single process `p`; tokens carry a, b, c, d because a script reads them."""
    nodes += READ if "read " in f"{flows} " else ""
    return Shape({"p.bpmn": bpmn("p", nodes, flows, MESSAGES)}, start or {}, messages)


READ = script("read", "seen = [a, b, c, d, again, stop]")
LIST = script("list", "seen = [results, a, b, item]")
AGAIN = gateways("exclusive", "X")
ITEMS: dict[str, object] = {"items": ["x", "y", "z"]}
LEAF = bpmn("leaf", tasks("L") + ends("le") + READ, "s > L; L > read; read > le")
MIDDLE = bpmn(
    "middle",
    tasks("M") + call("CL", "leaf", passed("a b=c", "d=a again stop")) + ends("me") + READ,
    "s > M; M > CL; CL > read; read > me",
)


def calling(loop: str) -> Shape:
    """A called process for every item."""
    nodes = (
        call("U", "leaf", passed("item a", "a b"), loop, mi_result="results")
        + LIST
        + tasks("Q")
        + AGAIN
        + ends("e")
    )
    flows = "s > U; U > list; list > Q; Q > X; X > U : again; X >> e"
    return Shape({"p.bpmn": bpmn("p", nodes, flows), "leaf.bpmn": LEAF}, ITEMS)


def repeated(loop: str) -> Shape:
    """A user task for every item."""
    nodes = element("userTask", "U", loop, mi_result="results") + LIST + tasks("A") + AGAIN + ends("e")
    return one(nodes, "s > U; U > list; list > A; A > read; read > X; X > U : again; X >> e", ITEMS)


SHAPES: dict[str, Shape] = {
    "loop": one(
        tasks("A B") + AGAIN + ends("e"),
        "s > A; A > B; B > read; read > X; X > A : again; X >> e",
    ),
    "parallel_in_loop": one(
        tasks("A B C") + gateways("parallel", "F J") + gateways("exclusive", "M") + AGAIN + ends("e"),
        "s > M; M > F; F > A; F > B; A > J; B > J; J > C; C > read; read > X; X > M : again; X >> e",
    ),
    "inclusive": one(
        tasks("A B C D") + gateways("inclusive", "I J") + AGAIN + ends("e"),
        "s > A; A > I; I > B : (a or 0) > 1; I > C : (b or 0) > 1; I >> D; B > J; C > J; D > J;"
        "J > read; read > X; X > A : again; X >> e",
    ),
    "two_ends": one(
        tasks("A B C") + gateways("parallel", "F") + ends("e1 e2 e3"),
        "s > read; read > F; F > A; F > B; F > C; A > e1; B > e2; C > e3",
    ),
    "unstructured_joins": one(
        tasks("A B C D E") + gateways("parallel", "F1 F2 J1 J2") + gateways("exclusive", "M") + AGAIN
        + ends("e"),
        "s > M; M > F1; F1 > A; F1 > E; E > F2; F2 > B; F2 > C; A > J1; B > J1; J1 > D; D > J2; C > J2;"
        "J2 > read;"
        "read > X; X > M : again; X >> e",
    ),
    "multi_parallel": repeated(many("items", condition="nrOfCompletedInstances >= 2 and stop")),
    "multi_sequential": repeated(many("items", sequential=True, condition="stop")),
    "multi_call_parallel": calling(many("items")),
    "multi_call_sequential": calling(many("items", sequential=True)),
    "multi_subprocess": one(
        element(
            "subProcess",
            "U",
            many("items", condition="stop")
            + inside(
                tasks("A B") + gateways("parallel", "F J") + ends("ue"),
                "us > F; F > A; F > B; A > J; B > J; J > ue",
                start="us",
            ),
            mi_result="results",
        )
        + LIST
        + ends("e"),
        "s > U; U > list; list > read; read > e",
        ITEMS,
    ),
    "nested_calls": Shape(
        {
            "p.bpmn": bpmn(
                "p",
                tasks("A B")
                + call("CM", "middle", passed("a c", "a d again"))
                + call("CL", "leaf", passed("a", "b=d again"))
                + gateways("parallel", "F J") + AGAIN + ends("e") + READ,
                "s > A; A > F; F > CM; F > CL; CM > J; CL > J; J > B; B > read; read > X;"
                "X > A : again; X >> e",
            ),
            "middle.bpmn": MIDDLE,
            "leaf.bpmn": LEAF,
        }
    ),
    "boundary_timer": one(
        tasks("A B R") + AGAIN + ends("e re")
        + boundary("late", "A", timer("timeDuration", "PT5H"))
        + boundary("remind", "A", timer("timeCycle", "R3/PT1H"), False),
        "s > A; A > X; late > B; B > X; remind > R; R > re; X > read : not again; X >> A; read > e",
    ),
    "reminders_in_loop": one(
        tasks("A R") + AGAIN + ends("e re oe") + script("count", "b = (b or 0) + 1")
        + boundary("remind", "A", timer("timeCycle", "R/PT1H"), False)
        + boundary("once", "A", timer("timeDuration", "PT3H"), False),
        "s > A; A > read; read > X; remind > count; count > re; once > R; R > oe; X > A : again; X >> e",
    ),
    "boundary_error": one(
        subprocess(
            "S",
            tasks("A B") + gateways("parallel", "F") + gateways("exclusive", "Y") + ends("se")
            + ends("bad", ERROR),
            "s_S > F; F > A; F > B; A > Y; Y > bad : stop; Y >> se; B > se",
        )
        + boundary("err", "S", ERROR) + tasks("H") + AGAIN + ends("e"),
        "s > S; S > read; err > H; H > read; read > X; X > S : again; X >> e",
    ),
    "boundary_escalation": one(
        subprocess(
            "S",
            tasks("A B") + throw("up", ESCALATION) + gateways("exclusive", "Y") + ends("se")
            + ends("esc", ESCALATION),
            "s_S > A; A > up; up > B; B > Y; Y > esc : stop; Y >> se",
        )
        + subprocess(
            "S2",
            tasks("A2 B2") + throw("up2", ESCALATION) + gateways("exclusive", "Y2") + ends("se2"),
            "s_S2 > A2; A2 > Y2; Y2 > up2 : stop; Y2 >> B2; up2 > B2; B2 > se2",
        )
        + boundary("told", "S", ESCALATION, False) + boundary("stopped", "S2", ESCALATION)
        + tasks("H T") + AGAIN + ends("e e2 te"),
        "s > S; S > S2; told > T; T > te; S2 > e2; stopped > H; H > read; read > X; X > S : again; X >> e",
    ),
    "message": one(
        tasks("A B N") + catch("M1", MESSAGE) + catch("M2", ANSWER) + gateways("parallel", "F J")
        + ends("e ne")
        + boundary("mb", "B", MESSAGE, False),
        "s > M1; M1 > F; F > A; F > M2; A > J; M2 > B; B > J; mb > N; N > ne; J > read; read > e",
        messages=("hello", "answer"),
    ),
    "event_gateway": one(
        tasks("A B C") + gateways("eventBased", "G") + AGAIN + ends("e")
        + catch("gm", MESSAGE) + catch("gt", timer("timeDuration", "PT2H"))
        + element("receiveTask", "gr", "", "", 'messageRef="Msg2"'),
        "s > A; A > G; G > gm; G > gt; G > gr; gm > B; gt > C; gr > X; B > X; C > X;"
        "X > read : not again; X >> A;"
        "read > e",
        messages=("hello", "answer"),
    ),
    "terminate": one(
        subprocess(
            "S",
            tasks("A B C") + gateways("parallel", "F") + ends("se") + ends("te", TERMINATE),
            "s_S > F; F > A; F > B; F > C; A > te; B > se; C > se",
        )
        + tasks("D G") + gateways("parallel", "P") + AGAIN + ends("e") + ends("all", TERMINATE),
        "s > P; P > S; P > D; S > read; read > X; X > S : again; X >> all; D > G; G > e",
    ),
    "signal": one(
        tasks("A B C") + gateways("parallel", "F J") + gateways("exclusive", "M Y") + AGAIN + ends("e")
        + catch("c1", SIGNAL) + boundary("sb", "C", SIGNAL) + throw("bell", SIGNAL),
        "s > M; M > F; F > A; F > c1; F > C; A > bell; bell > J; c1 > B; B > J; C > Y; sb > Y; Y > J;"
        "J > read;"
        "read > X; X > M : again; X >> e",
    ),
    "standard_loop": one(
        element(
            "userTask",
            "U",
            '<bpmn:standardLoopCharacteristics loopMaximum="4">'
            '<bpmn:loopCondition>${again}</bpmn:loopCondition>'
            "</bpmn:standardLoopCharacteristics>",
        )
        + tasks("A") + ends("e"),
        "s > U; U > A; A > read; read > e",
    ),
}  # fmt: skip
