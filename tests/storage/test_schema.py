from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dossier.record import Record
from storage.schema import record_schema, schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "record.schema.json"


@pytest.fixture
def validator() -> Draft202012Validator:
    schema = record_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_published_schema_is_up_to_date() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), (
        "run: python -m storage.schema > docs/record.schema.json"
    )


def test_a_record_fits_the_schema(validator: Draft202012Validator, record: Record) -> None:
    validator.validate(json.loads(record.to_json()))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("state", "fine"),
        ("version", 0),
        ("schema", "other/1"),
        ("drop", [{"name": "a", "sha256": "x"}]),
        ("more", 1),
    ],
)
def test_what_is_no_record_does_not_fit(
    validator: Draft202012Validator, record: Record, key: str, value: Any
) -> None:
    assert not validator.is_valid(json.loads(record.to_json()) | {key: value})
