"""How the intake tells what it does: its status in the store, one page and one bar in Prefect, kept up to date."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

import httpx
from prefect import get_client
from prefect.artifacts import (
    acreate_markdown_artifact,
    acreate_progress_artifact,
    aupdate_progress_artifact,
)
from prefect.client.schemas.actions import ArtifactUpdate

from dossier.errors import TransientError
from flows.artifacts import PROGRESS_KEY, SWEEP_KEY, progress, sweep_page
from flows.status import IntakeStatus, write_status
from storage.s3 import Store

PAUSE_S = 2.0


class Reporter:
    """Writes what changed, at most every `PAUSE_S` seconds. Telling is no work: when it fails, work goes on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._page: UUID | None = None
        self._bar: UUID | None = None
        self._told: IntakeStatus | None = None
        self._at = float("-inf")

    async def tell(self, status: IntakeStatus) -> None:
        if self._told is not None and self._told == status.model_copy(update={"at": self._told.at}):
            return
        if time.monotonic() - self._at < PAUSE_S and not status.idle:
            return
        self._at = time.monotonic()
        try:
            await asyncio.to_thread(write_status, self._store, status)
            await self._show(status)
        except (TransientError, httpx.HTTPError):
            return  # told at the next change
        self._told = status

    async def _show(self, status: IntakeStatus) -> None:
        if self._page is None or self._bar is None:
            self._page = await acreate_markdown_artifact(
                sweep_page(status), key=SWEEP_KEY, description="What came, waits, runs and ended."
            )
            self._bar = await acreate_progress_artifact(
                progress(status), key=PROGRESS_KEY, description="Dossiers ended, of those seen."
            )
            return
        async with get_client() as client:
            await client.update_artifact(self._page, ArtifactUpdate(data=sweep_page(status)))
        await aupdate_progress_artifact(self._bar, progress(status))
