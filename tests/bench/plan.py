"""How much is measured: the whole, or a quick look while developing."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Plan:
    """`folder` is for databases and goes afterwards; it is on the disk that the numbers are about."""

    folder: Path
    rounds: int = 30
    turns: int = 1000
    ways: int = 300
    sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    seconds: float = 20.0

    @classmethod
    def quick(cls, folder: Path) -> "Plan":
        """The same workloads, small."""
        return cls(folder, rounds=6, turns=200, ways=60, sizes=(2_000, 10_000, 50_000), seconds=4.0)

    def at(self, name: str) -> Path:
        """A new place for a database."""
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        return place
