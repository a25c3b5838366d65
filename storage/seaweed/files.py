"""What the embedded SeaweedFS is told before it starts: secrets, rights, certificates and the metadata store.

Written once, on first start; a later start keeps the secrets and adds keys for identities that are new.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from dossier.errors import ConfigurationError
from dossier.settings import Settings
from storage.certificates import CA, CERTIFICATE, KEY, make_certificates, write_private
from storage.rights import ADMIN as ADMIN
from storage.rights import PIPELINE as PIPELINE
from storage.rights import digitiser as digitiser
from storage.rights import policies

STATE, RIGHTS, SECURITY, FILER, NOTIFICATION = (
    "state.json",
    "s3.json",
    "security.toml",
    "filer.toml",
    "notification.toml",
)

# Names of 255 bytes are the default's end; a Vietnamese file name of 100 letters in NFD reaches that.
FILER_TOML = """\
[filer.options]
max_file_name_length = 1024

[leveldb2]
enabled = true
dir = "./filer"
"""

State = dict[str, Any]


def read_state(folder: Path) -> State | None:
    """Keys and ports of the store under `folder`, or None before its first start."""
    path = folder / STATE
    try:
        state: State = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            "store-state", f"{STATE} cannot be read: {type(error).__name__}; restore it from a backup"
        ) from None
    return state


def write_state(folder: Path, state: State) -> None:
    write_private(folder / STATE, json.dumps(state, indent=1).encode())


def prepare(folder: Path, settings: Settings, webhook: str | None = None) -> State:
    """Write all files the store starts from. webhook: loopback URL told of new inbox objects, best effort."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    state = read_state(folder) or {
        "jwt": {name: secrets.token_urlsafe(32) for name in ("volume", "filer", "filer_read")},
        "admin_password": secrets.token_urlsafe(24),
        "keys": {},
        "ports": {},
    }
    for identity in (ADMIN, *policies(settings)):
        state["keys"].setdefault(identity, [secrets.token_hex(10), secrets.token_urlsafe(30)])
    if not all((folder / name).exists() for name in (CA, CERTIFICATE, KEY)):
        make_certificates(folder)
    write_state(folder, state)
    write_private(folder / FILER, FILER_TOML.encode())
    write_private(folder / SECURITY, _security(state).encode())
    write_private(folder / RIGHTS, json.dumps(_rights(state, settings), indent=1).encode())
    write_private(folder / NOTIFICATION, _notification(webhook, settings).encode())
    return state


def _security(state: State) -> str:
    jwt = state["jwt"]
    mutual = f'cert = "{CERTIFICATE}"\nkey = "{KEY}"\nca = "{CA}"'
    parts = ("master", "volume", "filer", "s3", "client", "msg_broker", "admin", "worker")
    lines = [
        f'[jwt.signing]\nkey = "{jwt["volume"]}"',
        f'[jwt.filer_signing]\nkey = "{jwt["filer"]}"',
        f'[jwt.filer_signing.read]\nkey = "{jwt["filer_read"]}"',
        "[filer.expose_directory_metadata]\nenabled = false",
        f'[admin]\nuser = "admin"\npassword = "{state["admin_password"]}"',
        f'[grpc]\nca = "{CA}"',
        *(f'[grpc.{part}]\ncert = "{CERTIFICATE}"\nkey = "{KEY}"' for part in parts),
        # Over plain HTTP the master removes any bucket's volumes, locked ones too, for whoever asks (/col/delete).
        *(f"[https.{part}]\n{mutual}" for part in ("master", "volume", "filer", "admin")),
        f"[https.client]\nenabled = true\n{mutual}",
    ]
    return "\n\n".join(lines) + "\n"


def _rights(state: State, settings: Settings) -> dict[str, Any]:
    known = policies(settings)
    identities: list[dict[str, Any]] = []
    for identity, (access, secret) in state["keys"].items():
        entry = {"name": identity, "credentials": [{"accessKey": access, "secretKey": secret}]}
        if identity == ADMIN:
            identities.append(entry | {"actions": ["Admin", "Read", "Write", "List", "Tagging"]})
        elif identity in known:  # an office or reader that was taken out of the settings loses its rights
            identities.append(entry | {"policyNames": [identity]})
    return {
        "identities": identities,
        "policies": [{"name": name, "content": json.dumps(policy)} for name, policy in known.items()],
    }


def _notification(webhook: str | None, settings: Settings) -> str:
    if webhook is None:
        return "[notification.webhook]\nenabled = false\n"
    return (
        f'[notification.webhook]\nenabled = true\nendpoint = "{webhook}"\ntimeout_seconds = 1\nmax_retries = 0\n'
        'event_types = ["create"]\n'
        f'path_prefixes = ["/buckets/{settings.store.prefix}inbox"]\n'
    )
