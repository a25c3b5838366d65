"""What a signed PDF brings along to judge its signatures by: certificates, revocation lists and answers.

None of it is believed for being there: it only helps to reach a root that the administrator trusts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dossier.chains import MOST_CERTIFICATES, Evidence

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import EmbeddedPdfSignature

LARGEST = (
    8 << 20
)  # bytes of one certificate, list or answer; revocation lists of a country have some megabytes


def evidence_of(reader: PdfFileReader, embedded: EmbeddedPdfSignature) -> Evidence:
    """Of the signature itself and of the file's document security store. What cannot be read of it is left out."""
    from asn1crypto import crl, ocsp, x509

    archived = _archived(embedded)
    return Evidence(
        certificates=(*_bounded(embedded.other_embedded_certs), *_stored(reader, "/Certs", x509.Certificate)),
        crls=(*_bounded(archived, "crl"), *_stored(reader, "/CRLs", crl.CertificateList)),
        ocsps=(*_bounded(archived, "ocsp"), *_stored(reader, "/OCSPs", ocsp.OCSPResponse)),
    )


def _archived(embedded: EmbeddedPdfSignature) -> Any:
    """Adobe's signed attribute of revocation data; None where there is none."""
    from pyhanko.sign.general import find_cms_attribute_iter

    try:
        attributes = embedded.signer_info["signed_attrs"]
        return next(find_cms_attribute_iter(attributes, "adobe_revocation_info_archival"), None)
    except (LookupError, ValueError, TypeError, AttributeError):
        return None


def _bounded(found: Any, part: str = "") -> Iterator[Any]:
    try:
        yield from list(found[part] if part else found)[:MOST_CERTIFICATES]
    except (LookupError, ValueError, TypeError):
        return


def _stored(reader: PdfFileReader, key: str, kind: Any) -> Iterator[Any]:
    from pyhanko.pdf_utils.misc import PdfError

    try:
        references = list(reader.root["/DSS"][key])[:MOST_CERTIFICATES]
    except (PdfError, LookupError, ValueError, TypeError, RecursionError):
        return
    for reference in references:
        try:
            data = reference.get_object().data
            if len(data) <= LARGEST:
                one = kind.load(data)
                _ = one.native if kind.__name__ == "OCSPResponse" else one["signature_algorithm"].native
                yield one
        except (PdfError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
            continue
