"""What outside sources answer, as rules hear it. Frozen; values of people are left out of `repr` and so of logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Happening = Literal["death", "marriage", "divorce", "moved", "new-id"]
Subject = Literal["identity", "residence", "marital-status", "other"]


@dataclass(frozen=True)
class StatusEvent:
    """Something that changed a person's status. on: the day from which it holds."""

    kind: Happening
    on: date


@dataclass(frozen=True)
class KnownPerson:
    """What the population database says of one personal ID.

    date_of_birth: None where it knows the year alone. events: all that it knows, in order of time.
    """

    full_name: str = field(repr=False)
    birth_year: int | None = field(default=None, repr=False)
    date_of_birth: date | None = field(default=None, repr=False)
    events: tuple[StatusEvent, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Verification:
    """A value taken over into a dossier, and when it was last held against its source. by: which source."""

    subject: Subject
    on: date
    by: str


@dataclass(frozen=True)
class CatalogueState:
    """A shared list as this office holds it. on: the day of its last refresh from the source."""

    name: str
    version: str
    on: date


@dataclass(frozen=True)
class AgencyCertificate:
    """Whose a signing certificate is. revoked_on: from which day it no longer holds, None if it does."""

    agency: str
    revoked_on: date | None = None


@dataclass(frozen=True)
class Holding:
    """What the archive says of a dossier that it keeps. None: no such term. fixity_on: hashes last made again."""

    retention_until: date | None = None
    transfer_due: date | None = None
    fixity_on: date | None = None
