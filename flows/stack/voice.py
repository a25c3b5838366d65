"""What a person reads in the terminal of `sohoa up`: one prefixed line a happening, the chatter left in the logs."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from typing import TextIO

COLOURS = {"sohoa": 37, "store": 36, "server": 35, "worker": 33, "intake": 32}
WIDTH = max(map(len, COLOURS))
TROUBLE = re.compile(r"\| (WARNING|ERROR|CRITICAL)\s*\|")
RUN_LINE = re.compile(
    r"^[\d:.]+ \| (?P<level>\w+)\s*\| (?P<kind>Flow|Task) run '(?P<run>[^']*)' - (?P<said>.*)$"
)
# Prefect's own words on a run; what matters of it our flows say themselves.
CHATTER = re.compile(
    r"^(Beginning |View at |Running \d+ deployment pull|Executing deployment step|Deployment step "
    r"|All deployment steps|Finished in state (Completed|.*type=COMPLETED))"
)


class Voice:
    """Writes whole lines, from any thread. verbose: nothing is left out."""

    def __init__(self, stream: TextIO | None = None, verbose: bool = False) -> None:
        self._stream = stream or sys.stdout
        self._colour = self._stream.isatty()
        self._verbose = verbose
        self._lock = threading.Lock()
        self.hushed = False
        """While the parts are stopped they cry out for nothing: their lines go to the logs alone."""

    def say(self, who: str, text: str) -> None:
        label = f"{who:<{WIDTH}} |"
        if self._colour:
            label = f"\x1b[{COLOURS.get(who, 37)}m{label}\x1b[0m"
        with self._lock:
            self._stream.write(f"{label} {text}\n")
            self._stream.flush()

    def of(self, who: str) -> Callable[[str], None]:
        """What takes the lines of one component."""
        return lambda line: self._hear(who, line)

    def _hear(self, who: str, line: str) -> None:
        if self._verbose:
            self.say(who, line)
        elif self.hushed:
            return
        elif (run := RUN_LINE.match(line)) is not None:
            self._hear_run(run)
        elif TROUBLE.search(line):
            self.say(who, line)

    def _hear_run(self, run: re.Match[str]) -> None:
        calm = run["level"] in ("DEBUG", "INFO")
        if calm and (run["kind"] == "Task" or CHATTER.match(run["said"])):
            return
        name = "" if run["run"] == "intake" else f"{run['run']}: "
        mark = "" if calm else f"{run['level']} "
        self.say("intake", f"{mark}{name}{run['said']}")
