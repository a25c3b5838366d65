"""What of a record goes into the index, as rows: a function of the record and the hash alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import Table

from dossier.calendar import VIETNAM
from dossier.catalogue.documents import document_types
from dossier.kinds.people import PERSONAL
from dossier.lapses import due_on, last_day
from dossier.people import Person, people
from dossier.record import Component, Finding, Record
from dossier.text.vietnamese import tone_key
from storage.index.tables import components, dossiers, findings, identifiers, sources
from storage.keys import NO_OFFICE

Hash = Callable[..., str]
Row = dict[str, Any]

_PERSON = re.compile(r"(^|_)personal_id$")
_ISSUERS = ("issuer", "registration_office")
_ISSUED = ("issue_date", "registration_date", "declaration_date")


def rows(record: Record, hash_of: Hash) -> dict[Table, list[Row]]:
    """Rows by table, parents first. No value of a field is among them but dates of issue; identifiers are hashed."""
    at = {"office": record.office or NO_OFFICE, "code": record.dossier}
    return {
        dossiers: [at | _dossier(record)],
        components: [at | _component(component, hash_of) for component in record.components],
        sources: [
            at | {"component": component.id, "sha256": sha256}
            for component in record.components
            if component.reused_from is None  # what came with these bytes is told of where they were dropped
            for sha256 in sorted({source.sha256 for source in component.sources})
        ],
        identifiers: [
            at | {"component": component.id, **identifier}
            for component in record.components
            for identifier in _identifiers(component, hash_of)
        ],
        findings: [at | _finding(finding) for finding in record.findings if is_open(finding)],
    }


def is_open(finding: Finding) -> bool:
    """Whether somebody may have to do something about it."""
    return finding.verdict in ("FAIL", "UNKNOWN")


def _dossier(record: Record) -> Row:
    def count(severity: str, verdict: str) -> int:
        return sum(f.severity == severity and f.verdict == verdict for f in record.findings)

    return {
        "version": record.version,
        "procedure": record.procedure.id if record.procedure else None,
        "state": record.state,
        "received": record.times.get("received", record.times["made"]).astimezone(UTC).isoformat(),
        "made": record.times["made"].isoformat(),
        "due_on": (day := due_on(record, record.times["made"].astimezone(VIETNAM).date()))
        and day.isoformat(),
        "basis": basis(record.made_by),
        "open_since": None if record.state == "checked" else _open_since(record),
        "submitted_by": record.manifest.get("submitted_by"),
        "block_fail": count("BLOCK", "FAIL"),
        "block_unknown": count("BLOCK", "UNKNOWN"),
        "warn_fail": count("WARN", "FAIL"),
        "refused_files": len(record.refused),
    } | {
        f"score_{word}": record.scores.get(word)
        for word in ("correct", "sufficient", "clean", "live", "total")
    }


def basis(made_by: Mapping[str, Any]) -> str:
    """The catalogue and the rules by which a record was judged: others may judge it otherwise."""
    return f"{made_by.get('catalogue', '')}-{made_by.get('rules', '')}"


def _open_since(record: Record) -> str:
    """Since when something is to be done about it: the first of its versions in a row that were not checked."""
    return record.times.get("open_since", record.times["made"]).isoformat()


def _component(component: Component, hash_of: Hash) -> Row:
    issuer = next((value for name in _ISSUERS if (value := component.value(name))), None)
    number = component.value("number")
    last = last_day(component, document_types().get(component.type))
    return {
        "component": component.id,
        "type": component.type,
        "role": component.role,
        "issue_date": next((value for name in _ISSUED if (value := component.value(name))), None),
        "good_until": last.isoformat() if last else None,
        "reused": int(component.reused_from is not None),
        "result_hash": hash_of("result", component.type, tone_key(issuer), number.casefold())
        if issuer and number
        else None,
    }


def _identifiers(component: Component, hash_of: Hash) -> Iterator[Row]:
    known = document_types().get(component.type)
    owners = {one.id.name: one for one in people([component], document_types()) if one.id is not None}
    for field in component.fields:
        specification = known.fields.get(field.name) if known else None
        is_person = bool(_PERSON.search(field.name)) or bool(specification and specification.kind in PERSONAL)
        if field.value and is_person:
            told = _told(owners.get(field.name), field.value, hash_of)
            yield {"field": field.name, "hash": hash_of("person", field.value), **told}
        elif field.value and specification and specification.identifier:
            row = {"field": field.name, "hash": hash_of(field.name, field.value)}
            yield row | {"name_hash": None, "birth_hash": None}


def _told(person: Person | None, number: str, hash_of: Hash) -> Row:
    """Name and whole date of birth beside a person's number, hashed with it; None where the paper does not tell."""
    name = person.fields.get("name") if person else None
    birth = person.fields.get("birth") if person else None
    return {
        "name_hash": person_hash(hash_of, "name", number, tone_key(name.value))
        if name and name.value
        else None,
        "birth_hash": person_hash(hash_of, "birth", number, birth.value) if birth and birth.value else None,
    }


def person_hash(hash_of: Hash, what: str, number: str, told: str) -> str:
    """The hash of what is told of the person with this number. what: `name` (by its tone_key), `birth`."""
    return hash_of("person", what, number, told)


def _finding(finding: Finding) -> Row:
    return {
        "rule": finding.rule,
        "word": finding.word,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "component": finding.component,
        "page": finding.page,
    }
