"""The tables of the derived index. Times and dates are ISO 8601 text: the same in SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib

from sqlalchemy import Column, Float, ForeignKeyConstraint, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()


def _of_dossier() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["office", "code"], ["dossiers.office", "dossiers.code"])


dossiers = Table(
    "dossiers",
    metadata,
    Column("office", String(64), primary_key=True),
    Column("code", String(255), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("procedure", String(64)),
    Column("state", String(16), nullable=False, index=True),
    Column("received", String(40), nullable=False),
    Column("made", String(40), nullable=False, index=True),
    Column("due_on", String(10), index=True),
    Column("basis", String(40), nullable=False, index=True),
    Column("open_since", String(40)),
    Column("submitted_by", String(16)),
    Column("block_fail", Integer, nullable=False),
    Column("block_unknown", Integer, nullable=False),
    Column("warn_fail", Integer, nullable=False),
    Column("refused_files", Integer, nullable=False),
    Column("score_correct", Float),
    Column("score_sufficient", Float),
    Column("score_clean", Float),
    Column("score_live", Float),
    Column("score_total", Float),
)

components = Table(
    "components",
    metadata,
    Column("office", String(64), primary_key=True),
    Column("code", String(255), primary_key=True),
    Column("component", String(255), primary_key=True),
    Column("type", String(64), nullable=False),
    Column("role", String(64), nullable=False),
    Column("issue_date", String(10)),
    Column("good_until", String(10)),
    Column("reused", Integer, nullable=False),
    Column("result_hash", String(64), index=True),
    _of_dossier(),
)

sources = Table(
    "sources",
    metadata,
    Column("office", String(64), nullable=False),
    Column("code", String(255), nullable=False),
    Column("component", String(255), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    _of_dossier(),
    Index("sources_of", "office", "code"),
)

identifiers = Table(
    "identifiers",
    metadata,
    Column("office", String(64), nullable=False),
    Column("code", String(255), nullable=False),
    Column("component", String(255), nullable=False),
    Column("field", String(64), nullable=False),
    Column("hash", String(64), nullable=False, index=True),
    # What the paper tells of the person with this number, hashed with it: equal hashes never tell who shares a name.
    Column("name_hash", String(64)),
    Column("birth_hash", String(64)),
    _of_dossier(),
    Index("identifiers_of", "office", "code"),
)

findings = Table(
    "findings",
    metadata,
    Column("office", String(64), nullable=False),
    Column("code", String(255), nullable=False),
    Column("rule", String(32), nullable=False, index=True),
    Column("word", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("component", String(255)),
    Column("page", Integer),
    _of_dossier(),
    Index("findings_of", "office", "code"),
)

# What the derived tables look like: an index of another program version is thrown away and made anew.
layout = Table("layout", metadata, Column("fingerprint", String(64), primary_key=True))

# Not derived from records either: how far the recheck has seen. Losing it costs a longer look, no truth.
watermarks = Table(
    "watermarks",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", String(64), nullable=False),
)

# Not derived from records: what went wrong lately, for people. Losing it loses no truth.
errors = Table(
    "errors",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("office", String(64), nullable=False),
    Column("code", String(255), nullable=False),
    Column("error", String(64), nullable=False),
    Column("message", Text, nullable=False),
)

DERIVED = (dossiers, components, sources, identifiers, findings)


def fingerprint() -> str:
    """A hash of the names, types and columns of the derived tables."""
    shape = [(table.name, [(c.name, str(c.type), c.nullable) for c in table.columns]) for table in DERIVED]
    return hashlib.sha256(repr(shape).encode()).hexdigest()
