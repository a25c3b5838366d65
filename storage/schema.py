"""The JSON Schema of records. `python -m storage.schema > docs/record.schema.json` publishes it."""

from __future__ import annotations

import json
import sys
from typing import Any

from dossier.record import RECORD_SCHEMA, Record


def record_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of `record.json`."""
    schema = Record.model_json_schema(mode="serialization", by_alias=True)
    # The model may be asked for any name; what is published is this one.
    schema["properties"]["schema"] = {"const": RECORD_SCHEMA}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{RECORD_SCHEMA.replace('/', ':')}",
        **schema,
        "title": "Sohoa record",
    }


def schema_text() -> str:
    return json.dumps(record_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
