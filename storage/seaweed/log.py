"""The log of the embedded store, without the names of objects: those of the inbox are file names, which name people.

The server has no switch for it: it writes a line with the key for each object that is deleted, and for each nudge that
nobody took.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

# Of a line that may name an object only its place in the program is kept; a line without a place goes.
_MAY_NAME: Final = r"inbox|[.]versions|name:|[Ee]ntry|[Hh]andler|[Oo]bject|[Kk]ey|[Pp]ath|buckets"
_PLACE: Final = r"^([IWEF][0-9]+ [0-9:.]+ +[A-Za-z0-9_]+[.]go:[0-9]+).*$"
FILTER: Final = rf"/{_MAY_NAME}/{{s/{_PLACE}/\1 told of an object/;t;d}}"


# Where a line cannot be written (the disk is full) it is lost, and the next one is tried: a server whose log has nobody
# at its other end dies of it.
PATIENT: Final = 'until "$0" --unbuffered --regexp-extended "$1"; do :; done'


@contextmanager
def nameless(log: IO[bytes]) -> Iterator[IO[bytes]]:
    """Where the server is to write to: what comes there goes to `log`, without names. Close it once it has started.

    A process of its own does so until the server ends, so that it can write its last lines when whoever started it
    has died.
    """
    sed = shutil.which("sed")
    command = ["sh", "-c", PATIENT, sed, FILTER] if sed else ["cat"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=log if sed else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={"LC_ALL": "C", "PATH": os.defpath},
    )
    assert process.stdin is not None
    with process.stdin as pipe:
        yield pipe
