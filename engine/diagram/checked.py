"""What lint and the game of soundness find in files, by what is in the files: the same is looked at once."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping

from engine.diagram.bundle import Bundle, compile_bundle
from engine.diagram.lint import lint
from engine.diagram.remembered import Remembered
from engine.diagram.soundness import check_soundness
from engine.diagram.soundness.exploration import MAX_MOVES
from engine.errors import Problem

Problems = tuple[Problem, ...]
MOST_PROBLEMS = 500  # files with more are looked at every time, or a few bad uploads would fill the memory
LINTED: Remembered[Problems] = Remembered(64)
PLAYED: Remembered[Problems] = Remembered(64)
COMPILED: Remembered[Bundle] = Remembered(8)


def content_key(files: Mapping[str, bytes], *facts: object) -> str:
    """A name for these files under these names, and for what else the answer depends on."""
    named = sorted((name, hashlib.sha256(data).hexdigest()) for name, data in files.items())
    return hashlib.sha256(json.dumps([named, facts], ensure_ascii=False).encode()).hexdigest()


def linted(files: Mapping[str, bytes]) -> Problems:
    """What `lint` finds."""
    return once(LINTED, content_key(files), lambda: lint(files))


def played(files: Mapping[str, bytes], of: Collection[str], moves: int = MAX_MOVES) -> Problems:
    """What `check_soundness` finds."""
    key = content_key(files, sorted(of), moves)
    return once(PLAYED, key, lambda: check_soundness(files, of=of, moves=moves))


def compiled(files: Mapping[str, bytes], process_id: str) -> Bundle:
    """What `compile_bundle` makes of files that are not deployed. Raises BundleRefused, ProcessNotFound."""
    key = content_key(files, process_id)
    found = COMPILED.get(key) or compile_bundle(files, process_id)
    COMPILED.keep(key, found)
    return found


def once(held: Remembered[Problems], key: str, look: Callable[[], Iterable[Problem]]) -> Problems:
    """What is remembered under the key, else what a look finds; that is remembered from then on."""
    found = held.get(key)
    if found is None:
        found = tuple(look())
        if len(found) <= MOST_PROBLEMS:
            held.keep(key, found)
    return found
