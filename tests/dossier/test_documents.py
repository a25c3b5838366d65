"""The catalogue of document types: what is wrong in a file is told with the file and the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossier.catalogue.documents import document_types
from dossier.errors import ConfigurationError

RECEIPT = """\
id: fee-receipt
title: Biên lai thu phí, lệ phí
titles: [BIÊN LAI THU PHÍ, LỆ PHÍ]
fields:
  full_name: {title: "Họ, tên người nộp", kind: person-name, labels: ["Họ, tên người nộp"]}
"""


def test_a_type_is_its_file_alone(tmp_path: Path) -> None:
    (tmp_path / "fee-receipt.yaml").write_text(RECEIPT, encoding="utf-8")
    found = document_types(tmp_path)
    assert found["fee-receipt"].fields["full_name"].reader == "label"


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("kind: person-name", "kind: persons-name", "fields.full_name.kind"),
        ("labels:", "lables:", "fields.full_name.lables"),
        ("title: Biên lai", "titel: Biên lai", "titel"),
        ("id: fee-receipt", "id: fee", "'fee'"),
        ("fields:", "fields: [", "line"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_key(tmp_path: Path, right: str, wrong: str, place: str) -> None:
    (tmp_path / "fee-receipt.yaml").write_text(RECEIPT.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"fee-receipt\.yaml") as caught:
        document_types(tmp_path)
    assert place in str(caught.value)
