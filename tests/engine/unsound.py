"""Small diagrams with known verdicts: what the soundness check must say, and about what it must be silent."""

from dataclasses import dataclass, field

from tests.engine.drawing import (
    ERROR,
    ESCALATION,
    MESSAGE,
    MESSAGES,
    TERMINATE,
    boundary,
    bpmn,
    call,
    catch,
    element,
    ends,
    gateways,
    many,
    script,
    subprocess,
    tasks,
    throw,
    timer,
)

LATER = timer("timeDuration", "PT1H")
HOURLY = timer("timeCycle", "R/PT1H")


@dataclass(frozen=True)
class Case:
    """A diagram, and the (code, element) of every problem that must be found; `path` leads to the first."""

    files: dict[str, bytes]
    verdict: set[tuple[str, str]] = field(default_factory=set)
    path: str = ""


def case(nodes: str, flows: str, *verdict: str, path: str = "", **others: bytes) -> Case:
    """A process `p` and other files; the verdict as `code element`."""
    files = {"p.bpmn": bpmn("p", nodes, flows, MESSAGES)} | {f"{k}.bpmn": v for k, v in others.items()}
    pairs = [line.split() for line in verdict]
    return Case(files, {(code, name) for code, name in pairs}, path)


FORKED = "s > F; F > A; F > B; A > J; B > J; J > Z; Z > e"
CHOSEN = "s > X; X > A : a; X >> B; A > J; B > J; J > Z; Z > e"
AB = tasks("A B Z") + ends("e")

SOUND: dict[str, Case] = {
    "one task": case(tasks("A") + ends("e"), "s > A; A > e"),
    "a choice, merged": case(AB + gateways("exclusive", "X J"), CHOSEN),
    "branches, joined": case(AB + gateways("parallel", "F J"), FORKED),
    "some branches, synchronised": case(AB + gateways("inclusive", "X J"), CHOSEN),
    "a fork merged one by one": case(AB + gateways("parallel", "F") + gateways("exclusive", "J"), FORKED),
    "a fork into two ends": case(
        tasks("A B") + gateways("parallel", "F") + ends("e f"), "s > F; F > A; F > B; A > e; B > f"
    ),
    "rework until it is good": case(
        tasks("A B") + gateways("exclusive", "M X") + ends("e"),
        "s > M; M > A; A > B; B > X; X > M : again; X >> e",
    ),
    "branches in a loop": case(
        AB + gateways("parallel", "F J") + gateways("exclusive", "M X"),
        "s > M; M > F; F > A; F > B; A > J; B > J; J > Z; Z > X; X > M : again; X >> e",
    ),
    "a loop without any wait that can be left": case(
        script("n", "a = 1") + gateways("exclusive", "M X") + ends("e"),
        "s > M; M > n; n > X; X > M : a; X >> e",
    ),
    "a deadline beside a task": case(
        tasks("A B") + boundary("late", "A", LATER) + gateways("exclusive", "M") + ends("e"),
        "s > A; A > M; late > B; B > M; M > e",
    ),
    "reminders without end, and a terminate end": case(
        tasks("A R") + boundary("remind", "A", HOURLY, False) + ends("re") + ends("e", TERMINATE)
        + gateways("exclusive", "M X"),
        "s > M; M > A; A > X; X > M : again; X >> e; remind > R; R > re",
    ),
    "whichever message comes": case(
        gateways("eventBased", "G") + catch("m", MESSAGE) + catch("t", LATER) + gateways("exclusive", "M")
        + ends("e"),
        "s > G; G > m; G > t; m > M; t > M; M > e",
    ),
    "a withdrawal ends it although a join waits": case(
        tasks("A B W") + gateways("parallel", "F J") + catch("m", MESSAGE) + ends("e", TERMINATE)
        + ends("x", TERMINATE),
        "s > F; F > A; F > B; F > m; A > J; B > J; J > e; m > W; W > x",
    ),
    "a terminate end behind a join leaves time for what may come before it": case(
        tasks("A X B C") + gateways("parallel", "F G J") + ends("e", TERMINATE) + ends("f"),
        "s > F; F > A; F > X; X > G; G > J; G > B; A > J; J > e; B > C; C > f",
    ),
    "an error from inside is caught": case(
        subprocess(
            "S", tasks("A") + gateways("exclusive", "Y") + ends("se") + ends("bad", ERROR),
            "s_S > A; A > Y; Y > bad : stop; Y >> se",
        )
        + boundary("err", "S", ERROR) + tasks("H") + ends("e f"),
        "s > S; S > e; err > H; H > f",
    ),
    "an escalation that stops leaves no branch behind": case(
        subprocess(
            "S", tasks("A B") + gateways("parallel", "F J") + gateways("exclusive", "X") + ends("se")
            + ends("up", ESCALATION),
            "s_S > F; F > A; F > X; X > up : a; X >> B; A > J; B > J; J > se",
        )
        + boundary("told", "S", ESCALATION) + ends("e f"),
        "s > S; S > e; told > f",
    ),
    "an escalation that is heard while the work goes on": case(
        subprocess("S", throw("up", ESCALATION) + tasks("A") + ends("se"), "s_S > up; up > A; A > se")
        + boundary("told", "S", ESCALATION, False) + tasks("T") + ends("e f"),
        "s > S; S > e; told > T; T > f",
    ),
    "one for each item": case(
        element("userTask", "U", many("items")) + ends("e"), "s > U; U > e"
    ),
    "a called process": case(
        call("C", "q", "") + ends("e"), "s > C; C > e",
        q=bpmn("q", tasks("QA") + ends("qe"), "s > QA; QA > qe"),
    ),
    "an error out of a called process": case(
        call("C", "q", "") + boundary("err", "C", ERROR) + ends("e f"),
        "s > C; C > e; err > f",
        q=bpmn(
            "q", tasks("QA") + gateways("exclusive", "QX") + ends("qe") + ends("qbad", ERROR),
            "s > QA; QA > QX; QX > qbad : stop; QX >> qe", MESSAGES,
        ),
    ),
    "a process that is not among the files may do anything": case(
        call("C", "elsewhere", "") + boundary("err", "C", ERROR) + tasks("H") + ends("e f"),
        "s > C; C > e; err > H; H > f",
    ),
    "an inclusive join is not held back by a token that may also come by a full flow": case(
        tasks("A B C Z") + gateways("parallel", "F") + gateways("exclusive", "X M")
        + gateways("inclusive", "J") + ends("e"),
        "s > F; F > A; F > B; A > M; M > J; B > X; X > C : a; X >> M; C > J; J > Z; Z > e",
    ),
    "work for outside may fail": case(
        element("serviceTask", "W", "", "", 'camunda:type="external" camunda:topic="t"')
        + boundary("err", "W", ERROR) + tasks("H") + ends("e f"),
        "s > W; W > e; err > H; H > f",
    ),
}  # fmt: skip

UNSOUND: dict[str, Case] = {
    "a choice, joined": case(
        AB + gateways("exclusive", "X") + gateways("parallel", "J"), CHOSEN,
        "deadlock J", "never-runs Z", "end-unreached e", path="s → X → A",
    ),
    "some branches, joined": case(
        AB + gateways("inclusive", "X") + gateways("parallel", "J"),
        "s > X; X > A : a; X > B : b; A > J; B > J; J > Z; Z > e", "deadlock J", path="s → X → A",
    ),
    "a join that a rework leads into": case(
        AB + gateways("parallel", "J") + gateways("exclusive", "X"),
        "s > A; A > J; J > Z; Z > X; X > B : again; B > J; X >> e",
        "deadlock J", "never-runs Z", "never-runs B", "end-unreached e", path="s → A",
    ),
    "two joins that wait for each other": case(
        tasks("A B") + gateways("parallel", "F J K L") + ends("e f"),
        "s > F; F > A; F > B; A > J; B > K; J > L; L > K; L > e; K > J; K > f",
        "deadlock J", "end-unreached e", "end-unreached f",
    ),
    "two inclusive joins that wait for each other": case(
        tasks("A B C D") + gateways("parallel", "F G H") + gateways("inclusive", "J K") + ends("e f"),
        "s > F; F > A; F > B; A > J; B > K; J > C; C > G; G > K; G > e; K > D; D > H; H > J; H > f",
        "deadlock J", "never-runs C", "never-runs D", "end-unreached e", "end-unreached f",
    ),
    "more tokens than a join takes": case(
        tasks("A B C Z") + gateways("parallel", "F J") + gateways("exclusive", "M") + ends("e"),
        "s > F; F > A; F > B; F > C; A > M; B > M; M > J; C > J; J > Z; Z > e", "stranded J",
    ),
    "an end that leaves a branch at a join": case(
        tasks("A B C Z") + gateways("parallel", "F J") + gateways("exclusive", "X") + ends("e f"),
        "s > F; F > A; F > B; A > X; X > C : a; X >> f; C > J; B > J; J > Z; Z > e", "stranded J",
        path="s → F → B → A → X → f",
    ),
    "a deadline past one of two branches": case(
        tasks("A B L Z") + gateways("parallel", "F J") + boundary("late", "A", LATER) + ends("e f"),
        "s > F; F > A; F > B; A > J; B > J; J > Z; Z > e; late > L; L > f", "stranded J",
    ),
    "a reminder that a join counts": case(
        tasks("A B Z") + gateways("parallel", "J") + boundary("remind", "A", HOURLY, False) + ends("e"),
        "s > A; A > J; remind > B; B > J; J > Z; Z > e", "deadlock J", path="s → A",
    ),
    "a message that a join counts": case(
        AB + gateways("eventBased", "G") + gateways("parallel", "J") + catch("m", MESSAGE)
        + catch("t", LATER),
        "s > G; G > m; G > t; m > A; t > B; A > J; B > J; J > Z; Z > e",
        "deadlock J", "never-runs Z", "end-unreached e", path="s → G → m → A",
    ),
    "a loop without a way out": case(
        tasks("A B") + gateways("exclusive", "M X") + ends("e"),
        "s > X; X > e : a; X >> M; M > A; A > B; B > M", "endless M", path="s → X",
    ),
    "a loop that moves by itself for ever": case(
        script("n", "a = 1") + gateways("exclusive", "M") + ends("e") + tasks("A"),
        "s > M; M > n; n > M", "endless M", "never-runs A", "end-unreached e", path="s",
    ),
    "a loop beside a branch that ends": case(
        tasks("A B") + gateways("parallel", "F") + gateways("exclusive", "M") + ends("e"),
        "s > F; F > A; F > M; M > B; B > M; A > e", "endless B", path="s → F → M → A → e",
    ),
    "a task nothing leads to": case(
        tasks("A B") + ends("e"), "s > A; A > e; B > e", "never-runs B"
    ),
    "an end nothing leads to": case(tasks("A") + ends("e f"), "s > A; A > e", "end-unreached f"),
    "an error that nobody throws": case(
        subprocess("S", tasks("A") + ends("se"), "s_S > A; A > se")
        + boundary("err", "S", ERROR) + tasks("H") + ends("e f"),
        "s > S; S > e; err > H; H > f", "never-runs H", "end-unreached f",
    ),
    "an error is caught by the one with its code": case(
        subprocess("S", tasks("A") + ends("bad", ERROR), "s_S > A; A > bad")
        + boundary("err", "S", ERROR) + boundary("any", "S", "<bpmn:errorEventDefinition/>")
        + tasks("H I") + ends("e f g"),
        "s > S; S > e; err > H; H > f; any > I; I > g",
        "end-unreached e", "never-runs I", "end-unreached g",
    ),
    "a deadlock inside is told inside, once": case(
        subprocess(
            "S", tasks("A B") + gateways("exclusive", "X") + gateways("parallel", "J") + ends("se"),
            "s_S > X; X > A : a; X >> B; A > J; B > J; J > se",
        )
        + tasks("Z") + ends("e"),
        "s > S; S > Z; Z > e",
        "deadlock J", "end-unreached se", "never-runs Z", "end-unreached e", path="s_S → X → A",
    ),
    "a called process that only fails": case(
        call("C", "q", "") + boundary("err", "C", ERROR) + tasks("Z") + ends("e f"),
        "s > C; C > Z; Z > e; err > f", "never-runs Z", "end-unreached e",
        q=bpmn("q", tasks("QA") + ends("qbad", ERROR), "s > QA; QA > qbad", MESSAGES),
    ),
    "an escalation that is only heard leaves its branch short": case(
        subprocess(
            "S", tasks("A B") + gateways("parallel", "F J") + gateways("exclusive", "X") + ends("se")
            + ends("up", ESCALATION),
            "s_S > F; F > A; F > X; X > up : a; X >> B; A > J; B > J; J > se",
        )
        + boundary("told", "S", ESCALATION, False) + ends("e f"),
        "s > S; S > e; told > f", "stranded J",
    ),
    "a terminate end overtakes a branch that would come later": case(
        script("n", "a = 1") + tasks("A") + gateways("parallel", "F") + ends("e") + ends("x", TERMINATE),
        "s > F; F > x; F > n; n > A; A > e", "never-runs A", "end-unreached e",
    ),
    "more branches at once than are looked at": case(
        tasks("A B") + gateways("exclusive", "M X") + gateways("parallel", "F") + ends("e"),
        "s > M; M > F; F > A; F > B; A > X; X > M : again; X >> e; B > e", "too-large s",
    ),
}  # fmt: skip
