"""Files as archives take them: the version of a PDF, the name of a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from dossier.drop import extension
from dossier.filenames import is_standard_name, standard_name
from validators.case import Case
from validators.look import paper
from validators.registry import Outcome, rule

OLDEST_PDF = (1, 4)
# Codes of refusals (dossier.errors) after which the kind of the content is not known.
_NO_KIND = frozenset({"empty-file", "unsupported-type", "too-large"})


@rule(
    "S13",
    word="clean",
    severity="BLOCK",
    object="tệp PDF",
    title="PDF từ phiên bản 1.4 trở lên",
    reason="Bản lưu trữ là PDF/A (PDF 1.4 trở lên), hai lớp. Tệp nộp vào có phiên bản cũ hơn thì chỉ nhắc.",
    source="Nghị định 30/2020/NĐ-CP, Phụ lục I; CV 7197/BKHCN-CĐSQG; TCVN 14159-1:2024",
    since=date(2020, 3, 5),
    uses=("pdf-versions",),
)
def pdf_is_recent(case: Case) -> Iterator[Outcome]:
    refused = {entry.file for entry in case.refused}
    old: dict[str, str] = {}
    for file in case.files:
        if file.name in refused or extension(file.name) != "pdf":
            continue
        told = _version(case.pdf_versions.get(file.sha256, ""))
        # The text binds the archive copy; what was dropped can be made anew in any version.
        if told is None:
            reason = "Chưa biết phiên bản PDF của tệp. Xuất lại PDF 1.4 trở lên nếu cần lưu trữ."
            yield Outcome("UNKNOWN", reason, file=file.name, severity="INFO")
        elif told < OLDEST_PDF:
            old[file.name] = ".".join(map(str, told))
        else:
            yield Outcome("PASS", "Tệp là PDF từ 1.4 trở lên.", file=file.name, severity="INFO")
    if old:
        versions = ", ".join(sorted(set(old.values())))
        reason = f"{_told(old)} là PDF {versions}, cũ hơn 1.4. Vẫn nhận; lần sau đặt máy quét xuất PDF/A."
        yield Outcome("FAIL", reason, file=_only(old), severity="INFO")


def _told(names: Collection[str]) -> str:
    return "Tệp" if len(names) == 1 else f"Có {len(names)} tệp"


def _only(names: Collection[str]) -> str | None:
    """The file to point at; None if there are several: one note of them all is read, one for each is not."""
    return next(iter(names)) if len(names) == 1 else None


def _version(text: str) -> tuple[int, int] | None:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else None


@rule(
    "S15",
    word="clean",
    severity="INFO",
    object="tên tệp",
    title="Tên tệp theo mẫu lưu trữ, đuôi đúng loại",
    reason="Tên MÃ_NĂMTHÁNGNGÀY_MÔTẢ.ĐUÔI không dấu, đuôi đúng nội dung; khác thì nêu tên theo mẫu, tên nộp vẫn giữ.",
    source="CV 7197/BKHCN-CĐSQG",
    since=date(2025, 11, 29),
)
def names_fit_the_archive(case: Case) -> Iterator[Outcome]:
    refused = {entry.file: entry.code for entry in case.refused}
    own: list[str] = []
    for file in case.files:
        code = refused.get(file.name)
        if code == "wrong-extension":
            reason = "Đuôi tên tệp không khớp nội dung. Đổi đuôi cho đúng rồi nộp lại tệp này."
            yield Outcome("FAIL", reason, file=file.name)
        elif code in _NO_KIND:
            reason = "Không biết nội dung tệp là loại gì nên chưa xét được tên. Quét lại rồi nộp lại tệp này."
            yield Outcome("UNKNOWN", reason, file=file.name)
        elif is_standard_name(file.name):
            yield Outcome("PASS", "Tên tệp đúng mẫu lưu trữ.", file=file.name)
        else:
            own.append(file.name)
    if own:
        stored = standard_name(case.dossier, case.received_on, _paper(case, own[0]), extension(own[0]))
        like = "tên theo mẫu là" if len(own) == 1 else "tên theo mẫu có dạng"
        reason = (
            f"{_told(own)} có tên không theo mẫu lưu trữ. Không phải sửa, tên nộp vẫn giữ; {like} {stored}."
        )
        yield Outcome("FAIL", reason, file=_only(own))


def _paper(case: Case, file: str) -> str:
    """What lies in a file: the first paper of it, nothing if there is none."""
    inside = (c for c in case.components if any(source.file == file for source in c.sources))
    first = next(inside, None)
    return paper(case, first) if first else ""
