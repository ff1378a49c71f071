"""Soundness: plays a diagram in every way, conditions taken both ways, and tells where a case would stop.

Sound means: whatever happens, a case can end; every task can run; every end can be reached. (van der Aalst,
The Application of Petri Nets to Workflow Management, 1998; here with the joins of our own engine.)
"""

from collections.abc import Container, Iterable, Mapping

from engine.diagram.lint.files import read_files
from engine.diagram.lint.reach import check_size
from engine.diagram.lint.report import Report
from engine.diagram.soundness.exploration import MAX_MOVES, Exploration
from engine.diagram.soundness.findings import Finding, findings
from engine.diagram.soundness.insides import Insides
from engine.diagram.soundness.wording import WORDING, said
from engine.errors import Problem

__all__ = ["check_soundness", "explorations", "problems_of"]


def check_soundness(
    files: Mapping[str, bytes], of: Container[str] | None = None, moves: int = MAX_MOVES
) -> list[Problem]:
    """Where a case would get stuck, run for ever, or never come.

    Args: diagrams by name; called processes are looked up among them, other files do no harm. `of`: the files
    whose problems are wanted, all by default; the others are played only as far as these call them. `moves`:
    how many are played at most.
    Returns the problems sorted by file, line and column, each naming the element and the path that leads
    there: `sound.deadlock`, `sound.stranded` (one branch has ended, another waits for ever), `sound.endless`,
    `sound.never-runs`, `sound.end-unreached`, and as a warning `sound.too-large`. A file that is no BPMN is
    left to lint. Never raises for what is in the files.
    """
    found = problems_of(explorations(files, of, moves))
    return [problem for problem in found if of is None or problem.file in of]


def problems_of(played: Iterable[Exploration]) -> list[Problem]:
    """The problems of what was played, sorted as `check_soundness` does."""
    return sorted({_problem(one, finding) for one in played for finding in findings(one)})


def explorations(
    files: Mapping[str, bytes], of: Container[str] | None = None, moves: int = MAX_MOVES
) -> list[Exploration]:
    """Every process and subprocess of the files, played; those that cannot be played are left out."""
    report = Report()
    diagrams = {name: data for name, data in files.items() if name.lower().endswith(".bpmn")}
    drawings, _ = read_files(report, diagrams)
    drawings.processes = [process for process in drawings.processes if check_size(report, process)]
    insides = Insides(drawings, moves_left=moves)
    for process in drawings.processes:
        for scope in process.scopes if of is None or process.document.file in of else ():
            insides.explore(process, scope)
    return list(insides.explorations.values())


def _problem(found: Exploration, finding: Finding) -> Problem:
    document, node = found.net.document, found.net.scope.by_id[finding.element]
    names = "、".join(finding.others), ", ".join(finding.others)
    if finding.code == "too-large":
        names = found.limit or names
    zh, en = said(finding.code, names, finding.path)
    level, code = WORDING[finding.code][0], f"sound.{finding.code}"
    return Problem(document.file, *document.places[node], level, finding.element, code, zh, en)
