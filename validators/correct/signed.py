"""Electronic results: signed by the agency that issued them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from dossier.reading import Signature
from dossier.record import Component
from dossier.sources import AgencyCertificate
from dossier.text.vietnamese import tone_key
from validators.case import Case
from validators.look import Value, against, on_paper, paper, shown, value
from validators.registry import Outcome, rule

_ISSUERS = ("issuer", "registration_office")


@rule(
    "D22",
    word="correct",
    severity="BLOCK",
    object="kết quả có chữ ký số",
    title="Chữ ký số hợp lệ, chứng thư thuộc cơ quan ban hành",
    reason="Nội dung ký không đổi; chứng thư người ký là của cơ quan ghi trên giấy và chưa bị thu hồi khi ký.",
    source="Nghị định 30/2020/NĐ-CP, Phụ lục I; Nghị định 45/2020/NĐ-CP",
    since=date(2020, 5, 22),
    needs="agency-certificates",
)
def signed_by_the_issuer(case: Case) -> Iterator[Outcome]:
    for component in case.components:
        issuer = next((found for name in _ISSUERS if (found := value(case, component, name))), None)
        if component.signatures and (issuer or component.role == "result"):
            yield _signed(case, component, issuer)


def _signed(case: Case, component: Component, issuer: Value | None) -> Outcome:
    name = paper(case, component)
    if not all(signature.intact for signature in component.signatures):
        reason = f"{name}: nội dung đã bị sửa sau khi ký số. Lấy lại bản gốc có chữ ký số nguyên vẹn."
        return on_paper(component, "FAIL", reason)
    if any(signature.revocation == "revoked" for signature in component.signatures):
        reason = f"{name}: chứng thư số đã bị thu hồi khi ký. Đề nghị cơ quan ban hành ký lại."
        return on_paper(component, "FAIL", reason)
    if any(signature.added == "other" for signature in component.signatures):
        reason = f"{name}: tệp được thêm nội dung sau khi ký số. So với bản đã ký trong phần mềm ký."
        return on_paper(component, "UNKNOWN", reason)
    known = [(s, found) for s in component.signatures if (found := _holder(case, s))]
    if not known and issuer and any(_names(signature, issuer) for signature in component.signatures):
        return issuer.says(
            "PASS", f"{name}: chữ ký số nguyên vẹn, chứng thư được tin cậy mang tên cơ quan ban hành."
        )
    if not known:
        reason = f"{name}: chứng thư của người ký không có trong danh sách chứng thư của cơ quan. Kiểm tra người ký."
        return on_paper(component, "UNKNOWN", reason)
    if issuer is None:
        reason = f"{name}: chưa đọc được cơ quan ban hành để đối chiếu với chứng thư số. Xem giấy."
        return on_paper(component, "UNKNOWN", reason)
    for signature, holder in known:
        if holder.revoked_on and not _signed_before(signature, holder.revoked_on):
            reason = (
                f"{name}: chứng thư số đã bị thu hồi từ ngày {shown(holder.revoked_on)}, không trước lúc ký. "
                "Đề nghị cơ quan ban hành ký lại."
            )
            return on_paper(component, "FAIL" if signature.at else "UNKNOWN", reason)
    if any(_same_agency(holder.agency, issuer.text) for _, holder in known):
        return issuer.says("PASS", f"{name}: chữ ký số nguyên vẹn, chứng thư thuộc cơ quan ban hành.")
    reason = f"{issuer.where}: chứng thư số thuộc cơ quan khác. Kiểm tra người ký và cơ quan ban hành."
    return issuer.says(against(issuer), reason)


def _holder(case: Case, signature: Signature) -> AgencyCertificate | None:
    source = case.sources.agency_certificates
    return source.holder(signature.certificate) if source and signature.certificate else None


def _signed_before(signature: Signature, day: date) -> bool:
    return signature.at is not None and signature.at.date() < day


def _names(signature: Signature, issuer: Value) -> bool:
    """A certificate below a trusted root says itself whose it is, even where no list holds it."""
    named = (signature.signer, signature.organisation)
    return signature.trusted is True and any(name and _same_agency(name, issuer.text) for name in named)


def _same_agency(left: str, right: str) -> bool:
    """One is the other, or named with its superiors: `UBND xã Vị Thủy, thành phố Cần Thơ`."""
    a, b = _agency(left), _agency(right)
    return f" {a} " in f" {b} " or f" {b} " in f" {a} "


def _agency(text: str) -> str:
    spelled = re.sub(r"\bubnd\b", "ủy ban nhân dân", text, flags=re.IGNORECASE)
    return " ".join(re.sub(r"[^\w]+", " ", tone_key(spelled)).split())
