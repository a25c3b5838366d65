"""The supervisor behind `sohoa up`: starts the parts in order, watches them, and stops them in order.

store and server (side by side) -> buckets -> deployments -> worker -> intake
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import time
import uuid
from datetime import UTC, datetime
from types import FrameType

from dossier.errors import TransientError
from dossier.settings import Settings
from flows.hint import ask_to_stop
from flows.stack import server
from flows.stack.child import Child, adopt_orphans, descendants, end_descendants
from flows.stack.environment import settings_env
from flows.stack.intake_keeper import IntakeKeeper
from flows.stack.part import Part
from flows.stack.place import Stack, free_port, read_stack, the_only_one, write_stack
from flows.stack.store_keeper import StoreKeeper
from flows.stack.voice import Voice
from flows.status import read_status
from storage.buckets import INBOX
from storage.connect import open_store
from storage.s3 import Store

WATCH_S = 0.5
LOOK_AT_INTAKE_S = 10.0
INTAKE_STOP_S, WORKER_STOP_S, SERVER_STOP_S = 12.0, 4.0, 8.0
ALL_WELL, OUR_FAULT = 0, 3


def run_stack(settings: Settings, until_idle: bool = False, verbose: bool = False) -> int:
    """Run the stack until Ctrl-C or SIGTERM; with `until_idle`, until the inbox is empty and all have ended.

    Returns 0, or 3 when something of ours kept failing (a part that does not start, a dossier that has no end).
    Raises ConfigurationError when another stack runs on the same data.
    """
    with the_only_one(settings.data):
        return _Supervisor(settings, Voice(verbose=verbose)).run(until_idle)


class _Stopped(Exception):
    """Someone asked us to stop."""


class _Supervisor:
    def __init__(self, settings: Settings, voice: Voice) -> None:
        self._settings = settings
        self._voice = voice
        self._before = read_stack(settings)
        self._logs = settings.data.absolute() / "logs"
        self._store: StoreKeeper | None = None
        self._parts: list[Part] = []
        self._stack: Stack | None = None
        self._began = datetime.now(UTC)
        self._next_look = time.monotonic() + LOOK_AT_INTAKE_S
        self._intake = IntakeKeeper(self._voice)

    def run(self, until_idle: bool) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        adopt_orphans()
        try:
            self._start()
            return self._watch(until_idle)
        except _Stopped:
            return ALL_WELL
        except TransientError as error:
            self._voice.say("sohoa", f"ERROR {error}")
            return OUR_FAULT
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            self._stop()

    @staticmethod
    def _asked_to_stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stopped

    def _start(self) -> None:
        began = time.monotonic()
        hint = free_port(self._before.hint if self._before else None)
        api, part = self._begin_server()
        self._begin_store(hint)
        if part is not None:
            self._await_server(api, part)
        self._await_deployments(api)
        self._begin_worker(api).start()
        endpoint = self._store.endpoint if self._store else str(self._settings.store.endpoint)
        self._stack = Stack(
            api=api,
            ui=api.removesuffix("/api"),
            store=endpoint,
            hint=hint,
            token=secrets.token_urlsafe(24),
            supervisor=os.getpid(),
            pids={part.child.name: part.child.pid or 0 for part in self._parts},
        )
        write_stack(self._settings, self._stack)
        self._greet(self._stack, time.monotonic() - began)

    def _greet(self, stack: Stack, took_s: float) -> None:
        office = self._settings.offices[0] if self._settings.offices else "OFFICE"
        for line in (
            f"up after {took_s:.0f} s; Ctrl-C stops everything",
            f"  runs and artifacts   {stack.ui}",
            f"  object store (S3)    {stack.store}",
            f"  to drop a dossier    sohoa drop FOLDER --office {office} --dossier CODE --procedure 1.001193",
            "  to see what became   sohoa status, sohoa show CODE",
            f"  logs and all state   {self._settings.data.absolute()}",
        ):
            self._voice.say("sohoa", line)

    def _begin_server(self) -> tuple[str, Part | None]:
        if self._settings.prefect_api_url:
            os.environ["PREFECT_API_URL"] = self._settings.prefect_api_url
            return self._settings.prefect_api_url, None
        before = self._before.api.removesuffix("/api").rpartition(":")[2] if self._before else ""
        port = free_port(int(before) if before.isdigit() else None)
        self._voice.say("server", "starting (the first time it takes 15 to 20 s)")
        env = server.server_env(self._settings, port)
        part = self._part("server", server.server_command(port), env)
        part.start()
        os.environ.update(server.common_env(self._settings, server.api_url(port)))
        return server.api_url(port), part

    def _begin_store(self, hint: int) -> None:
        if self._settings.store.endpoint:
            return
        self._store = StoreKeeper(self._settings, hint, self._voice)
        self._store.begin()

    def _await_server(self, api: str, part: Part) -> None:
        import prefect.main  # noqa: F401  (1.7 s of import, while the server starts)

        deadline = time.monotonic() + server.READY_TIMEOUT_S
        while not server.ready(api):
            if not part.child.running or time.monotonic() > deadline:
                for line in part.child.last:
                    self._voice.say("server", line)
                raise TransientError("server-start", "the Prefect server did not start; see logs/server.log")
            time.sleep(0.1)
        self._voice.say("server", f"ready on {api}")

    def _await_deployments(self, api: str) -> None:
        from flows.stack import deployments

        async def declare() -> None:
            if not self._settings.prefect_api_url:
                # No worker of this server runs yet: whatever seems to run is dead.
                dead = await deployments.end_dead_runs("Its process ended with the stack that ran it.")
                if dead:
                    self._voice.say("server", f"{dead} runs were left by a stack that died: set Crashed")
            await deployments.deploy_all()
            await deployments.start_intake(uuid.uuid4().hex)

        asyncio.run(declare())

    def _begin_worker(self, api: str) -> Part:
        env = server.common_env(self._settings, api) | settings_env(self._settings) | server.WORKER_ENV
        return self._part("worker", server.worker_command(), env)

    def _part(self, name: str, command: list[str], env: dict[str, str]) -> Part:
        log = self._logs / f"{name}.log"
        part = Part(Child(name, command, env, log, self._voice.of(name)))
        self._parts.append(part)
        return part

    def _watch(self, until_idle: bool) -> int:
        # A connection held open would make the store's stop slow: none is opened unless it is needed.
        store = open_store(self._settings) if until_idle else None
        while True:
            time.sleep(WATCH_S)
            for part in self._parts:
                part.watch(self._voice)
            self._keep_store()
            self._keep_intake()
            if store is not None and (ended := self._all_ended(store)) is not None:
                return ended

    def _keep_store(self) -> None:
        """Who runs already knows the store's old place: it must be told of another."""
        if self._store is None or not self._store.watch() or self._stack is None:
            return
        self._voice.say("store", f"its port was taken: now on {self._store.endpoint}; the intake starts anew")
        self._stack = self._stack.model_copy(update={"store": self._store.endpoint})
        write_stack(self._settings, self._stack)
        ask_to_stop(self._settings)

    def _keep_intake(self) -> None:
        if time.monotonic() < self._next_look or self._settings.prefect_api_url:
            return
        self._next_look = time.monotonic() + LOOK_AT_INTAKE_S
        self._intake.look()

    def _all_ended(self, store: Store) -> int | None:
        """The exit code once nothing is left to do, None before."""
        try:
            status = read_status(store)
            empty = next(store.list(INBOX), None) is None
        except TransientError:
            return None  # the store is away for a moment; it is watched
        if status is None or status.at < self._began or not status.idle:
            return None
        if not empty and not status.waiting:
            return None  # dropped since the status was written
        return OUR_FAULT if status.waiting else ALL_WELL

    def _stop(self) -> None:
        say = self._voice.say
        say("sohoa", "stopping")
        self._voice.hushed = True
        parts = {part.child.name: part.child for part in self._parts}
        if (worker := parts.get("worker")) is not None:
            self._stop_intake(worker)
            worker.stop(WORKER_STOP_S)
        if (prefect := parts.get("server")) is not None:
            prefect.ask_to_end()  # it ends while the store does
        if self._store is not None:
            self._store.stop()
        if prefect is not None:
            prefect.stop(SERVER_STOP_S)
        end_descendants(grace_s=3.0)
        say("sohoa", "stopped")

    def _stop_intake(self, worker: Child) -> None:
        """Let the intake put down its work in order; the worker would wait for it without end."""
        if self._stack is None or worker.pid is None or not ask_to_stop(self._settings):
            return
        deadline = time.monotonic() + INTAKE_STOP_S
        while time.monotonic() < deadline and descendants(worker.pid):
            time.sleep(0.1)
