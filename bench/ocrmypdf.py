"""OCRmyPDF, a peer to be measured beside: called as a program that lives in an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

OPTIONS = ("--rotate-pages", "--deskew", "--force-ocr")
MISSING = "OCRmyPDF is not installed: `scripts/setup bench` puts it into .venv-bench, apart from Sohoa's own packages."
PAGE_S = 120.0
_HOME = Path(__file__).parents[1] / ".venv-bench" / "bin" / "ocrmypdf"


def program() -> str | None:
    """The program's path: of `.venv-bench`, else of PATH; None if it is not installed."""
    return str(_HOME) if _HOME.exists() else shutil.which("ocrmypdf")


def version() -> str:
    """As the program tells it; empty if it is not installed."""
    found = program()
    if found is None:
        return ""
    return subprocess.run(
        [found, "--version"], capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


def read_text(path: Path, jobs: int = 1, pages: int = 1) -> str:
    """The sidecar text of a file, language vie. Empty if the program gives the file up (exit code not 0).

    Raises FileNotFoundError when it is not installed.
    """
    found = program()
    if found is None:
        raise FileNotFoundError(MISSING)
    with tempfile.TemporaryDirectory() as scratch:
        sidecar = Path(scratch, "text.txt")
        command = [found, *OPTIONS, "-l", "vie", "-j", str(jobs), "--quiet", "--sidecar", str(sidecar)]
        try:
            done = subprocess.run(
                [*command, str(path), str(Path(scratch, "out.pdf"))],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=PAGE_S * pages,
            )
        except subprocess.TimeoutExpired:
            return ""
        return sidecar.read_text(encoding="utf-8") if done.returncode == 0 and sidecar.exists() else ""
