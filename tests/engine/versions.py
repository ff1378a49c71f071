"""Two versions of small processes, and a case at some point of the first: may it be moved to the second?"""

from dataclasses import dataclass

from tests.engine.drawing import (
    ANSWER,
    ERROR,
    MESSAGE,
    MESSAGES,
    boundary,
    bpmn,
    call,
    catch,
    element,
    ends,
    gateways,
    many,
    passed,
    script,
    subprocess,
    tasks,
    timer,
)


@dataclass(frozen=True)
class Versions:
    """`before`: what is done under the old version until the case is to be moved; `fresh`: what brings a case
    of the new version there; `after`: what is done from then on. Words are `A a=1` (complete), `@3h` (let
    time pass), `!hello` (deliver). `codes`: why it is refused. `proven`: going on all the same would show."""

    old: dict[str, bytes]
    new: dict[str, bytes]
    before: str
    after: str
    codes: str = ""
    fresh: str | None = None
    proven: bool = True


def one(nodes: str, flows: str) -> dict[str, bytes]:
    """The files of a single process; its start may give any name."""
    return {"p.bpmn": bpmn("p", nodes, flows, MESSAGES)}


def asked(nodes: str, flows: str) -> dict[str, bytes]:
    """The same, where only forms and scripts give names."""
    return {"p.bpmn": bpmn("p", nodes, flows, MESSAGES, sets="")}


def form(*names: str) -> str:
    """A form drawn into a task."""
    fields = "".join(f'<camunda:formField id="{n}" label="{n}" type="string"/>' for n in names)
    return f"<camunda:formData>{fields}</camunda:formData>"


def asking(name: str, *fields: str) -> str:
    """A user task that asks for fields."""
    return element("userTask", name, "", form(*fields))


def within(nodes: str, flows: str, inner: str = "") -> dict[str, bytes]:
    """A process that calls `leaf`, which has these nodes and flows."""
    outer = call("C", "leaf", passed(inner or "a", "b")) + tasks("Z") + ends("e") + READ
    calling = bpmn("p", outer, "s > C; C > read; read > Z; Z > e")
    return {"p.bpmn": calling, "leaf.bpmn": bpmn("leaf", nodes, flows)}


READ = script("read", "seen = [a, b]")
LINE = one(tasks("A B") + ends("e"), "s > A; A > B; B > e")
SPLIT = tasks("A B C Z") + gateways("parallel", "F J") + ends("e")
FORKED = "s > A; A > F; F > B; F > C; B > J; C > J; J > Z; Z > e"
FORK = one(SPLIT, FORKED)
REMIND = boundary("R", "A", timer("timeCycle", "R3/PT1H"), False)
ONCE = boundary("R", "A", timer("timeDuration", "PT1H"), False)
REMINDED = "s > A; A > B; B > e; R > H; H > re"
LISTED = script("list", "seen = [results, item]")
ITEMS = element("userTask", "U", many("items"), mi_result="results") + LISTED
COUNTED = element("userTask", "U", many("items", condition="stop"), mi_result="results")
KEYED = element("userTask", "A", sets="key")
CHOICE = gateways("eventBased", "G") + catch("M", MESSAGE) + catch("T", timer("timeDuration", "PT5H"))
WAITED = "s > A; A > G; G > M; G > T; M > B; T > e2; B > e"
SUB = subprocess("S", tasks("A B") + ends("se"), "s_S > A; A > B; B > se")
EITHER = tasks("A B C D Z") + gateways("inclusive", "I J") + ends("e") + READ
SOME = "s > A; A > read; read > I; I > B : a; I > C : b; I >> D; B > J; C > J; D > J; J > Z; Z > e"
LATE = tasks("A B L") + ends("e le")
GUARDED = "s > A; A > B; B > e; TB > L; L > le"

ALLOWED: dict[str, Versions] = {
    "a task further on is added": Versions(
        LINE, one(tasks("A B C") + ends("e"), "s > A; A > B; B > C; C > e"), "A", "B; C"
    ),
    "a task further on is removed": Versions(
        one(tasks("A B C") + ends("e"), "s > A; A > B; B > C; C > e"), LINE, "A", "B"
    ),
    "a task already done is removed": Versions(
        LINE, one(tasks("B") + ends("e"), "s > B; B > e"), "A", "B", fresh=""
    ),
    "a task is added before the current one": Versions(
        LINE, one(tasks("A N B") + ends("e"), "s > A; A > N; N > B; B > e"), "A", "B", fresh="A; N"
    ),
    "a branch is added ahead": Versions(
        LINE, one(SPLIT, "s > A; A > F; F > B; F > C; B > J; C > J; J > Z; Z > e"), "", "A; B; C; Z"
    ),
    "a choice is added before the current task": Versions(
        one(tasks("A B") + ends("e") + READ, "s > A; A > read; read > B; B > e"),
        one(tasks("A B C") + gateways("exclusive", "X") + ends("e") + READ,
            "s > A; A > read; read > X; X > B : a; X >> C; B > e; C > e"),
        "A", "B", fresh="A a=1",
    ),
    "after the join something is added": Versions(
        FORK,
        one(SPLIT + tasks("N"), FORKED.replace("J > Z", "J > N; N > Z")),
        "A; B", "C; N; Z",
    ),
    "the other branch gets longer while one waits to be joined": Versions(
        FORK, one(SPLIT + tasks("N"), FORKED.replace("C > J", "C > N; N > J")), "A; B", "C; N; Z"
    ),
    "the other branch loses a task that it has done": Versions(
        one(SPLIT + tasks("N"), FORKED.replace("F > C", "F > N; N > C")), FORK, "A; N", "B; C; Z", fresh="A"
    ),
    "a boundary event is added to a later task": Versions(
        LINE,
        one(LATE + boundary("TB", "B", timer("timeDuration", "PT5H")), GUARDED),
        "", "A; @6h; L",
    ),
    "a boundary event of a task already done is removed": Versions(
        one(LATE + boundary("TB", "A", timer("timeDuration", "PT5H")), GUARDED), LINE, "A", "B"
    ),
    "what an armed timer leads to has changed": Versions(
        one(LATE + boundary("TB", "A", timer("timeDuration", "PT5H")), GUARDED),
        one(LATE + tasks("N") + boundary("TB", "A", timer("timeDuration", "PT5H")),
            GUARDED.replace("TB > L", "TB > N; N > L")),
        "@1h", "@5h; N; L",
    ),
    "a reminder is under way": Versions(
        one(tasks("A B H") + REMIND + ends("e re"), REMINDED),
        one(tasks("A B H N") + REMIND + ends("e re"), REMINDED.replace("H > re", "H > N; N > re")),
        "@1h", "H; N; @1h; A; B; H; N",
    ),
    "a reminder outlives its task, and its way has changed": Versions(
        one(tasks("A B H") + REMIND + ends("e re"), REMINDED),
        one(tasks("A B H N") + REMIND + ends("e re"), REMINDED.replace("H > re", "H > N; N > re")),
        "@1h; A", "B; H; N",
    ),
    "a reminder that comes once has come": Versions(
        one(tasks("A B H") + ONCE + ends("e re"), REMINDED),
        one(tasks("A B H N") + ONCE + ends("e re"), REMINDED.replace("H > re", "H > N; N > re")),
        "@1h", "H; N; @1h; A; B",
    ),
    "instances are at work, and something is added after them": Versions(
        one(ITEMS + tasks("Q") + ends("e"), "s > Q; Q > U; U > list; list > e"),
        one(ITEMS + tasks("Q N") + ends("e"), "s > Q; Q > U; U > list; list > N; N > e"),
        "Q items=x,y; U item=1", "U; N",
    ),
    "the inside of a subprocess gets longer": Versions(
        one(SUB + ends("e"), "s > S; S > e"),
        one(subprocess("S", tasks("A B N") + ends("se"), "s_S > A; A > B; B > N; N > se") + ends("e"),
            "s > S; S > e"),
        "A", "B; N",
    ),
    "a called process gets longer": Versions(
        within(tasks("A B") + ends("le"), "s > A; A > B; B > le"),
        within(tasks("A B N") + ends("le"), "s > A; A > B; B > N; N > le"),
        "A", "B; N; Z",
    ),
    "a called process runs, and what calls it has changed ahead": Versions(
        within(tasks("A") + ends("le"), "s > A; A > le"),
        within(tasks("A") + ends("le"), "s > A; A > le") | {
            "p.bpmn": bpmn("p", call("C", "leaf", passed("a", "b")) + tasks("Z N") + ends("e") + READ,
                           "s > C; C > read; read > N; N > Z; Z > e")
        },
        "", "A; N; Z",
    ),
    "an event-based gateway waits, and its ways have changed further on": Versions(
        one(CHOICE + tasks("A B") + ends("e e2"), WAITED),
        one(CHOICE + tasks("A B N") + ends("e e2"), WAITED.replace("M > B", "M > N; N > B")),
        "A", "!hello; N; B",
    ),
    "an inclusive join waits, and something is added after it": Versions(
        one(EITHER, SOME), one(EITHER + tasks("N"), SOME.replace("J > Z", "J > N; N > Z")),
        "A a=1 b=1; B", "C; N; Z",
    ),
    "a second turn of a loop, which has got another task": Versions(
        one(tasks("A B") + gateways("exclusive", "X") + ends("e"),
            "s > A; A > B; B > X; X > A : again; X >> e"),
        one(tasks("A B N") + gateways("exclusive", "X") + ends("e"),
            "s > A; A > B; B > N; N > X; X > A : again; X >> e"),
        "A; B again=1; A", "B; N again=", fresh="A; B again=1; N; A",
    ),
    "a name is read that people gave before: it is given back": Versions(
        asked(asking("A", "a", "c") + tasks("B C D") + ends("e"), "s > A; A > B; B > e"),
        asked(asking("A", "a", "c") + tasks("B C D") + gateways("exclusive", "X") + ends("e"),
            "s > A; A > B; B > X; X > C : c; X >> D; C > e; D > e"),
        "A c=1", "B; C",
    ),
    "a name is read that the current task gives": Versions(
        asked(asking("A", "a") + tasks("B") + ends("e"), "s > A; A > B; B > e"),
        asked(asking("A", "a") + tasks("B C") + gateways("exclusive", "X") + ends("e"),
              "s > A; A > B; B > X; X > C : a; X >> e; C > e"),
        "", "A a=1; B; C",
    ),
    "an error that nobody has thrown yet is caught elsewhere": Versions(
        one(SUB + ends("e"), "s > S; S > e"),
        one(SUB + tasks("N") + ends("e"), "s > S; S > N; N > e"),
        "A", "B; N",
    ),
}  # fmt: skip

REFUSED: dict[str, Versions] = {
    "the current task is gone": Versions(
        LINE, one(tasks("A C") + ends("e"), "s > A; A > C; C > e"), "A", "B", "removed", fresh="A; C"
    ),
    "the current task is done by a message now": Versions(
        LINE,
        one(tasks("A") + element("receiveTask", "B", "", "", 'messageRef="Msg"') + ends("e"),
            "s > A; A > B; B > e"),
        "A", "!hello", "kind",
    ),
    "the current task is done by several now": Versions(
        one(tasks("A B") + ends("e") + LISTED, "s > A; A > B; B > list; list > e"),
        one(tasks("A") + element("userTask", "B", many("items"), mi_result="results") + LISTED + ends("e"),
            "s > A; A > B; B > list; list > e"),
        "A items=x,y", "B; B", "kind",
    ),
    "a branch begins at a split already passed, and is joined": Versions(
        FORK, one(SPLIT + tasks("N"), FORKED.replace("F > C", "F > C; F > N; N > J")),
        "A", "B; C; Z", "split", fresh="A; N",
    ),
    "a branch begins at a split already passed, and is not joined": Versions(
        FORK, one(SPLIT + tasks("N") + ends("e2"), FORKED.replace("F > C", "F > C; F > N; N > e2")),
        "A", "B; C; Z", "split",
    ),
    "the current task now stands beside another": Versions(
        LINE,
        one(tasks("A B N") + gateways("parallel", "F J") + ends("e"),
            "s > A; A > F; F > B; F > N; B > J; N > J; J > e"),
        "A", "B", "branch", fresh="A; N",
    ),
    "the branch that a join waits for is gone": Versions(
        FORK, one(tasks("A B Z") + ends("e"), "s > A; A > B; B > Z; Z > e"), "A; B", "C; Z",
        "base removed removed", fresh="A; B",
    ),
    "what came from a branch that is joined elsewhere now": Versions(
        FORK, one(SPLIT + tasks("N"), FORKED.replace("B > J", "B > N; N > J")),
        "A; B", "C; Z", "join", fresh="A; B",
    ),
    "branches are under way that never are at the same time": Versions(
        one(SPLIT + READ, FORKED.replace("A > F", "A > read; read > F")),
        one(SPLIT + tasks("N") + gateways("exclusive", "X") + READ,
            "s > A; A > read; read > X; X > F : a; X >> C; F > B; F > N; B > J; N > J; J > Z; C > e; Z > e"),
        "A", "B; Z", "unreachable", fresh="A a=1",
    ),
    "a boundary event is added to the current task": Versions(
        LINE, one(LATE + boundary("TB", "A", timer("timeDuration", "PT5H")), GUARDED),
        "", "@6h; L", "boundary_added",
    ),
    "a boundary event of the current task is gone": Versions(
        one(LATE + boundary("TB", "A", timer("timeDuration", "PT5H")), GUARDED), LINE,
        "", "A; B", "boundary_removed",
    ),
    "a boundary event interrupts the current task no more": Versions(
        one(LATE + boundary("TB", "A", timer("timeDuration", "PT5H")), GUARDED),
        one(LATE + boundary("TB", "A", timer("timeDuration", "PT5H"), False), GUARDED),
        "", "@6h; A; B; L", "event", proven=False,
    ),
    "the current task has moved into a subprocess": Versions(
        one(tasks("A B") + ends("e"), "s > A; A > B; B > e"),
        one(tasks("A") + subprocess("S", tasks("B") + ends("se"), "s_S > B; B > se") + ends("e"),
            "s > A; A > S; S > e"),
        "A", "B", "scope",
    ),
    "another process is called than the one that runs": Versions(
        within(tasks("A") + ends("le"), "s > A; A > le"),
        {"p.bpmn": within("", "")["p.bpmn"].replace(b'calledElement="leaf"', b'calledElement="twig"'),
         "twig.bpmn": bpmn("twig", tasks("W") + ends("we"), "s > W; W > we")},
        "", "A; Z", "called",
    ),
    "the subprocess that runs is gone": Versions(
        one(SUB + ends("e"), "s > S; S > e"), LINE, "A", "B", "removed called",
    ),
    "another message is waited for": Versions(
        one(tasks("A B") + catch("M", MESSAGE) + ends("e"), "s > A; A > M; M > B; B > e"),
        one(tasks("A B") + catch("M", ANSWER) + ends("e"), "s > A; A > M; M > B; B > e"),
        "A", "!hello; B", "event", proven=False,
    ),
    "an event-based gateway waits, and one way more is drawn": Versions(
        one(CHOICE + tasks("A B") + ends("e e2"), WAITED),
        one(CHOICE + catch("M2", ANSWER) + tasks("A B") + ends("e e2"),
            WAITED.replace("G > T", "G > M2; M2 > e2; G > T")),
        "A", "@6h", "event",
    ),
    "instances are at work that end by another rule": Versions(
        one(COUNTED + LISTED + tasks("Q") + ends("e"), "s > Q; Q > U; U > list; list > e"),
        one(COUNTED.replace("stop", "nrOfCompletedInstances >= 1 or stop") + LISTED + tasks("Q") + ends("e"),
            "s > Q; Q > U; U > list; list > e"),
        "Q items=x,y,z; U", "U", "repetition", fresh="Q items=x,y,z", proven=False,
    ),
    "a name is read that a script has given before": Versions(
        asked(tasks("A B") + script("put", "d = 1") + ends("e"), "s > A; A > put; put > B; B > e"),
        asked(tasks("A B C D") + script("put", "d = 1") + gateways("exclusive", "X") + ends("e"),
            "s > A; A > put; put > B; B > X; X > C : d; X >> D; C > e; D > e"),
        "A", "B; C", "names",
    ),
    "a name is read that a form already filled in now asks for": Versions(
        asked(asking("A", "a") + tasks("B C D") + ends("e"), "s > A; A > B; B > e"),
        asked(asking("A", "a", "c") + tasks("B C D") + gateways("exclusive", "X") + ends("e"),
            "s > A; A > B; B > X; X > C : c; X >> D; C > e; D > e"),
        "A", "B; C", "names", fresh="A c=1",
    ),
    "a name is read that people gave before, and the case has two tokens": Versions(
        asked(asking("A", "c") + tasks("B C Z") + gateways("parallel", "F J") + ends("e"), FORKED),
        asked(asking("A", "c") + tasks("B C Z D") + gateways("parallel", "F J") + gateways("exclusive", "X")
            + ends("e"), FORKED.replace("J > Z", "J > X; X > D : c; D > e; X >> Z")),
        "A c=1", "B; C; D", "names",
    ),
    "a name is read that a message may have brought": Versions(
        asked(KEYED + tasks("B") + catch("M", MESSAGE) + ends("e"), "s > A; A > M; M > B; B > e"),
        asked(KEYED + element("userTask", "B", sets="c") + tasks("C D") + catch("M", MESSAGE)
              + gateways("exclusive", "X") + ends("e"),
              "s > A; A > M; M > B; B > X; X > C : c; X >> D; C > e; D > e"),
        "A; !hello", "B; D", "names", proven=False,
    ),
    "a name that was filled in as a text is read as a number": Versions(
        asked(asking("A", "c") + tasks("B C") + gateways("exclusive", "X") + ends("e"),
              "s > A; A > B; B > X; X > C : c; X >> e; C > e"),
        asked(asking("A", "c").replace('type="string"', 'type="long"') + tasks("B C")
              + gateways("exclusive", "X") + ends("e"),
              "s > A; A > B; B > X; X > C : c > 3; X >> e; C > e"),
        "A c=5", "B; C", "type", proven=False,
    ),
    "a called process runs that is given something else": Versions(
        within(tasks("A") + ends("le") + script("put", "b = a"), "s > A; A > put; put > le"),
        within(tasks("A") + ends("le") + script("put", "b = a"), "s > A; A > put; put > le", "a=c"),
        "", "A; Z", "inputs", proven=False,
    ),
    "a reminder comes at other times": Versions(
        one(tasks("A B H") + REMIND + ends("e re"), REMINDED),
        one(tasks("A B H") + REMIND.replace("R3/PT1H", "R1/PT9H") + ends("e re"), REMINDED),
        "", "@1h; H", "event",
    ),
    "a branch has ended at an end that is gone": Versions(
        one(tasks("A B C") + gateways("parallel", "F") + ends("e e2"),
            "s > A; A > F; F > B; F > C; B > e; C > e2"),
        one(tasks("A B C") + gateways("parallel", "F") + ends("e"),
            "s > A; A > F; F > B; F > C; B > e; C > e"),
        "A; C", "B", "removed", proven=False,
    ),
    "what a boundary event of the subprocess would catch is gone": Versions(
        one(SUB + boundary("err", "S", ERROR) + tasks("H") + ends("e"), "s > S; S > e; err > H; H > e"),
        one(SUB + ends("e"), "s > S; S > e"),
        "A", "B", "boundary_removed", proven=False,
    ),
}  # fmt: skip
