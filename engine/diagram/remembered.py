"""What was worked out last, by a name of what it was made of."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """What was worked out last, under a name of what it was made of. Safe for threads."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> T | None:
        """What is remembered under that name."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def keep(self, key: str, found: T) -> None:
        """Remembers it, and forgets what was not asked for longest."""
        with self._lock:
            self._held[key] = found
            self._held.move_to_end(key)
            while len(self._held) > self._capacity:
                self._held.popitem(last=False)
