"""Numbers and dates in Vietnamese words, names without marks."""

from __future__ import annotations

import unicodedata
from datetime import date

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


_SCALES = ((10**9, "tỷ"), (10**6, "triệu"), (1000, "nghìn"))


def number_words(n: int) -> str:
    """0 up to 10^12 as read aloud: 21 is `hai mươi mốt`, 2026 `hai nghìn không trăm hai mươi sáu`."""
    for scale, name in _SCALES:
        if n >= scale:
            head, rest = f"{number_words(n // scale)} {name}", n % scale
            if not rest:
                return head
            if scale > 1000 or rest >= 100:
                return f"{head} {number_words(rest)}"
            return f"{head} không trăm {_below_hundred(rest, bare=False)}"
    if n >= 100:
        rest = n % 100
        return f"{_DIGITS[n // 100]} trăm" + (f" {_below_hundred(rest, bare=False)}" if rest else "")
    return _below_hundred(n, bare=True)


def _below_hundred(n: int, bare: bool) -> str:
    tens, unit = divmod(n, 10)
    if tens == 0:
        return _DIGITS[unit] if bare else f"linh {_DIGITS[unit]}"
    if tens == 1:
        return "mười" if unit == 0 else "mười " + ("lăm" if unit == 5 else _DIGITS[unit])
    head = f"{_DIGITS[tens]} mươi"
    return head if unit == 0 else head + " " + {1: "mốt", 4: "tư", 5: "lăm"}.get(unit, _DIGITS[unit])


def decimal_words(tenths: int) -> str:
    """Tenths as read aloud: 1255 is `một trăm hai mươi lăm phẩy năm`."""
    whole, tenth = divmod(tenths, 10)
    return number_words(whole) + (f" phẩy {_DIGITS[tenth]}" if tenth else "")


def grouped(n: int) -> str:
    """`100.000.000`."""
    return f"{n:,}".replace(",", ".")


def sentence(text: str) -> str:
    """With a capital at its head, the rest as it is."""
    return text[:1].upper() + text[1:]


def date_words(day: date) -> str:
    month = "tư" if day.month == 4 else number_words(day.month)
    return f"Ngày {number_words(day.day)} tháng {month} năm {number_words(day.year)}"


def slashed(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def long_date(day: date) -> str:
    """`ngày 05 tháng 02 năm 2026`: days under 10 and months 1 and 2 with a leading zero (Decree 30/2020)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")
