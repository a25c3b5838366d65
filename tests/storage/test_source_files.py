"""Outside sources as files: what they say, what is wrong with them, and what happens when they change or go."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.errors import ConfigurationError, SourceAway
from dossier.sources import AgencyCertificate, CatalogueState, Holding, StatusEvent, Verification
from storage.sources.lists import BusinessLinesFile, CataloguesFile, CertificatesFile
from storage.sources.people import PopulationFile
from storage.sources.registers import ArchiveFile, DefectsFile, UpstreamFile, VerificationFile

LAN = "093195004321"
PEOPLE = "personal_id,full_name,date_of_birth,died_on,married_on\n"


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_people_are_found_by_number_with_what_happened_in_order(tmp_path: Path) -> None:
    file = written(
        tmp_path / "p.csv",
        PEOPLE
        + f"{LAN},Trần Thị Ngọc Lan,02/03/1995,2026-11-01,2020-05-06\n092060001234,Lê Văn Tám,1960,,\n",
    )
    source = PopulationFile(file)
    lan, tam = source.person(LAN), source.person("092060001234")
    assert lan is not None
    assert tam is not None
    assert (lan.full_name, lan.date_of_birth) == ("Trần Thị Ngọc Lan", date(1995, 3, 2))
    assert lan.events == (
        StatusEvent("marriage", date(2020, 5, 6)),
        StatusEvent("death", date(2026, 11, 1)),
    )
    assert (tam.birth_year, tam.date_of_birth, tam.events) == (1960, None, ())
    assert source.person("000000000000") is None


def test_a_file_as_spreadsheets_write_it_is_read(tmp_path: Path) -> None:
    file = written(
        tmp_path / "p.csv",
        b"\xef\xbb\xbf" + "Personal_ID;Full_name;Date_of_birth\r\n093195004321;Lan Thị;\r\n;;\r\n".encode(),
    )
    found = PopulationFile(file).person(LAN)
    assert found is not None
    assert found.birth_year is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("personal_id,full_name\n", "line 1: lacks the column date_of_birth"),
        ("personal_id,full_name,date_of_birth,full_name\n", "line 1: says twice the column full_name"),
        (PEOPLE + "12,Lan Thị,1995,,\n", "line 2, column personal_id"),
        (PEOPLE + f"{LAN},,1995,,\n", "line 2, column full_name: is empty"),
        (PEOPLE + f"{LAN},Lan Thị,1995,,\n\n{LAN},Lan Thị,31/02/1995,,\n", "line 4, column date_of_birth"),
        (PEOPLE + f"{LAN},Lan Thị,1995,,,,\n", "line 2: 7 cells for 5 columns"),
        (PEOPLE + f'{LAN},"Lan', "not a CSV file"),
        (PEOPLE.encode() + b"\xff\xfe", "not a CSV file in UTF-8"),
        ("", "line 1: lacks the column"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column_and_never_by_value(
    tmp_path: Path, text: str | bytes, place: str
) -> None:
    file = written(tmp_path / "p.csv", text)
    with pytest.raises(ConfigurationError) as caught:
        PopulationFile(file).check()
    assert place in caught.value.message
    for value in (LAN, "Lan Thị", "31/02"):
        assert value not in str(caught.value) + caught.value.advice


def test_nothing_is_read_before_it_is_asked(tmp_path: Path) -> None:
    source = PopulationFile(tmp_path / "later.csv")
    written(tmp_path / "later.csv", PEOPLE + f"{LAN},Lan Thị,1995,,\n")
    assert source.person(LAN) is not None


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    file = written(tmp_path / "p.csv", PEOPLE + f"{LAN},Lan Thị,1995,,\n")
    source = PopulationFile(file)
    assert source.person(LAN) is not None
    written(file, PEOPLE)
    os.utime(file, (1, 1))
    assert source.person(LAN) is None


def test_a_file_that_goes_or_breaks_while_we_work_is_a_source_that_is_away(tmp_path: Path) -> None:
    file = written(tmp_path / "p.csv", PEOPLE + f"{LAN},Lan Thị,1995,,\n")
    source = PopulationFile(file)
    source.check()
    written(file, PEOPLE + "not a number,x,y,,\n")
    with pytest.raises(SourceAway) as caught:
        source.person(LAN)
    assert "not a number" not in str(caught.value)
    file.unlink()
    with pytest.raises(SourceAway):
        source.person(LAN)
    with pytest.raises(ConfigurationError, match="source-unreadable"):
        source.check()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80) | st.text(max_size=60).map(lambda text: (PEOPLE + text).encode()))
def test_any_bytes_are_a_table_or_an_error_of_ours(tmp_path: Path, data: bytes) -> None:
    for source in (PopulationFile, CertificatesFile, VerificationFile):
        with suppress(ConfigurationError):
            source(written(tmp_path / "any.csv", data)).check()


def test_registers_of_dossiers(tmp_path: Path) -> None:
    log = VerificationFile(
        written(
            tmp_path / "log.csv",
            "dossier,subject,verified_on,by\nX1,identity,2026-11-02,tra cứu\nX1,identity,2026-11-01,\n",
        )
    )
    assert log.of("X1") == (Verification("identity", date(2026, 11, 2), "tra cứu"),)
    assert log.of("X2") == ()
    upstream = UpstreamFile(
        written(tmp_path / "up.csv", "dossier,arrived_on\nX1,2026-11-05\nX1,2026-11-04\n")
    )
    assert (upstream.arrived_on("X1"), upstream.arrived_on("X2")) == (date(2026, 11, 4), None)
    defects = DefectsFile(written(tmp_path / "d.csv", "dossier,returned_on\nX1,2026-11-05\n"))
    assert (defects.open_since("X1"), defects.open_since("X2")) == (date(2026, 11, 5), None)
    archive = ArchiveFile(written(tmp_path / "a.csv", "dossier,transfer_due\nX1,2030-01-01\n"))
    assert (archive.holding("X1"), archive.holding("X2")) == (Holding(transfer_due=date(2030, 1, 1)), None)


@pytest.mark.parametrize("row", ["X1,hair,2026-01-01", "X1,other,", ",other,2026-01-01"])
def test_a_register_with_a_wrong_cell_is_refused(tmp_path: Path, row: str) -> None:
    text = f"dossier,subject,verified_on\n{row}\n"
    with pytest.raises(ConfigurationError, match="line 2"):
        VerificationFile(written(tmp_path / "log.csv", text)).check()


def test_lists_of_others(tmp_path: Path) -> None:
    capitals = ":".join(["AB"] * 32)
    certificates = CertificatesFile(
        written(tmp_path / "c.csv", f"certificate_sha256,agency,revoked_on\n{capitals},UBND xã,01/02/2026\n")
    )
    assert certificates.holder("ab" * 32) == AgencyCertificate("UBND xã", date(2026, 2, 1))
    assert certificates.holder("cd" * 32) is None
    lines = BusinessLinesFile(written(tmp_path / "v.csv", "code,name\n4721,Bán lẻ lương thực\n"))
    assert (lines.name("4721"), lines.name("9999")) == ("Bán lẻ lương thực", None)
    lists = CataloguesFile(
        written(tmp_path / "l.csv", "name,version,refreshed_on\nunits,v2,2026-11-02\nunits,v1,2026-10-01\n")
    )
    assert lists.states() == (CatalogueState("units", "v2", date(2026, 11, 2)),)
