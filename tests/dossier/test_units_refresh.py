"""The maintainer's tool that makes the lists, on a source of invented units."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dossier.catalogue.units.refresh import lines, read

OLD = [  # province, district, commune with their keys and codes
    ("tinha", "huyenx", "xahoa", "01", "Tỉnh A", "001", "Huyện X", "00001", "Xã Hòa"),
    ("tinha", "huyenx", "xaloc", "01", "Tỉnh A", "001", "Huyện X", "00002", "Xã Lộc"),
    ("tinhb", "huyeny", "xahoa", "02", "Tỉnh B", "002", "Huyện Y", "00003", "Xã Hòa"),
    ("tinhb", "huyeny", "xatho", "02", "Tỉnh B", "002", "Huyện Y", "00004", "Xã Thọ"),
    ("tinhb", "huyendao", None, "02", "Tỉnh B", "003", "Huyện Đảo", None, None),
]
NEW = [
    ("tinha", "xaloc", "01", "Tỉnh A", "00001", "Xã Lộc"),
    ("tinha", "xatho", "01", "Tỉnh A", "00003", "Xã Thọ"),
    ("tinha", "dackhudao", "01", "Tỉnh A", "00005", "Đặc khu Đảo"),
]
NOTHING: dict[str, Any] = {"changes": [], "codes": {}, "also": []}


def source(folder: Path, split: dict[str, list[str]], whole: dict[str, list[str]]) -> Path:
    with sqlite3.connect(folder / "dataset.db") as data:
        head = "provinceKey, districtKey, wardKey, provinceCode, province, districtCode, district, wardCode, ward"
        data.execute(f"create table admin_units_legacy ({head})")
        data.executemany("insert into admin_units_legacy values (?,?,?,?,?,?,?,?,?)", OLD)
        data.execute(
            "create table admin_units (provinceKey, wardKey, provinceCode, province, wardCode, ward)"
        )
        data.executemany("insert into admin_units values (?,?,?,?,?,?)", NEW)
    table = {
        "DICT_PROVINCE": {"tinha": ["tinha", "tinhb"]},
        "DICT_PROVINCE_WARD_NO_DIVIDED": {"tinha": whole},
        "DICT_PROVINCE_WARD_DIVIDED": {
            "tinha": {old: [{"newWardKey": new} for new in news] for old, news in split.items()}
        },
    }
    (folder / "converter_2025.json").write_text(json.dumps(table), encoding="utf-8")
    return folder


WHOLE = {"xaloc": ["tinha_huyenx_xaloc"], "xatho": ["tinhb_huyeny_xatho"], "dackhudao": ["tinhb_huyendao_"]}


def into(made: list[str]) -> dict[str, str]:
    return {cells[1]: cells[4] for cells in (line.split("\t") for line in made) if cells[0] == "c"}


def test_communes_of_one_name_keep_the_parts_of_their_own_district(tmp_path):
    both = ["xaloc", "xatho"]
    split = {"tinha_huyenx_xahoa": both, "tinhb_huyeny_xahoa": both}
    made = into(list(lines(read(source(tmp_path, split, WHOLE)), NOTHING)))
    assert made == {"00001": "00001", "00002": "00001", "00003": "00003", "00004": "00003"}


def test_a_commune_that_was_split_stays_split(tmp_path):
    split = {"tinha_huyenx_xahoa": ["xaloc", "xatho"], "tinhb_huyeny_xahoa": ["xatho", "dackhudao"]}
    made = into(list(lines(read(source(tmp_path, split, WHOLE)), NOTHING)))
    assert (made["00001"], made["00003"]) == ("00001 00003", "00003 00005")


def test_an_island_district_without_communes_goes_into_its_special_zone(tmp_path):
    split = {"tinha_huyenx_xahoa": ["xaloc", "xatho"], "tinhb_huyeny_xahoa": ["xatho", "xaloc"]}
    assert "d\t003\thuyện\tĐảo\t00005" in list(lines(read(source(tmp_path, split, WHOLE)), NOTHING))


def test_amendments_change_renumber_and_add(tmp_path):
    amendments = {
        "codes": {"00005": "00009"},
        "also": [{"old": ["xã Thọ", "huyện Y", "tỉnh B"], "new": ["đặc khu Đảo", "tỉnh A"]}],
        "changes": [
            {"since": "2026-04-30", "source": "NQ 1", "kind": "phường", "names": {"01": ["Lộc"]}},
            {"since": "2026-05-01", "source": "NQ 2", "kind": "thành phố", "codes": ["01"]},
        ],
    }
    made = list(lines(read(source(tmp_path, {}, WHOLE)), amendments))
    assert "C\t00009\tđặc khu\tĐảo\t" in made
    assert into(made)["00004"] == "00003 00009"
    assert made[-2:] == ["=\t2026-04-30\t00001\tphường\tLộc\tNQ 1", "=\t2026-05-01\t01\tthành phố\tA\tNQ 2"]


def test_an_amendment_that_names_no_unit_is_an_error(tmp_path):
    wrong = {**NOTHING, "also": [{"old": ["xã Không", "huyện Y", "tỉnh B"], "new": ["xã Thọ", "tỉnh A"]}]}
    with pytest.raises(ValueError, match="0 units"):
        list(lines(read(source(tmp_path, {}, WHOLE)), wrong))
