"""One stack for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from running_stack import OFFICE, RunningStack

from dossier.settings import IntakeSettings, ReadingSettings, Settings


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    settings = Settings(
        data=tmp_path_factory.mktemp("stack"),
        offices=(OFFICE,),
        intake=IntakeSettings(quiet_s=1.0, poll_s=1.0),
        reading=ReadingSettings(processes=2),
    )
    running = RunningStack(settings)
    running.start()
    try:
        yield running
    finally:
        if not running.ended:
            running.stop()
