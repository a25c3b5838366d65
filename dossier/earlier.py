"""What is already known of other dossiers, as a rule may hear it: no personal data in clear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Earlier:
    """A component of an earlier record: where it stands and what it says, without personal data in clear."""

    dossier: str
    version: int
    component: str
    type: str
    issue_date: date | None
