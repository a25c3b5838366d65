"""Older records, read by today's program: from each version of the record's schema to the next, one pure function.

What is stored is never written anew: a record keeps its bytes and their hash for ever, and is brought up to date each
time that it is read. When the schema's version goes up, a step from the version before is added here, and a record of
that version to the older records of the tests.

`sohoa/record/1` is what docs/record.schema.json says today. Since the first records of /1 keys were added and none
changed its meaning or left: `handwritten`, `read`, `against`, `reused_from`, places of witnesses, `decisions`,
`evidence`, `changes`, `grade`, `paper_grades`. A record without them is a whole record of /1: each has a default that
says "not kept then". From now on a new key that older programs would refuse makes a new version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from dossier.errors import TerminalError
from dossier.record import RECORD_SCHEMA

Said = dict[str, Any]
Step = Callable[[Said], Said]


class Migrations:
    """The versions of one schema, `<name>/<number>`. steps: by the number that they start from, up to `newest` - 1."""

    def __init__(self, newest: str, steps: Mapping[int, Step]) -> None:
        self.name, number = newest.rsplit("/", 1)
        self.newest = int(number)
        self._steps = dict(steps)
        if sorted(self._steps) != list(range(1, self.newest)):
            raise ValueError(f"{newest}: there must be one step from each older version")

    def upgraded(self, said: Said) -> Said:
        """A JSON object of any version that was ever published, as one of the newest. `said` is left as it is.

        Raises TerminalError: `record-newer` for a version that this program is too old for, `record-schema-unknown`
        for what names no version of this schema.
        """
        number = self._number(said.get("schema"))
        if number > self.newest:
            raise TerminalError(
                "record-newer",
                f"a record has schema {self.name}/{number}; this program knows up to {self.newest}: upgrade it",
                "Hồ sơ này do phiên bản Sohoa mới hơn ghi. Hãy nâng cấp chương trình rồi mở lại.",
            )
        for version in range(number, self.newest):
            said = self._steps[version](said) | {"schema": f"{self.name}/{version + 1}"}
        return said

    def _number(self, schema: object) -> int:
        name, _, number = schema.rpartition("/") if isinstance(schema, str) else ("", "", "")
        plain = number.isascii() and number.isdigit() and len(number) < 10 and not number.startswith("0")
        if name != self.name or not plain:
            raise TerminalError("record-schema-unknown", f"an object among the records is no {self.name}")
        return int(number)


RECORD_MIGRATIONS: Final = Migrations(RECORD_SCHEMA, {})
