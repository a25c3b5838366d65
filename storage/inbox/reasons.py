"""Why an object of the inbox is refused, and why a dossier waits: for programs, for logs, for the digitiser."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil

from dossier.errors import ManifestError


@dataclass(frozen=True)
class Reason:
    """code: stable. message: English, without names of files. advice: Vietnamese: what is wrong and what to do."""

    code: str
    message: str
    advice: str


_REFUSALS = {
    "extension-unknown": (
        "the file is not of a kind that is read",
        "Chỉ nhận tệp pdf, tif, tiff, jpg, jpeg, png. Quét hoặc xuất lại theo một trong các dạng này rồi nộp lại.",
    ),
    "not-declared": (
        "the file is not in the manifest's list",
        "Tệp không có trong danh sách files của dossier.json. Thêm vào danh sách rồi nộp lại cả hai tệp.",
    ),
    "hash-differs": (
        "the bytes are not those that the manifest names",
        "Nội dung tệp khác với mã sha256 ghi trong dossier.json, có thể do truyền lỗi. Nộp lại tệp này.",
    ),
    "superseded": (
        "a newer file of the same name took its place",
        "Đã có tệp mới hơn cùng tên thay thế, bản này không dùng nữa. Không phải làm gì thêm.",
    ),
    "withdrawn": (
        "the file was deleted by whoever dropped it",
        "Tệp đã bị người nộp xóa trước khi được nhận. Nộp lại nếu vẫn cần.",
    ),
    "folder-mark": (
        "the key ends in '/': a folder, not a file",
        "Đây là dấu thư mục trống, không phải tệp. Không phải làm gì thêm.",
    ),
    "office-unknown": (
        "the first part of the key is no office code",
        "Thư mục đầu tiên không phải mã đơn vị (ví dụ H13.96.31). Nộp lại vào thư mục <mã đơn vị>/<mã hồ sơ>/.",
    ),
    "dossier-code-invalid": (
        "the second part of the key is no dossier code",
        "Tên thư mục không dùng làm mã hồ sơ được (chỉ chữ không dấu, số, dấu chấm, gạch). Sửa mã rồi nộp lại.",
    ),
    "wrong-depth": (
        "the key is not <office>/<dossier>/<name>",
        "Tệp nằm sai chỗ. Mỗi tệp phải nằm ngay trong thư mục <mã đơn vị>/<mã hồ sơ>/, không có thư mục con.",
    ),
    "not-a-file": (
        "it is no file: a link that leads nowhere, a link to a folder, a pipe or a device",
        "Đây không phải tệp (liên kết hỏng hoặc tệp đặc biệt). Chép chính tệp quét vào thư mục.",
    ),
    "unreadable": (
        "the file or folder cannot be opened",
        "Không mở được tệp hoặc thư mục này (quyền truy cập, đường dẫn quá dài hoặc ổ đĩa lỗi). Chép lại.",
    ),
    "no-files": (
        "the dossier holds no file that could be read",
        "Hồ sơ không có tệp nào để đọc. Chép các tệp quét vào hồ sơ rồi nộp lại.",
    ),
    "batch-kind": (
        "a stack of several dossiers is a PDF or a TIFF",
        "Thư mục batch chỉ nhận tập nhiều hồ sơ dạng pdf, tif, tiff. Tệp của một hồ sơ thì nộp vào thư mục mã hồ sơ.",
    ),
    "register-kind": (
        "a register is a CSV or an XLSX",
        "Thư mục register chỉ nhận sổ tiếp nhận dạng csv, xlsx. Tệp của một hồ sơ thì nộp vào thư mục mã hồ sơ.",
    ),
}


def refusal(code: str) -> Reason:
    """The reason of that code."""
    return Reason(code, *_REFUSALS[code])


def waiting_for(
    missing: Collection[str], differing: Collection[str], error: ManifestError | None, quiet_left_s: float
) -> Reason:
    """Why a dossier is not ready yet, and when it will be taken as it is."""
    left = f" (nhận như hiện có sau {ceil(quiet_left_s)} giây không thay đổi)"
    if error is not None:
        return Reason(error.code, error.message, error.advice + left)
    if missing:
        names = ", ".join(missing)
        return Reason(
            "files-missing",
            f"{len(missing)} files of the manifest are not there yet",
            f"Đang chờ tệp ghi trong dossier.json: {names}{left}",
        )
    if differing:
        names = ", ".join(differing)
        return Reason(
            "files-differ",
            f"{len(differing)} files are not the bytes that the manifest names",
            f"Tệp khác với mã sha256 trong dossier.json: {names}. Nộp lại tệp này{left}",
        )
    return Reason(
        "not-quiet",
        f"changed lately; taken after {ceil(quiet_left_s)} s without change",
        f"Vừa có thay đổi; sẽ nhận sau {ceil(quiet_left_s)} giây không thay đổi, hoặc ngay khi có tệp _ready",
    )
