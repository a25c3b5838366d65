"""The embedded Prefect server and its worker: how they are started, and when the server is ready."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

from dossier.settings import Settings

READY_TIMEOUT_S = 120.0  # the first start migrates the database: 15 s on two idle cores
HEARTBEAT_S = 30
POOL = "sohoa"
WORKER_ENV = {"PREFECT_WORKER_QUERY_SECONDS": "2", "OMP_THREAD_LIMIT": "1"}


def common_env(settings: Settings, api: str) -> dict[str, str]:
    """The environment of everything that speaks to Prefect: where it is, where it keeps things, and silence."""
    return os.environ | {
        "PREFECT_HOME": str(prefect_home(settings)),
        "PREFECT_API_URL": api,
        "PREFECT_PROFILES_PATH": str(prefect_home(settings) / "profiles.toml"),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_S),
        "PREFECT_LOGGING_COLORS": "false",
        "PYTHONUNBUFFERED": "1",
    }


def server_env(settings: Settings, port: int) -> dict[str, str]:
    """The server's environment: SQLite under the data directory, loopback only, UI on the port it really has."""
    home = prefect_home(settings)
    api = api_url(port)
    return common_env(settings, api) | {
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_UI_API_URL": api,
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        # Loops that look for what does not occur here: runs are never paused, and nothing is late for long.
        "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "30",
        # Runs of dossiers are news, not records: what counts is in the store.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        # Slots of a run that died with the whole stack are found again, and freed, after a restart.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    }


def server_command(port: int) -> list[str]:
    return [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]


def worker_command() -> list[str]:
    return [
        *(sys.executable, "-m", "prefect", "worker", "start"),
        *("--pool", POOL, "--type", "process", "--name", "sohoa"),
    ]


def prefect_home(settings: Settings) -> Path:
    return settings.data.absolute() / "prefect"


def api_url(port: int) -> str:
    return f"http://127.0.0.1:{port}/api"


def ready(api: str) -> bool:
    """Whether the server answers and its database is there."""
    try:
        with urllib.request.urlopen(f"{api}/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
