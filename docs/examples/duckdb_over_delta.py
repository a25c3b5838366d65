"""DuckDB over the Delta tables of a Sohoa store: the live birth certificates of an office.

    pip install duckdb==1.5.5 duckdb-extension-httpfs==1.5.5 duckdb-extension-delta==1.5.5
    export SOHOA_S3=host:9000 SOHOA_KEY=… SOHOA_SECRET=…        # keys of the reader, from the administrator
    python duckdb_over_delta.py s3://analytics/lake H13.96.31

The extensions come from their packages, so that no machine needs the internet. Outside, `INSTALL delta` does it too.
"""

import os
import sys
from importlib.resources import files

import duckdb


def connect(endpoint: str, key: str, secret: str, secure: bool = False) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    db.execute("SET autoinstall_known_extensions = false; SET TimeZone = 'UTC'")
    for name in ("httpfs", "delta"):
        place = (
            files(f"duckdb_extension_{name}") / f"extensions/v{duckdb.__version__}/{name}.duckdb_extension"
        )
        db.execute(f"LOAD '{place}'")
    db.execute(
        f"CREATE SECRET (TYPE s3, ENDPOINT '{endpoint}', KEY_ID '{key}', SECRET '{secret}', REGION 'us-east-1', "
        f"URL_STYLE 'path', USE_SSL {secure})"
    )
    return db


def make_views(db: duckdb.DuckDBPyConnection, tables: str) -> None:
    """The views lie beside the tables, as SQL: sohoa_records, sohoa_fields, sohoa_birth_certificate, ..."""
    (views,) = db.execute("SELECT content FROM read_text(?)", [f"{tables}/views.sql"]).fetchone()
    db.execute(views)


def main(tables: str, office: str) -> None:
    secure = os.environ.get("SOHOA_TLS", "") == "yes"
    db = connect(os.environ["SOHOA_S3"], os.environ["SOHOA_KEY"], os.environ["SOHOA_SECRET"], secure)
    make_views(db, tables)
    found = db.execute(
        """
        SELECT dossier, version, number, full_name, date_of_birth
        FROM sohoa_birth_certificate WHERE office = $office AND standing = 'live' ORDER BY number
        """,
        {"office": office},
    )
    for row in found.fetchall():
        print(*row, sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
