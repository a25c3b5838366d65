"""The flow `tidy`: every night, few files made of many in the Delta tables. Nothing that counts is lost without it."""

from __future__ import annotations

import asyncio

from prefect import flow, get_run_logger

from dossier.settings import load_settings
from flows.faults import told
from flows.publishing import names, opened


@flow(name="tidy", flow_run_name="tidy", validate_parameters=False, persist_result=False)
async def tidy(target: str | None = None) -> dict[str, int]:
    """Tidy every target, or one; by target, how many files were replaced by fewer."""
    async with told():
        replaced = await asyncio.to_thread(_tidy, target)
    get_run_logger().info("files replaced: %s", replaced)
    return replaced


def _tidy(only: str | None) -> dict[str, int]:
    settings, replaced = load_settings(), dict[str, int]()
    for name in names(settings, only):
        with opened(settings, name) as (_, target):
            replaced[name] = target.tidy()
    return replaced
