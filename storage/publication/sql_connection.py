"""Transactions with any database that SQLAlchemy speaks to, by drivers that block or not.

PostgreSQL is spoken to by asyncpg, MariaDB by PyMySQL, unless the URL names another driver.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.publication.sql_errors import TargetRefuses, translated

T = TypeVar("T")

DRIVERS = {"postgresql": "postgresql+asyncpg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
CONNECT_S, ANSWER_S = 10, 300
_ARGUMENTS: dict[str, dict[str, Any]] = {
    "asyncpg": {"timeout": CONNECT_S, "command_timeout": ANSWER_S},
    "pymysql": {"connect_timeout": CONNECT_S, "read_timeout": ANSWER_S, "write_timeout": ANSWER_S},
    "pysqlite": {"timeout": 20},
}


class Database:
    """One database. Of one thread at a time. name: of the target, for errors."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        try:
            address = _with_driver(make_url(url))
            driver = address.get_driver_name()
            options: dict[str, Any] = {
                "connect_args": _ARGUMENTS.get(driver, {}),
                "hide_parameters": True,
                "pool_size": 1,
                "max_overflow": 0,
                "pool_pre_ping": True,
            }
            self._async: AsyncEngine | None = None
            if driver in ("asyncpg", "aiosqlite", "asyncmy", "aiomysql"):
                self._async = create_async_engine(address, **options)
                self._engine: Engine = self._async.sync_engine
            else:
                self._engine = create_engine(address, **options)
        except (SQLAlchemyError, ImportError, TypeError) as error:
            raise TargetRefuses(
                "target-url",
                f"{name}: the URL cannot be used, or its driver is not installed ({type(error).__name__})",
            ) from None
        self._runner = asyncio.Runner() if self._async is not None else None
        _strict(self._engine)

    @property
    def dialect(self) -> str:
        return self._engine.dialect.name

    def run(self, work: Callable[[Connection], T]) -> T:
        """The work in one transaction: all of it, or nothing if it raises.

        Raises TransientError, TerminalError, or ValueRefused where the database does not take a value.
        """
        with translated(self.name):
            if self._async is not None and self._runner is not None:
                return self._runner.run(self._run_async(self._async, work))
            with self._engine.begin() as connection:
                return work(connection)

    async def _run_async(self, engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
        async with engine.begin() as connection:
            return await connection.run_sync(work)

    def translated(self) -> AbstractContextManager[None]:
        """For work that goes on after a value was refused (to a savepoint): errors as `run` raises them."""
        return translated(self.name)

    def close(self) -> None:
        if self._async is not None and self._runner is not None:
            with translated(self.name):
                self._runner.run(self._async.dispose())
            self._runner.close()
        else:
            self._engine.dispose()


def _with_driver(url: URL) -> URL:
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


def _strict(engine: Engine) -> None:
    """Have the database refuse what does not fit, instead of cutting it off; let one writer in at a time."""
    if engine.dialect.name in ("mysql", "mariadb"):
        event.listen(engine, "connect", _mysql_connect)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)


def _mysql_connect(connection: Any, _: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION sql_mode = 'TRADITIONAL', time_zone = '+00:00'")


def _sqlite_connect(connection: Any, _: object) -> None:
    connection.isolation_level = (
        None  # transactions are begun below: savepoints need it, and the lock comes first
    )
    connection.execute("PRAGMA busy_timeout=20000")


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
