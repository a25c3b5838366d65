"""What is kept already of other dossiers, as the rules ask it (validators.case.EarlierRecords)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, and_, select, tuple_

from dossier.earlier import Earlier
from dossier.text.vietnamese import tone_key
from storage.index.rows import person_hash
from storage.index.tables import components, dossiers, identifiers, sources
from storage.keys import NO_OFFICE


class EarlierQuestions(ABC):
    """The questions, over an index that can hash and begin."""

    @abstractmethod
    def hash(self, *parts: str) -> str:
        """The keyed hash of an identifier, or of several that stand together."""

    @abstractmethod
    def _begin(self, write: bool = False) -> AbstractContextManager[Connection]: ...

    def same_file(self, sha256: str, dossier: str) -> tuple[Earlier, ...]:
        """Components of other dossiers that came from the same bytes."""
        at = tuple_(components.c.office, components.c.code, components.c.component)
        inner = select(sources.c.office, sources.c.code, sources.c.component).where(
            sources.c.sha256 == sha256
        )
        return self._earlier(dossier, at.in_(inner))

    def same_result(self, type: str, issuer: str, number: str, dossier: str) -> tuple[Earlier, ...]:
        """Results of other dossiers with the same type, issuer and number."""
        result = self.hash("result", type, tone_key(issuer), number.casefold())
        return self._earlier(dossier, components.c.role == "result", components.c.result_hash == result)

    def same_matter(self, type: str, personal_id: str, dossier: str) -> tuple[Earlier, ...]:
        """Results of other dossiers of the same type on the same person."""
        at = tuple_(components.c.office, components.c.code, components.c.component)
        inner = select(identifiers.c.office, identifiers.c.code, identifiers.c.component).where(
            identifiers.c.hash == self.hash("person", personal_id)
        )
        return self._earlier(dossier, components.c.type == type, components.c.role == "result", at.in_(inner))

    def reusable(
        self, office: str | None, dossier: str, type: str, fields: Sequence[str], personal_id: str, on: date
    ) -> tuple[Earlier, ...]:
        """Papers that need not be handed in again (validators.case.EarlierRecords). Copies of others are none.

        Of a person's papers of a type only the newest counts, in whatever dossier it is: what came before it is
        overtaken.
        """
        c, d, i = components.c, dossiers.c, identifiers.c
        query = (
            select(components, d.version, d.state, d.made)
            .distinct()
            .join(identifiers, and_(i.office == c.office, i.code == c.code, i.component == c.component))
            .join(dossiers, and_(d.office == c.office, d.code == c.code))
            .where(i.hash == self.hash("person", personal_id), i.field.in_(fields), c.type == type)
            .where(c.office == (office or NO_OFFICE), c.code != dossier, c.reused == 0)
            .order_by(d.made.desc(), c.code, c.component)
        )
        with self._begin() as connection:
            found = connection.execute(query).all()
        newest = max((row.issue_date or "" for row in found), default="")
        return tuple(
            _earlier(row)
            for row in found
            if row.state == "checked"
            and (row.issue_date or "") == newest
            and (row.good_until is None or row.good_until >= on.isoformat())
        )

    def open_dossiers(self, procedure: str, personal_id: str, dossier: str) -> tuple[str, ...]:
        """Codes of other dossiers of the same procedure and person that have not ended checked."""
        inner = select(identifiers.c.office, identifiers.c.code).where(
            identifiers.c.hash == self.hash("person", personal_id)
        )
        query = select(dossiers.c.code).where(
            dossiers.c.procedure == procedure,
            dossiers.c.state != "checked",
            dossiers.c.code != dossier,
            tuple_(dossiers.c.office, dossiers.c.code).in_(inner),
        )
        with self._begin() as connection:
            return tuple(sorted(set(connection.execute(query).scalars())))

    def same_person_otherwise(
        self, personal_id: str, name_key: str, birth: str | None, dossier: str, before: datetime
    ) -> tuple[Earlier, ...]:
        """Papers of other dossiers, checked and received before, with another name or date of birth of this number."""
        other = identifiers.c.name_hash != person_hash(self.hash, "name", personal_id, name_key)
        if birth is not None:
            other |= identifiers.c.birth_hash != person_hash(self.hash, "birth", personal_id, birth)
        at = tuple_(components.c.office, components.c.code, components.c.component)
        inner = select(identifiers.c.office, identifiers.c.code, identifiers.c.component).where(
            identifiers.c.hash == self.hash("person", personal_id), other
        )
        return self._earlier(
            dossier,
            at.in_(inner),
            dossiers.c.state == "checked",
            dossiers.c.received < before.astimezone(UTC).isoformat(),
        )

    def _earlier(self, dossier: str, *where: Any) -> tuple[Earlier, ...]:
        query = (
            select(components, dossiers.c.version)
            .join(
                dossiers, (dossiers.c.office == components.c.office) & (dossiers.c.code == components.c.code)
            )
            .where(components.c.code != dossier, *where)
            .order_by(components.c.office, components.c.code, components.c.component)
        )
        with self._begin() as connection:
            return tuple(map(_earlier, connection.execute(query)))


def _earlier(row: Any) -> Earlier:
    return Earlier(
        dossier=row.code,
        version=row.version,
        component=row.component,
        type=row.type,
        issue_date=date.fromisoformat(row.issue_date) if row.issue_date else None,
    )
