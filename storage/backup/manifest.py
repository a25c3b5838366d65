"""The manifest of a backup run: every object with the SHA-256 of its bytes, in parts that are hashed by a head.

The head is written last and its name is its own hash: a run without one was killed, and counts only as what the next
run need not copy again. Runs share bytes, so each run is a whole backup of its moment.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import Field as Option
from pydantic import ValidationError

from dossier.errors import ConfigurationError, StoreDamaged, StoreError
from dossier.model import Frozen, Sha256
from storage.backup.place import Place
from storage.s3_objects import Entry

RUNS: Final = "runs"
HOUSE: Final = "@house"
"""Stands for a bucket in the items that are files of the data directory."""

_HEAD = re.compile(rf"{RUNS}/([0-9TZ]+-[0-9a-f]{{8}})/head-([0-9a-f]{{64}})\.json")
_PART = re.compile(rf"{RUNS}/([0-9TZ]+-[0-9a-f]{{8}})/part-\d{{6}}-[a-z-]+\.gz")


class Item(Frozen):
    """One object. version, etag, modified: as the first store named it; sha256, size (bytes): of its bytes."""

    bucket: str
    key: str
    version: str | None = None
    etag: str
    modified: str
    size: int
    sha256: Sha256
    type: str = "application/octet-stream"
    metadata: dict[str, str] = Option(default_factory=dict)

    @property
    def place(self) -> str:
        return blob_name(self.sha256)


class Part(Frozen):
    """Some items of one section. sha256: of the part's file."""

    name: str
    section: str
    items: int
    sha256: Sha256


class Problem(Frozen):
    """What is not as it must be. what: changed, gone, damaged, missing, differs, unread, manifest, unheld."""

    what: str
    bucket: str
    key: str


class Head(Frozen):
    """A run that came to its end. cut: what was written later is not in it. copied: what was not there before.

    previous: hash of the head before. problems: the first of `problem_count`.
    objects and size (bytes): by section and in all.
    """

    schema_: str = "sohoa/backup/1"
    run: str
    begun: datetime
    cut: datetime
    ended: datetime
    previous: Sha256 | None
    parts: tuple[Part, ...]
    objects: dict[str, int]
    size: int
    copied: int
    copied_size: int
    problems: tuple[Problem, ...]
    problem_count: int
    program: str


def item_of(
    bucket: str,
    entry: Entry,
    sha256: str,
    size: int,
    kind: str = "application/octet-stream",
    metadata: dict[str, str] | None = None,
) -> Item:
    """What was copied of an object version as listed."""
    return Item(
        bucket=bucket,
        key=entry.key,
        version=entry.version_id,
        etag=entry.etag,
        modified=entry.last_modified.isoformat(),
        size=size,
        sha256=sha256,
        type=kind,
        metadata=metadata or {},
    )


def blob_name(sha256: str) -> str:
    return f"objects/{sha256[:2]}/{sha256}"


def run_name(now: datetime, salt: str) -> str:
    """Names sort as runs begin. salt: eight hex digits."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{salt}".replace(".", "")


def write_file(place: Place, name: str, data: bytes, folder: Path) -> str:
    """Put bytes under a name; their SHA-256."""
    sha256, md5 = hashlib.sha256(data).hexdigest(), hashlib.md5(data, usedforsecurity=False).hexdigest()
    file = folder / sha256
    file.write_bytes(data)
    place.put(name, file, sha256, md5)
    return sha256


def write_part(place: Place, run: str, number: int, section: str, items: list[Item], folder: Path) -> Part:
    lines = "".join(item.model_dump_json(exclude_defaults=True) + "\n" for item in items)
    name = f"{RUNS}/{run}/part-{number:06d}-{section}.gz"
    sha256 = write_file(place, name, gzip.compress(lines.encode(), mtime=0), folder)
    return Part(name=name, section=section, items=len(items), sha256=sha256)


def write_head(place: Place, head: Head, folder: Path) -> str:
    """From now on the run is there. The head's hash."""
    raw = (json.dumps(head.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n").encode()
    sha256 = hashlib.sha256(raw).hexdigest()
    return write_file(place, f"{RUNS}/{head.run}/head-{sha256}.json", raw, folder)


def heads(place: Place) -> list[tuple[str, str]]:
    """Run and hash of the head of every run that came to its end, the oldest first."""
    found = (_HEAD.fullmatch(name) for name, _ in place.names(RUNS))
    return sorted((match[1], match[2]) for match in found if match)


def read_head(place: Place, run: str, sha256: str) -> Head:
    """Raises StoreError if it is not what its name says."""
    raw = place.read(f"{RUNS}/{run}/head-{sha256}.json")
    if raw is None or hashlib.sha256(raw).hexdigest() != sha256:
        raise StoreDamaged(
            "backup-head-damaged", f"the head of run {run} is damaged: take another run (--at)"
        )
    try:
        return Head.model_validate_json(raw)
    except ValidationError:
        raise StoreError(
            "backup-head-unknown", f"the head of run {run} is of another program version"
        ) from None


def chosen(place: Place, at: str | None) -> Head:
    """The newest run, or the newest whose name begins with `at` (a run, or a day or time in UTC).

    Raises ConfigurationError if there is none.
    """
    wanted = _plain(at or "")
    found = [(run, sha256) for run, sha256 in heads(place) if _plain(run).startswith(wanted)]
    if not found:
        raise ConfigurationError(
            "backup-run-absent", "no run of this name came to its end: sohoa backup list"
        )
    return read_head(place, *found[-1])


def _plain(run: str) -> str:
    return run.replace("-", "").replace(":", "").upper()


def unfinished(place: Place) -> Iterator[str]:
    """Parts of runs that were killed."""
    done = {run for run, _ in heads(place)}
    for name, _ in place.names(RUNS):
        part = _PART.fullmatch(name)
        if part and part[1] not in done:
            yield name


def read_part(place: Place, name: str, sha256: str | None = None) -> list[Item]:
    """The items of a part. sha256: what the head says of it. Raises StoreError if it is damaged or not there."""
    raw = place.read(name)
    try:
        if raw is None or sha256 not in (None, hashlib.sha256(raw).hexdigest()):
            raise ValueError
        return [Item.model_validate_json(line) for line in gzip.decompress(raw).splitlines()]
    except (ValueError, OSError, EOFError):  # ValidationError is a ValueError
        raise StoreDamaged("backup-part-damaged", f"a part of a manifest is damaged: {name}") from None


def items_of(place: Place, head: Head, section: str | None = None) -> Iterator[Item | Problem]:
    """What a run holds, in order; a part that is damaged is told and passed over."""
    for part in head.parts:
        if section in (None, part.section):
            try:
                yield from read_part(place, part.name, part.sha256)
            except StoreError as error:
                if error.code != "backup-part-damaged":
                    raise
                yield Problem(what="manifest", bucket=HOUSE, key=part.name)


def details(head: Head) -> dict[str, Any]:
    """A line for people: what `sohoa backup list` tells of a run."""
    return {
        "run": head.run,
        "ended": f"{head.ended:%Y-%m-%d %H:%M:%S}",
        "objects": sum(head.objects.values()),
        "MB": round(head.size / 1e6, 1),
        "new": head.copied,
        "new MB": round(head.copied_size / 1e6, 1),
        "problems": head.problem_count,
    }
