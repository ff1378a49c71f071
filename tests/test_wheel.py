"""What is shipped: the wheel serves the main job from an empty folder, diagrams included."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the files that git tracks, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=HERE, capture_output=True, check=True).stdout
    for name in tracked.decode().split("\0"):
        if name and (HERE / name).is_file():
            target = folder / "source" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((HERE / name).read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "-w", str(folder), str(folder / "source")], check=True)
    wheel = next(folder.glob("zhihuan-*.whl"))
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def run(site: Path, folder: Path, *words: str) -> str:
    """Runs a module of the unpacked wheel in `folder`; returns what it printed."""
    environ = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    environ = {name: value for name, value in environ.items() if not name.startswith("ZHIHUAN_")}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environ, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
def test_the_wheel_serves_the_main_job_from_an_empty_folder(unpacked: Path, tmp_path: Path) -> None:
    run(unpacked, tmp_path, "-m", "engine", "migrate")
    assert "qf_main" in run(unpacked, tmp_path, "-m", "engine", "deploy")
    asks = (
        "import web; from web.settings import Settings; client = web.create_app(Settings()).test_client();"
        "print(web.__file__, client.get('/sign-in').status_code,"
        " client.get('/static/vendor/manifest.json').status_code)"
    )
    printed = run(unpacked, tmp_path, "-c", asks)
    assert printed.split() == [str(unpacked / "web" / "__init__.py"), "200", "200"]
