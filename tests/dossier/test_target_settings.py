from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dossier.errors import ConfigurationError
from dossier.settings import load_settings
from dossier.targets import SqlTarget

SQL = {"kind": "sql", "url": "postgresql://someone:secret@db/civil"}


def wrong(**changes: Any) -> str:
    with pytest.raises(ValidationError) as told:
        SqlTarget.model_validate(SQL | changes)
    return str(told.value)


def test_targets_are_read_from_the_settings_file_and_their_urls_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(tmp_path, "sohoa.toml").write_text(
        "[targets.civil]\nkind = 'sql'\noffices = ['H13.96.31']\ntypes = ['birth-certificate']\n"
        "[targets.civil.mapping.birth-certificate]\ntable = 'khai_sinh'\ncolumns = {full_name = 'ho_ten'}\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOHOA_TARGETS__CIVIL__URL", SQL["url"])
    settings = load_settings()
    target = settings.targets["civil"]
    assert isinstance(target, SqlTarget)
    assert target.table_of("birth-certificate") == "khai_sinh"
    assert target.columns_of("birth-certificate") == {"full_name": "ho_ten"}
    assert target.states == ("checked",)
    assert "someone:secret" not in repr(settings)


def test_a_wrong_target_is_refused_by_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(tmp_path, "sohoa.toml").write_text("[targets.civil]\nkind = 'sql'\nurl = 'x'\nfoo = 1\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=r"targets\.civil.*foo"):
        load_settings()


def test_two_targets_do_not_share_their_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(tmp_path, "sohoa.toml").write_text(
        "[targets.a]\nkind = 'sql'\nurl = 'sqlite:///x'\n[targets.b]\nkind = 'sql'\nurl = 'sqlite:///x'\n"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="a and b write into the same tables"):
        load_settings()
    monkeypatch.setenv("SOHOA_TARGETS__B__PREFIX", "b_")
    assert len(load_settings().targets) == 2


def test_a_mapping_is_held_against_the_catalogue() -> None:
    assert "no document type is called 'birth'" in wrong(types=["birth"])
    assert "no document type is called 'birth'" in wrong(mapping={"birth": {}})
    field = {"birth-certificate": {"columns": {"fullname": "a"}}}
    assert "has no field fullname" in wrong(mapping=field)


def test_names_that_meet_are_refused() -> None:
    def columns(**names: str) -> str:
        return wrong(mapping={"citizen-id-card": {"columns": names}})

    assert "named twice: a" in columns(full_name="a", sex="a")
    assert "a column standing of its own" in columns(full_name="standing")
    assert "there is a column a_unlimited already" in columns(expiry_date="a", sex="a_unlimited")
    assert "the table records is there already" in wrong(mapping={"decision": {"table": "records"}})
    assert "the table decision is there already" in wrong(mapping={"birth-notice": {"table": "decision"}})


def test_names_that_databases_do_not_take_are_refused() -> None:
    for name in ("Họ tên", "a b", "1a", "a" * 41, 'a"b', ""):
        assert "mapping" in wrong(mapping={"decision": {"table": name}})
    assert "prefix" in wrong(prefix='a"')
    assert "schema" in wrong(schema="a.b")
