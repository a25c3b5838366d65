"""Views over Delta tables in the SQL of DuckDB: the same tables and columns as in a SQL target.

What a later version says of a row (standing, valid_from, valid_to, reason) is computed here, as in
storage.publication.standing. An event that was announced twice counts once.
"""

from __future__ import annotations

from collections.abc import Callable

from dossier.targets import DeltaTarget
from storage.publication.delta_rows import VERSIONS, delta_shapes
from storage.publication.shape import COMMON, typed_shapes

ANNOUNCED = """\
CREATE OR REPLACE VIEW {prefix}announced AS
SELECT * EXCLUDE (place) FROM (
  SELECT *, row_number() OVER (
    PARTITION BY office, dossier, version ORDER BY how = 'aside', feed_seq
  ) AS place
  FROM {versions}
) WHERE place = 1"""

LIVES = """\
CREATE OR REPLACE VIEW {prefix}lives AS
SELECT office, dossier, version, feed_seq, how,
  CASE WHEN following IS NULL THEN CASE state WHEN 'checked' THEN 'live' ELSE 'unchecked' END
       WHEN state = 'checked' AND following.state <> 'checked' THEN 'withdrawn'
       ELSE 'superseded' END AS standing,
  made_at AS valid_from,
  CASE WHEN following IS NOT NULL THEN greatest(made_at, following.made_at) END AS valid_to,
  CASE WHEN following IS NULL THEN NULL
       WHEN state = 'checked' AND following.state <> 'checked'
         THEN coalesce(following.told, 'version ' || following.version || ': ' || following.state)
       ELSE 'version ' || following.version END AS reason
FROM (
  SELECT *, lead({{'version': version, 'state': state, 'made_at': made_at, 'told': told}}) OVER (
    PARTITION BY office, dossier ORDER BY version
  ) AS following
  FROM {prefix}announced
)"""

ROWS = """\
CREATE OR REPLACE VIEW {prefix}{name} AS
SELECT {columns}
FROM {table} AS t JOIN {prefix}lives AS l
  ON l.office = t.office AND l.feed_seq = t.feed_seq AND l.how = 'handed'"""

CURRENT = """\
CREATE OR REPLACE VIEW {prefix}current_records AS
SELECT * FROM {prefix}records WHERE standing = 'live';

CREATE OR REPLACE VIEW {prefix}current_fields AS
SELECT r.valid_from, f.* FROM {prefix}fields AS f
JOIN {prefix}records AS r USING (office, dossier, version) WHERE r.standing = 'live'"""


def duckdb_views(
    target: DeltaTarget, address: str, prefix: str = "sohoa_", scan: Callable[[str], str] | None = None
) -> str:
    """The statements that make the views. address: of the tables, `s3://<bucket>/<target>`.

    scan: how a table is read at its address, by default `delta_scan('<address>')`.
    """
    read = scan or (lambda place: f"delta_scan('{place}')")
    made = [
        ANNOUNCED.format(prefix=prefix, versions=read(f"{address}/{VERSIONS.name}")),
        LIVES.format(prefix=prefix),
    ]
    shapes = delta_shapes(target)
    for shape in (*COMMON, *typed_shapes(target).values()):
        stored = {column.name for column in shapes[shape.name].columns}
        columns = [f"{'t' if c.name in stored else 'l'}.{c.name}" for c in shape.columns]
        made.append(
            ROWS.format(
                prefix=prefix,
                name=shape.name,
                columns=", ".join(columns),
                table=read(f"{address}/{shape.name}"),
            )
        )
    made.append(CURRENT.format(prefix=prefix))
    return ";\n\n".join(made) + ";\n"
