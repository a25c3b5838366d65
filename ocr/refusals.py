"""Refusals that several readers of files share, each with what the digitiser can do."""

from __future__ import annotations

from dossier.errors import FileRefused
from dossier.settings import ReadingSettings


def too_many_pixels(page: int, width: int, height: int, limits: ReadingSettings) -> FileRefused:
    return FileRefused(
        "too-many-pixels",
        f"page {page} has {width} x {height} pixels, allowed are {limits.max_megapixels:g} megapixels",
        f"Trang {page} có quá nhiều điểm ảnh ({width} x {height}). Hãy quét lại ở 300 dpi.",
    )


def too_many_pages(limits: ReadingSettings) -> FileRefused:
    return FileRefused(
        "too-many-pages",
        f"more than {limits.max_pages} pages",
        f"Tệp có hơn {limits.max_pages} trang. Hãy tách thành nhiều tệp.",
    )


def broken(what: str) -> FileRefused:
    return FileRefused(
        "broken-file", what, "Tệp bị hỏng, không mở được. Hãy quét lại hoặc chép lại từ bản gốc."
    )


def truncated(what: str) -> FileRefused:
    return FileRefused(
        "truncated", what, "Tệp bị cắt cụt (chép hoặc tải lên chưa xong). Hãy chép lại hoặc quét lại tệp."
    )


def picture_unreadable(page: int, what: str) -> FileRefused:
    return FileRefused(
        "picture-unreadable",
        f"page {page} shows nothing, or hardly anything, because {what}",
        f"Trang {page} hiện ra trắng vì hình quét trong tệp bị hỏng. Hãy chép lại tệp hoặc quét lại trang này.",
    )


def not_trusted(page: int, what: str) -> FileRefused:
    return FileRefused(
        "page-not-trusted",
        what,
        f"Trang {page} hiển thị khác nhau tùy chương trình. Hãy in ra giấy và quét lại.",
    )
