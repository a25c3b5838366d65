"""Papers by Decree 30/2020: number, notation, who signs and in whose name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from dossier.codes import KINDS, parse_document_number
from dossier.text.vietnamese import fold, tone_key
from validators.case import Case
from validators.look import against, flat, value
from validators.registry import Outcome, rule

PAPERS = ("decision", "official-document")
_KIND_BY_KEY = {tone_key(name): short for name, short in KINDS.items()}
# Initials that an issuer's name must hold for the last part of the notation; others are not judged.
_AGENCIES = {"UBND": "uy ban nhan dan", "HĐND": "hoi dong nhan dan"}


@rule(
    "D14",
    word="correct",
    severity="WARN",
    object="quyết định, văn bản hành chính",
    title="Số, ký hiệu đúng thể thức và khớp tên loại, cơ quan",
    reason="Số/chữ viết tắt loại-cơ quan; viết tắt khớp tên loại in trên văn bản và cơ quan ban hành.",
    source="Nghị định 30/2020/NĐ-CP, Phụ lục I và III",
    since=date(2020, 3, 5),
)
def number_fits_paper(case: Case) -> Iterator[Outcome]:
    for component in case.of_type(*PAPERS):
        number = value(case, component, "number")
        if number is None:
            continue
        parts = parse_document_number(number.text)
        if parts is None:
            reason = f"{number.where}: số, ký hiệu không đúng thể thức. So lại với văn bản."
            yield number.says(against(number), reason)
            continue
        kind, issuer = value(case, component, "kind"), value(case, component, "issuer")
        short = _KIND_BY_KEY.get(tone_key(kind.text)) if kind else None
        agency = _AGENCIES.get(parts.parts[-1])
        if kind and short and parts.parts[0] != short:
            reason = f"{number.where}: ký hiệu ghi {parts.parts[0]} nhưng tên loại là {kind.text} ({short}). So lại."
            yield number.says(against(number, kind), reason)
        elif issuer and agency and agency not in flat(issuer.text):
            reason = f"{number.where}: ký hiệu ghi {parts.parts[-1]} nhưng cơ quan ban hành khác. So lại."
            yield number.says(against(number, issuer), reason)
        else:
            yield number.says("PASS", f"{number.where}: đúng thể thức, khớp tên loại và cơ quan.")


@rule(
    "D15",
    word="correct",
    severity="WARN",
    object="quyết định, văn bản hành chính",
    title="Quyền hạn ký phù hợp chức vụ người ký",
    reason="KT. thì người ký là cấp phó; cấp phó ký phải có KT., TM., TL., TUQ. hoặc Q.",
    source="Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.7",
    since=date(2020, 3, 5),
)
def signer_may_sign(case: Case) -> Iterator[Outcome]:
    for component in case.of_type(*PAPERS):
        title = value(case, component, "signer_title")
        if title is None:
            continue
        above = component.field("signer_authority")
        authority = fold((above.value or above.printed) if above else "")
        prefixes = set(re.findall(r"\b(kt|tm|tl|tuq|q)\b\s*[./]", authority))
        deputy = flat(title.text).startswith("pho ")
        if "kt" in prefixes and not deputy:
            reason = f"{title.where}: ký thay (KT.) nhưng chức vụ không phải cấp phó. So lại khối chữ ký."
            yield title.says(against(title), reason)
        elif deputy and not prefixes and above is None:
            reason = f"{title.where}: cấp phó ký nhưng chưa đọc được chữ KT. phía trên. Xem lại khối chữ ký."
            yield title.says("UNKNOWN", reason)
        elif deputy and not prefixes:
            reason = f"{title.where}: cấp phó ký mà không ghi KT., TM., TL. hay TUQ. Xem lại khối chữ ký."
            yield title.says(against(title), reason)
        else:
            yield title.says("PASS", f"{title.where}: phù hợp quyền hạn ký.")
