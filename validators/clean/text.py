"""Values as text: one encoding, letters of names, closed lists, no dummies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from dossier.codes import mask
from dossier.kinds.base import is_placeholder
from dossier.kinds.closed import country, ethnic_group
from dossier.text.vietnamese import clean, tone_key
from validators.case import Case
from validators.look import NAMES, Value, against, flat, on_field, on_paper, paper, value, values
from validators.registry import ALWAYS, Outcome, rule

_SYLLABLE = re.compile(r"^[^\W\d_]+(?:['’-][^\W\d_]+)*$")
_DUMMY_NAMES = frozenset(
    tone_key(name) for name in ("Nguyễn Văn A", "Nguyễn Thị B", "Trần Thị B", "Lê Văn C")
)
_DUMMY_WORDS = frozenset({"test", "abc", "xxx", "asdf", "demo", "n a", "tbd"})
_DUMMY_DATES = frozenset({"1900-01-01", "1970-01-01", "1111-11-11", "9999-12-31"})


@rule(
    "S05",
    word="clean",
    severity="INFO",
    object="chữ",
    title="Chữ theo Unicode dựng sẵn, không ký tự lạ",
    reason="Giá trị lưu ở dạng NFC, không ký tự ẩn, không Đ giả; khác thì đã tự sửa.",
    source="TCVN 6909:2001",
    since=date(2001, 12, 26),
)
def text_is_normal(case: Case) -> Iterator[Outcome]:
    for component in case.components:
        odd = [f for f in component.fields if f.value and _odd(f.value)]
        name = paper(case, component)
        if odd:
            fields = ", ".join(sorted(field.name for field in odd))
            yield on_paper(
                component, "FAIL", f"{name}: có ký tự lạ hoặc chưa dựng sẵn ở {fields}. Gõ lại các ô này."
            )
        elif component.fields:
            yield on_paper(component, "PASS", f"{name}: chữ theo Unicode dựng sẵn.")


def _odd(text: str) -> bool:
    """Not NFC, look-alikes, invisible or private-use characters, or the sign of a decoder that gave up."""
    if clean(text) != " ".join(text.split()):
        return True
    return any(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or (ord(c) < 32 and c != "\n") for c in text)


@rule(
    "S06",
    word="clean",
    severity="INFO",
    object="lớp chữ",
    title="Lớp chữ trong tệp là chữ Unicode và nói đúng như hình",
    reason="Lớp chữ bằng phông cũ (TCVN3, VNI) hoặc nói khác hình thì không dùng: giá trị luôn đọc từ hình.",
    source="TCVN 6909:2001",
    since=date(2001, 12, 26),
)
def text_layers_are_honest(case: Case) -> Iterator[Outcome]:
    for component in case.components:
        for page in component.quality:
            where = f"{paper(case, component)}, trang {page.page}"
            if page.encoding is not None:
                table = page.encoding.upper()
                reason = f"{where}: lớp chữ theo bảng mã cũ {table}, đã đọc từ hình. Xuất lại PDF Unicode."
                yield on_paper(component, "FAIL", reason, page=page.page)
            elif page.text_layer == "rejected":
                reason = f"{where}: lớp chữ trong tệp khác với hình, đã đọc từ hình. Xem lại nguồn của tệp."
                yield on_paper(component, "FAIL", reason, page=page.page)
            elif page.text_layer == "trusted":
                yield on_paper(component, "PASS", f"{where}: lớp chữ khớp với hình.", page=page.page)


@rule(
    "S08",
    word="clean",
    severity="WARN",
    object="họ tên",
    title="Họ tên viết đúng dạng",
    reason="Chỉ chữ cái, dấu cách, dấu nháy, gạch nối; 2 đến 8 tiếng; không chữ số.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 4); Luật Hộ tịch 2014, điều 14",
    since=date(2016, 1, 1),
)
def names_look_like_names(case: Case) -> Iterator[Outcome]:
    for name in values(case, *NAMES):
        syllables = name.text.split(" ")
        if 2 <= len(syllables) <= 8 and all(_SYLLABLE.match(syllable) for syllable in syllables):
            yield name.says("PASS", f"{name.where}: đúng dạng họ tên.")
        else:
            reason = f"{name.where}: không đúng dạng họ tên (2–8 tiếng, chỉ chữ cái). So với giấy rồi sửa."
            yield name.says(against(name), reason)
    yield from _unread_names(case)


def _unread_names(case: Case) -> Iterator[Outcome]:
    """Places of names where something is printed that was not taken for a name."""
    for component in case.components:
        known = case.document_types.get(component.type)
        for field in component.fields:
            spec = known.fields.get(field.name) if known else None
            printed = bool(field.printed) and not is_placeholder(field.printed)
            if spec is not None and spec.kind in NAMES and not field.value and printed:
                reason = (
                    f"“{spec.title}” trên {paper(case, component)}: chữ ở đó không đọc ra họ tên. Xem giấy."
                )
                yield on_field(component, field, "UNKNOWN", reason)


@rule(
    "S09",
    word="clean",
    severity="WARN",
    object="giá trị theo danh mục",
    title="Giới tính, dân tộc, quốc tịch thuộc danh mục",
    reason="Giới tính Nam/Nữ; dân tộc trong 54 dân tộc; quốc tịch trong danh mục nước.",
    source="Quyết định 121-TCTK/PPCĐ (1979); CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 4)",
    since=ALWAYS,
)
def values_are_listed(case: Case) -> Iterator[Outcome]:
    for seen in values(case, "sex", "ethnicity", "nationality"):
        if _listed(seen):
            yield seen.says("PASS", f"{seen.where}: thuộc danh mục.")
            continue
        reason = f"{seen.where}: không có trong danh mục. So với giấy: đọc sai thì sửa, đúng như giấy thì xác nhận."
        yield seen.says(against(seen), reason)


def _listed(seen: Value) -> bool:
    if seen.kind.name == "sex":
        return seen.text in ("Nam", "Nữ")
    return (ethnic_group if seen.kind.name == "ethnicity" else country)(seen.text) is not None


@rule(
    "S18",
    word="clean",
    severity="BLOCK",
    object="giá trị",
    title="Không có giá trị thử hoặc giả",
    reason="Không có “Nguyễn Văn A”, dãy số giả, ngày 01/01/1900 và tương tự.",
    source="CV 4856/BCA-TTDLQG, Phụ lục 3 (nhóm lỗi 1)",
    since=ALWAYS,
)
def no_dummies(case: Case) -> Iterator[Outcome]:
    for component in case.components:
        dummies = 0
        for field in component.fields:
            seen = value(case, component, field.name)
            if seen and (what := _dummy(seen)):
                dummies += 1
                reason = f"{seen.where}: “{what}” giống giá trị thử. So với giấy rồi ghi giá trị thật."
                yield seen.says(against(seen), reason)
        if component.fields and not dummies:
            yield on_paper(component, "PASS", f"{paper(case, component)}: không có giá trị thử.")


def _dummy(seen: Value) -> str | None:
    text = seen.text
    if seen.kind.name in NAMES and (tone_key(text) in _DUMMY_NAMES or flat(text) in _DUMMY_WORDS):
        return text
    if seen.kind.name in ("personal-id", "identity-number", "old-id"):
        running = text[:9] in "01234567890123456789" or text in "98765432109876543210"
        return mask(text) if running or len(set(text)) == 1 or set(text[3:]) == {"0"} else None
    if seen.kind.group == "date" and text in _DUMMY_DATES:
        return text
    return text if seen.kind.name == "text" and flat(text) in _DUMMY_WORDS else None
