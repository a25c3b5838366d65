"""What a dropped file says of itself, found without decoding any page: type, sizes, signatures.

A file that cannot be read as a paper is refused here, with what the digitiser can do about it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from dossier.errors import FileRefused
from dossier.reading import FileInfo, PageSize, Signature
from dossier.settings import ReadingSettings
from dossier.trust import load_trust
from ocr.inspection_image import image_pages
from ocr.inspection_pdf import pdf_pages
from ocr.refusals import too_many_pixels

MediaType = Literal["application/pdf", "image/tiff", "image/jpeg", "image/png"]
_SUFFIXES: dict[str, MediaType] = {
    ".pdf": "application/pdf",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
SMALLEST_SIDE = 50  # pixels; below it there is no page, whatever the header says
LONGEST_SIDE = 32_767  # pixels; Tesseract reads none that is longer


def inspect_file(path: Path, name: str, limits: ReadingSettings) -> FileInfo:
    """Type by content, page sizes, signatures. `name`: as dropped, for its extension alone.

    Raises FileRefused: empty-file, too-large, unsupported-type, wrong-extension, encrypted, truncated,
    broken-file, too-many-pages, too-many-pixels, active-content. Raises ConfigurationError (the trusted roots).
    """
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty-file", "the file has no bytes", "Tệp rỗng. Hãy quét hoặc chép lại tệp.")
    if size > limits.max_file_mb * 1024 * 1024:
        raise FileRefused(
            "too-large",
            f"{size} bytes, allowed are {limits.max_file_mb} MB",
            f"Tệp lớn hơn {limits.max_file_mb} MB. Hãy tách thành nhiều tệp hoặc quét ở 300 dpi.",
        )
    media_type = _media_type(path)
    _check_extension(name, media_type)
    version = None
    if media_type == "application/pdf":
        sizes, version = pdf_pages(path, limits)
    else:
        sizes = image_pages(path, media_type, limits)
    _check_sizes(sizes, limits)
    return FileInfo(
        sha256=_sha256(path),
        media_type=media_type,
        pages=sizes,
        signatures=_signatures(path, limits) if media_type == "application/pdf" else (),
        pdf_version=version,
    )


def _media_type(path: Path) -> MediaType:
    with path.open("rb") as file:
        head = file.read(1024)
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(_TIFF):
        return "image/tiff"
    if b"%PDF-" in head:
        return "application/pdf"
    raise FileRefused(
        "unsupported-type",
        "the content is neither PDF, TIFF, JPEG nor PNG",
        "Nội dung tệp không phải PDF, TIFF, JPEG hay PNG. Hãy quét lại hoặc xuất tệp sang một trong các dạng này.",
    )


def _check_extension(name: str, media_type: MediaType) -> None:
    if _SUFFIXES.get(Path(name).suffix.casefold()) != media_type:
        fitting = " hoặc ".join(suffix for suffix, kind in _SUFFIXES.items() if kind == media_type)
        raise FileRefused(
            "wrong-extension",
            f"the name's extension does not fit the content, which is {media_type}",
            f"Đuôi tên tệp không khớp với nội dung. Hãy đổi đuôi thành {fitting}, hoặc kiểm tra lại có đúng tệp không.",
        )


def _check_sizes(sizes: tuple[PageSize, ...], limits: ReadingSettings) -> None:
    for number, size in enumerate(sizes, 1):
        if size.width * size.height > limits.max_megapixels * 1e6:
            raise too_many_pixels(number, size.width, size.height, limits)
        if max(size.width, size.height) > LONGEST_SIDE:
            raise FileRefused(
                "too-many-pixels",
                f"page {number} is {size.width} x {size.height} pixels, no side may pass {LONGEST_SIDE}",
                f"Trang {number} quá dài ({size.width} x {size.height} điểm ảnh). Hãy tách thành nhiều trang.",
            )
        if min(size.width, size.height) < SMALLEST_SIDE:
            raise FileRefused(
                "broken-file",
                f"page {number} is {size.width} x {size.height} pixels",
                f"Trang {number} quá nhỏ, không thể là một trang giấy. Hãy quét lại.",
            )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _signatures(path: Path, settings: ReadingSettings) -> tuple[Signature, ...]:
    from ocr.signatures import signatures  # brings the whole of pyHanko, which files without PDF do not need

    return signatures(path, load_trust(settings.signature_roots) if settings.signature_roots else None)
