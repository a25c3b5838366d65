"""`dossier.json` comes from anybody: whatever it holds, it is a manifest or a fault that is told."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.drop import LOOKUPS, Lookup, Manifest
from dossier.errors import ManifestError

KEYS = (*Manifest.model_fields, *Lookup.model_fields, "name", "sha256", "type")
WHOLE = json.dumps(
    {
        "dossier": "H13.96.31-260915-0001",
        "office": "H13.96.31",
        "received_at": "2026-09-15T08:00:00+07:00",
        "submitted_by": "citizen",
        "files": [{"name": "to-khai.pdf", "type": "birth-declaration"}],
        "facts": {"delegated": True},
        "lookups": [
            {
                "requirement": "residence",
                "source": "population-database",
                "at": "2026-09-15T08:10:00",
                "answer": "found",
            }
        ],
    }
).encode()
THINGS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def parsed(data: bytes) -> None:
    with contextlib.suppress(ManifestError):
        manifest = Manifest.parse(data)
        assert manifest.dossier
        assert Manifest.parse(manifest.model_dump_json()) == manifest


@given(st.binary(max_size=200))
def test_any_bytes_are_a_manifest_or_a_fault(data: bytes) -> None:
    parsed(data)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(KEYS), THINGS))
def test_any_json_is_a_manifest_or_a_fault(things: dict[str, object]) -> None:
    parsed(json.dumps({"dossier": "a"} | things).encode())


@given(at=st.integers(0, len(WHOLE) - 1), length=st.integers(0, 8), what=st.binary(max_size=8))
def test_a_damaged_manifest_is_a_manifest_or_a_fault(at: int, length: int, what: bytes) -> None:
    parsed(WHOLE[:at] + what + WHOLE[at + length :])


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"requirement": "Nơi cư trú"}, "lookups.0.requirement"),
        ({"source": "x" * 65}, "lookups.0.source"),
        ({"at": "1999-01-01T00:00:00Z"}, "lookups.0.at"),
        ({"answer": "maybe"}, "lookups.0.answer"),
        ({"name": "Trần Thị Ngọc Lan"}, "lookups.0.name"),
    ],
)
def test_a_wrong_lookup_is_told_by_its_place(change: dict[str, str], place: str) -> None:
    said = json.loads(WHOLE)
    said["lookups"][0] |= change
    with pytest.raises(ManifestError) as raised:
        Manifest.parse(json.dumps(said))
    assert place in raised.value.advice
    assert "Sửa lại" in raised.value.advice


def test_lookups_are_bounded() -> None:
    said = json.loads(WHOLE)
    said["lookups"] *= LOOKUPS + 1
    with pytest.raises(ManifestError):
        Manifest.parse(json.dumps(said))


def test_numbers_without_end_and_depth_without_end_are_faults() -> None:
    for inside in ("9" * 100_000, "[" * 100_000, '{"a":' * 100_000, "1e999"):
        for key in ("received_at", "facts", "applicant", "files"):
            parsed(f'{{"dossier": "a", "{key}": {inside}}}'.encode())
