"""What was worked out last, by a name of what it was made of."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """What was worked out last, under a name of what it was made of. Safe for threads.

    `capacity`: how much is kept, as the sum of the weights."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: OrderedDict[str, tuple[T, int]] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def get(self, key: str) -> T | None:
        """What is remembered under that name."""
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]

    def keep(self, key: str, found: T, weight: int = 1) -> None:
        """Remembers it, and forgets what was not asked for longest."""
        with self._lock:
            self._weight += weight - self._held.pop(key, (None, 0))[1]
            self._held[key] = (found, weight)
            while self._weight > self._capacity:
                self._weight -= self._held.popitem(last=False)[1][1]
