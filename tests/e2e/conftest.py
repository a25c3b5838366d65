"""One stack for all tests of this room, with a target of each kind downstream."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from running_stack import OFFICE, RunningStack
from webhook_receiver import Receiver, running

from dossier.settings import IntakeSettings, ReadingSettings, Settings

STATES = ("checked", "returned", "refused")


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    """What takes the webhook's messages."""
    with running(Receiver("whsec_" + base64.b64encode(b"a key of the tests, 32 bytes long").decode())) as up:
        yield up


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[RunningStack]:
    data = tmp_path_factory.mktemp("stack")
    hook = {"kind": "webhook", "url": receiver.url, "secret": receiver.secret, "pause_s": 1}
    targets = {
        "civil": {"kind": "sql", "url": f"sqlite:///{data / 'civil.sqlite'}", "states": STATES},
        "lake": {"kind": "delta", "states": STATES},
        "registry": hook | {"states": STATES},
    }
    settings = Settings.model_validate(
        {
            "data": data,
            "offices": (OFFICE,),
            "intake": IntakeSettings(quiet_s=1.0, poll_s=1.0),
            "reading": ReadingSettings(processes=2),
            "targets": targets,
        }
    )
    running_stack = RunningStack(settings)
    running_stack.start()
    try:
        yield running_stack
    finally:
        if not running_stack.ended:
            running_stack.stop()
