from datetime import date
from itertools import pairwise

import pytest
import yaml

from dossier.catalogue.procedures import procedure_on, procedure_versions
from dossier.codes import PROCEDURE
from dossier.errors import ConfigurationError

VERSIONS = [version for entries in procedure_versions().values() for version in entries]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda v: f"{v.id} {v.version}")
def test_every_version_is_whole(version):
    assert PROCEDURE.match(version.id)
    assert version.legal_basis
    ids = [requirement.id for requirement in version.requirements]
    assert len(ids) == len(set(ids))
    assert not {"result", "extra"} & set(ids)
    assert all(requirement.types for requirement in version.requirements)


@pytest.mark.parametrize("code", sorted(procedure_versions()))
def test_versions_of_a_procedure_follow_one_another_without_gap_or_overlap(code):
    entries = procedure_versions()[code]
    for earlier, later in pairwise(entries):
        assert earlier.valid_until is not None
        assert (later.valid_from - earlier.valid_until).days == 1
    assert len({entry.version for entry in entries}) == len(entries)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2025, 6, 30), "2024-06"),
        (date(2025, 7, 1), "2025-07"),
        (date(2025, 11, 15), "2025-11"),
        (date(2026, 11, 24), "2025-11"),
    ],
)
def test_the_version_is_that_of_the_reception_day(day, version):
    found = procedure_on("1.001193", day)
    assert found is not None
    assert found.version == version


def test_no_version_before_the_first():
    assert procedure_on("1.001193", date(2020, 1, 1)) is None
    assert procedure_on("9.999999", date(2026, 1, 1)) is None


def test_a_file_with_a_wrong_key_is_named(tmp_path):
    (tmp_path / "x.yaml").write_text(yaml.safe_dump([{"id": "1.000001", "colour": "red"}]), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"x\.yaml"):
        procedure_versions(tmp_path)
