"""Checks of what a version is: its code, name, days in force, basis, time limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from dossier.catalogue.checks import Catalogue, Problem, check
from dossier.catalogue.procedures import Procedure
from dossier.codes import PROCEDURE

DAY = timedelta(days=1)


@check("file-name")
def _file_name(catalogue: Catalogue) -> Iterator[Problem]:
    for file, version in catalogue.versions():
        if file != f"{version.id}.yaml":
            text = f"Thủ tục {version.id} nằm trong tệp {file}: tên tệp phải là mã thủ tục."
            yield Problem("file-name", file, text, version.version)
        if not PROCEDURE.fullmatch(version.id):
            yield Problem("file-name", file, f"Mã thủ tục “{version.id}” sai mẫu.", version.version)


@check("version-name")
def _version_name(catalogue: Catalogue) -> Iterator[Problem]:
    for file, version in catalogue.versions():
        wanted = f"{version.valid_from:%Y-%m}"
        if version.version != wanted:
            text = f"Phiên bản phải mang tên năm và tháng bắt đầu hiệu lực: {wanted}."
            yield Problem("version-name", file, text, version.version)


@check("days")
def _days(catalogue: Catalogue) -> Iterator[Problem]:
    """Versions of a procedure follow one another without gap or overlap; the last is open or ended on purpose."""
    for file, versions in _by_procedure(catalogue):
        for version in versions:
            if version.valid_until is not None and version.valid_until < version.valid_from:
                yield Problem("days", file, "Hết hiệu lực trước khi bắt đầu.", version.version)
        for earlier, later in pairwise(sorted(versions, key=lambda v: v.valid_from)):
            if earlier.valid_until is None or earlier.valid_until >= later.valid_from:
                text = f"Chồng ngày hiệu lực với phiên bản {later.version}."
                yield Problem("days", file, text, earlier.version)
            elif earlier.valid_until + DAY < later.valid_from:
                first, last = earlier.valid_until + DAY, later.valid_from - DAY
                text = f"Từ {first:%d/%m/%Y} đến {last:%d/%m/%Y} không có phiên bản nào."
                yield Problem("days", file, text, earlier.version)


def _by_procedure(catalogue: Catalogue) -> Iterator[tuple[str, list[Procedure]]]:
    found: dict[str, list[Procedure]] = defaultdict(list)
    at: dict[str, str] = {}
    for file, version in catalogue.versions():
        found[version.id].append(version)
        at.setdefault(version.id, file)
    for id, versions in found.items():
        yield at[id], versions


@check("same-version")
def _same_version(catalogue: Catalogue) -> Iterator[Problem]:
    for file, versions in _by_procedure(catalogue):
        names = [version.version for version in versions]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem("same-version", file, f"Có {names.count(name)} phiên bản cùng tên {name}.", name)


@check("legal-basis")
def _legal_basis(catalogue: Catalogue) -> Iterator[Problem]:
    for file, version in catalogue.versions():
        if not any(basis.strip() for basis in version.legal_basis):
            yield Problem("legal-basis", file, "Chưa ghi căn cứ pháp lý.", version.version)


@check("time-limit")
def _time_limit(catalogue: Catalogue) -> Iterator[Problem]:
    """A time limit that is not known is said to be unsure; one for checking is not below the ordinary one."""
    for file, version in catalogue.versions():
        days, checking = version.time_limit_days, version.time_limit_checking
        if days is None and not version.unsure:
            text = "Chưa ghi thời hạn giải quyết; nếu chưa biết thì nói rõ ở unsure."
            yield Problem("time-limit", file, text, version.version)
        if checking is not None and (days is None or checking < days):
            text = "Thời hạn khi phải xác minh ngắn hơn thời hạn thường."
            yield Problem("time-limit", file, text, version.version)
