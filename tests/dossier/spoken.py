"""Numbers and dates as they are read aloud in northern usage: what the readers of words must give back."""

from __future__ import annotations

from datetime import date

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def number_in_words(number: int) -> str:
    """A whole number, 0 to 10**12 - 1, in words of northern usage: `105` -> `một trăm linh năm`."""
    if number == 0:
        return _DIGITS[0]
    words: list[str] = []
    for scale, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, number = divmod(number, scale)
        if group:
            words += _group_in_words(group, full=bool(words)) + ([name] if name else [])
    return " ".join(words)


def _group_in_words(group: int, full: bool) -> list[str]:
    """1..999 in words. full: a larger group stands before, so hundreds are said even when there are none."""
    hundreds, rest = divmod(group, 100)
    tens, unit = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0 and unit and words:
        words.append("linh")
    if tens == 1:
        words.append("mười")
    elif tens:
        words += [_DIGITS[tens], "mươi"]
    if unit:
        late = {1: "mốt", 4: "tư"} if tens > 1 else {}
        words.append("lăm" if unit == 5 and tens else late.get(unit, _DIGITS[unit]))
    return words


def words_of_date(value: date) -> str:
    """`ngày mười lăm tháng chín năm hai nghìn không trăm hai mươi sáu`."""
    month = "tư" if value.month == 4 else number_in_words(value.month)
    return f"ngày {number_in_words(value.day)} tháng {month} năm {number_in_words(value.year)}"
