"""A publisher in a process of its own that is killed (kill -9) at its n-th append to a Delta table.

Arguments: store settings as JSON, name of the target, its settings as JSON, n, `before` or `after` the append.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from dossier.settings import StoreSettings
from dossier.targets import DeltaTarget
from storage.feed import Feed
from storage.publication.delta import DeltaLake
from storage.publication.delta_tables import DeltaTables
from storage.publication.publishing import Publisher
from storage.s3 import Store


def main(store_json: str, name: str, settings_json: str, at: str, when: str) -> None:
    store = Store(StoreSettings.model_validate(json.loads(store_json)))
    left, append = int(at), DeltaTables.append

    def deadly(self: DeltaTables, *arguments: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        append(self, *arguments)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    DeltaTables.append = deadly  # type: ignore[method-assign]
    target = DeltaLake(name, DeltaTarget.model_validate(json.loads(settings_json)), store)
    Publisher(store, Feed(store), target).publish()


if __name__ == "__main__":
    main(*sys.argv[1:])
