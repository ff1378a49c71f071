"""Which names a syntax tree reads and which a script writes."""

import ast
from collections.abc import Iterable

_SCOPED = (ast.ListComp, ast.GeneratorExp, ast.DictComp)


def reads(node: ast.AST, bound: frozenset[str] = frozenset()) -> frozenset[str]:
    """Free names of an expression; the variables of comprehensions and the called functions are not names."""
    found: set[str] = set()
    stack: list[tuple[ast.AST, frozenset[str]]] = [(node, bound)]
    while stack:
        current, known = stack.pop()
        if isinstance(current, ast.Name):
            if current.id not in known and isinstance(current.ctx, ast.Load):
                found.add(current.id)
            continue
        if isinstance(current, ast.Call) and isinstance(current.func, ast.Name):
            stack.extend((argument, known) for argument in current.args)
            continue
        if isinstance(current, _SCOPED):
            stack.append((current.generators[0].iter, known))
            known |= frozenset().union(*(targets(g.target) for g in current.generators))
        stack.extend((child, known) for child in ast.iter_child_nodes(current))
    return frozenset(found)


def targets(node: ast.AST) -> frozenset[str]:
    """Names that a loop variable or an assignment target binds."""
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def script_reads(body: Iterable[ast.stmt], bound: frozenset[str] = frozenset()) -> frozenset[str]:
    """Names that a script may read before it has set them itself."""
    return _walk(body, bound)[0]


def _walk(body: Iterable[ast.stmt], known: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """(names read, names certainly set afterwards)."""
    found: frozenset[str] = frozenset()
    for statement in body:
        if isinstance(statement, ast.Assign):
            found |= reads(statement.value, known)
            for target in statement.targets:
                found |= reads(target, known)
                known |= targets(target) if isinstance(target, ast.Name) else frozenset()
        elif isinstance(statement, ast.AugAssign):
            found |= reads(statement.value, known) | reads(statement.target, known)
            found |= targets(statement.target) - known
        elif isinstance(statement, ast.If):
            yes, after_yes = _walk(statement.body, known)
            no, after_no = _walk(statement.orelse, known)
            found |= reads(statement.test, known) | yes | no
            known = after_yes & after_no
        elif isinstance(statement, ast.For):
            found |= (
                reads(statement.iter, known) | _walk(statement.body, known | targets(statement.target))[0]
            )
        elif isinstance(statement, ast.Expr):
            found |= reads(statement.value, known)
    return found, known


def script_writes(body: Iterable[ast.stmt], loops: dict[str, frozenset[str]] | None = None) -> frozenset[str]:
    """Names that a script may change; setting a loop variable's field changes the list looped over."""
    loops = loops or {}
    found: frozenset[str] = frozenset()
    for statement in body:
        if isinstance(statement, (ast.Assign, ast.AugAssign)):
            for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
                found |= _changed(target, loops)
        elif isinstance(statement, ast.If):
            found |= script_writes([*statement.body, *statement.orelse], loops)
        elif isinstance(statement, ast.For):
            roots = frozenset().union(*(loops.get(n, frozenset({n})) for n in reads(statement.iter)))
            found |= script_writes(
                statement.body, {**loops, **dict.fromkeys(targets(statement.target), roots)}
            )
    return found


def _changed(target: ast.AST, loops: dict[str, frozenset[str]]) -> frozenset[str]:
    if isinstance(target, ast.Name):
        return frozenset() if target.id in loops else frozenset({target.id})
    whole = target
    while isinstance(whole, (ast.Attribute, ast.Subscript)):
        whole = whole.value
    return frozenset().union(*(loops.get(n, frozenset({n})) for n in reads(whole)))
