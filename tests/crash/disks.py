"""A disk of a few megabytes that a test may fill."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CHUNK = 64 * 1024


@dataclass(frozen=True)
class Disk:
    """A mounted file system of its own."""

    folder: Path

    def fill(self) -> None:
        """Leaves no room at all."""
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            for size in (CHUNK, 1):
                try:
                    while filler.write(bytes(size)):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        """Gives the room back."""
        (self.folder / "filler").unlink()


@contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A small disk mounted at `folder`, until the block ends; skipped where mounting is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
