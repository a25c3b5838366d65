"""What a report says to a person, in Vietnamese: one wording for the page, the sheet, the terminal and Prefect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.office_figures import LIMITS, WORDS, OfficeFigures, Share
from storage.receipts.places import BANDS
from validators.grades import band

WORD_TITLES = {"correct": "Đúng", "sufficient": "Đủ", "clean": "Sạch", "live": "Sống", "total": "Chung"}
STATE_TITLES = {"checked": "Đạt", "returned": "Trả lại", "refused": "Từ chối"}
SUBMITTER_TITLES = {"citizen": "Người dân tự nộp", "officer": "Cán bộ nộp thay", "unknown": "Chưa khai"}
GROUND_TITLES = {
    "online": "Hồ sơ nộp trực tuyến",
    "presented-only": "Giấy tờ chỉ xuất trình",
    "internal-opinion": "Ý kiến nội bộ",
    "secret": "Tài liệu mật",
}
GROUND_SOURCE = "Thông tư 03/2025/TT-VPCP, điều 5 khoản 2"
_LISTS = ("missing", "results_missing", "unlisted")


def percent(rate: float | None) -> str:
    return "chưa có" if rate is None else f"{100 * rate:.1f} %".replace(".", ",")


def rates(made: OfficeFigures) -> list[tuple[str, Share]]:
    """The shares that the chairman answers for, and how much was not asked for again, with their titles."""
    return [
        ("Hồ sơ tiếp nhận đã số hóa thành phần", made.components),
        ("Hồ sơ tiếp nhận đã đạt bốn tiêu chí", made.checked),
        ("Hồ sơ đã trả có kết quả số hóa", made.results),
        ("Thành phần dùng lại, không phải nộp lại", made.reused),
    ]


def counts(made: OfficeFigures) -> list[tuple[str, int]]:
    return [
        ("Hồ sơ tiếp nhận trong kỳ (theo sổ)", made.received),
        ("Hồ sơ trả kết quả trong kỳ (theo sổ)", made.closed),
        ("Không thuộc diện số hóa", len(made.excluded)),
        ("Có bản số hóa nhưng không có trong sổ", len(made.unlisted)),
        *((f"Còn lỗi quá {limit} ngày làm việc", made.late_beyond(limit)) for limit in LIMITS),
    ]


def view(made: OfficeFigures) -> dict[str, Any]:
    """What the page shows."""
    period = made.period
    return {
        "figures": made,
        "span": f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}",
        "rates": [
            (title, share, percent(share.rate), "thành phần" if share is made.reused else "hồ sơ")
            for title, share in rates(made)
        ],
        "counts": counts(made),
        "scores": [
            (WORD_TITLES[word], score, percent(score), band(score), BANDS[band(score)])
            for word in (*WORDS, "total")
            for score in (made.scores[word],)
        ],
        "states": _parts(made.states, STATE_TITLES),
        "submitted": _parts(made.submitted, SUBMITTER_TITLES),
        "excluded": [(entry.dossier, GROUND_TITLES[entry.ground]) for entry in made.excluded],
        "ground_source": GROUND_SOURCE,
        "late": [(entry.dossier, f"{entry.days} ngày làm việc") for entry in made.late],
        **{name: [(code,) for code in getattr(made, name)] for name in _LISTS},
    }


def _parts(count: Mapping[str, int], titles: Mapping[str, str]) -> list[tuple[str, int, float, str]]:
    """Title, number, share of the whole 0..1, and the key for its colour."""
    whole = sum(count.values())
    return [(title, count[key], count[key] / whole, key) for key, title in titles.items() if count.get(key)]
