"""stub"""
from prefect import flow


@flow(name="intake")
async def intake() -> None:
    import asyncio
    await asyncio.sleep(3600)
