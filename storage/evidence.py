"""Evidence: what the rules looked at beside the record. Written before the record that names it by its hash.

Its key is the hash, under the dossier's own folder: versions with the same evidence share it, and a run that died
between evidence and record leaves nothing that stands in another run's way.
"""

from __future__ import annotations

import hashlib

from pydantic import ValidationError

from dossier.errors import StoreDamaged, StoreError
from dossier.evidence import Evidence
from dossier.record import Record
from storage.buckets import EVIDENCE
from storage.keys import folder
from storage.s3 import Store


def evidence_key(office: str | None, code: str, sha256: str) -> str:
    return f"{folder(office, code)}{sha256}.json"


def keep_evidence(store: Store, office: str | None, code: str, evidence: Evidence) -> str:
    """Write it once; its hash, for the record. Doing it again changes nothing."""
    sha256 = evidence.sha256()
    store.put_once(EVIDENCE, evidence_key(office, code, sha256), evidence.to_json().encode())
    return sha256


def evidence_of_record(store: Store, record: Record) -> Evidence | None:
    """What a record's rules looked at; None if the record is older than evidence is kept.

    Raises StoreError if it is not there, or not what the record names.
    """
    if record.evidence is None:
        return None
    found = store.get(EVIDENCE, evidence_key(record.office, record.dossier, record.evidence))
    if found is None:
        raise StoreError("evidence-missing", "the evidence of a record is not there")
    if hashlib.sha256(found.data).hexdigest() != record.evidence:
        raise StoreDamaged("evidence-damaged", "the evidence of a record is not what the record names")
    try:
        return Evidence.model_validate_json(found.data)
    except ValidationError:
        raise StoreDamaged("evidence-damaged", "the evidence of a record does not fit its schema") from None
