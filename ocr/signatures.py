"""Electronic signatures inside a PDF, as witnesses: who sealed the file, when, and whether it is unchanged.

Nothing is fetched from the network: chains end at the roots that the administrator trusts, or are not judged;
revocation is told from what the file brings, or is unknown.
"""

from __future__ import annotations

import hashlib
import logging
import mmap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.chains import MALFORMED, Evidence, judge_chain
from dossier.pdf_forms import walkable
from dossier.reading import Signature
from dossier.text.vietnamese import clean
from dossier.timestamps import embedded_timestamp
from dossier.trust import TrustStore
from ocr.signature_changes import added_after
from ocr.signature_evidence import evidence_of

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import EmbeddedPdfSignature

COMPARING_S = 20.0
"""How long the signatures of a file are held against what was added later; it has to end within the time of a page."""
OUTDATED_DIGESTS = frozenset({"md2", "md5", "sha1"})
_SAME_MOMENT = timedelta(minutes=5)


def signatures(path: Path, trust: TrustStore | None = None) -> tuple[Signature, ...]:
    """The electronic signatures of a PDF, oldest first; () for a file that has none or is not a readable PDF.

    Document time-stamps are left out: they name no signer. A signature whose structure cannot be read is
    left out as well; one that can be read but does not fit its file is given with `intact` False.
    trust: roots of the administrator; None: whom to trust is not known. Never raises on what is in the file.
    """
    if not _mentions_signature(path):
        return ()
    # pyHanko takes half a second to import: only files that carry a signature pay for it.
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    found: list[Signature] = []
    until = time.monotonic() + COMPARING_S
    with _quiet_pyhanko(), path.open("rb") as stream:
        try:
            reader = PdfFileReader(stream, strict=False)
            if reader.encrypted or not walkable(reader.root):
                return ()
            embedded = list(reader.embedded_regular_signatures)
        except (PdfError, *MALFORMED):
            return ()
        for one in embedded:
            try:
                found.append(_judged(reader, one, trust, compare=time.monotonic() < until))
            except (PdfError, *MALFORMED):
                continue
    return tuple(found)


def _mentions_signature(path: Path) -> bool:
    # The byte range of a signature cannot lie in a compressed stream: it would have to describe itself.
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return data.find(b"/ByteRange") >= 0
    except (OSError, ValueError):
        return False


def _judged(
    reader: PdfFileReader, embedded: EmbeddedPdfSignature, trust: TrustStore | None, compare: bool
) -> Signature:
    """A signature with all that can be told; what cannot be is left open, and the rest still stands.

    compare: there is time left to look at what was added later.
    """
    from pyhanko.pdf_utils.misc import PdfError

    seen = _signature(embedded)
    more: dict[str, Any] = {}
    try:
        if seen.intact:
            more["added"] = added_after(embedded) if compare or seen.covers_whole_file else "unknown"
    except (PdfError, *MALFORMED):
        more["added"] = "unknown"
    try:
        more |= _trust(seen, embedded, evidence_of(reader, embedded), trust)
    except (PdfError, *MALFORMED):
        more |= {"trusted": False, "trust_reason": "chain-broken"} if trust else {"trust_reason": "no-roots"}
    return seen.model_copy(update=more)


def _trust(
    seen: Signature, embedded: EmbeddedPdfSignature, evidence: Evidence, trust: TrustStore | None
) -> dict[str, Any]:
    """Time-stamp and chain. Without a trusted time-stamp the chain is judged at the claimed time, or else now."""
    stamp = embedded_timestamp(embedded.signer_info)
    if stamp and not stamp.holds:
        stamp = None
    by = stamp.chain(evidence, trust) if stamp else None
    when = stamp.at if stamp and by and by.trusted else seen.signed_at
    chain = judge_chain(embedded.signer_cert, evidence, trust, when or datetime.now(UTC))
    return {
        "trusted": chain.trusted,
        "trust_reason": chain.reason,
        "revocation": chain.revocation,
        "timestamped_at": stamp.at if stamp else None,
        "timestamp_trusted": by.trusted if by else None,
    }


def _signature(embedded: EmbeddedPdfSignature) -> Signature:
    from pyhanko.sign.validation import SignatureCoverageLevel

    certificate = embedded.signer_cert
    subject = certificate.subject.native
    embedded.compute_integrity_info(skip_diff=True)
    coverage = embedded.coverage
    digest = str(embedded.md_algorithm)
    return Signature(
        signer=_name(subject, "common_name"),
        organisation=_name(subject, "organization_name") or _name(subject, "organizational_unit_name"),
        signed_at=_signed_at(embedded),
        # A revision that the signature does not cover entirely can have been exchanged under it.
        intact=_bytes_match(embedded) and coverage >= SignatureCoverageLevel.ENTIRE_REVISION,
        trusted=None,
        algorithm=digest,
        outdated=digest in OUTDATED_DIGESTS,
        valid_from=_utc(certificate.not_valid_before),
        valid_until=_utc(certificate.not_valid_after),
        covers_whole_file=coverage == SignatureCoverageLevel.ENTIRE_FILE,
        certificate=hashlib.sha256(certificate.dump()).hexdigest(),
    )


def _bytes_match(embedded: EmbeddedPdfSignature) -> bool:
    """Whether digest and signature fit. Accepts SHA-1: outdated is another question than broken."""
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    try:
        digest_fits, signature_fits = validate_sig_integrity(
            embedded.signer_info, embedded.signer_cert, "data", embedded.compute_digest()
        )
    except SignatureValidationError:
        return False
    return bool(digest_fits and signature_fits)


def _signed_at(embedded: EmbeddedPdfSignature) -> datetime | None:
    """The claimed signing time in UTC.

    Some signing tools write local time into the signed attribute and call it UTC, while the signature
    dictionary's /M has the same clock reading with its true offset: then /M is believed.
    """
    from pyhanko.pdf_utils import generic

    claimed: datetime | None = embedded.self_reported_timestamp
    if claimed is None:
        return None
    try:
        local: datetime | None = generic.parse_pdf_date(embedded.sig_object["/M"], strict=False)
    except MALFORMED:
        local = None
    if local is not None and local.tzinfo is not None and claimed.tzinfo is not None:
        apart = abs(local.replace(tzinfo=None) - claimed.replace(tzinfo=None))
        if apart <= _SAME_MOMENT and local.utcoffset() != claimed.utcoffset():
            return local.astimezone(UTC)
    return _utc(claimed)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _name(subject: dict[str, Any], part: str) -> str:
    value = subject.get(part, "")
    return clean(value[0] if isinstance(value, list) and value else str(value or ""))


class _quiet_pyhanko:
    """pyHanko logs a traceback for every oddity of a file; they name people and help nobody here."""

    def __enter__(self) -> None:
        self._loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
        self._levels = [logger.level for logger in self._loggers]
        for logger in self._loggers:
            logger.setLevel(logging.CRITICAL + 1)

    def __exit__(self, *_: object) -> None:
        for logger, level in zip(self._loggers, self._levels, strict=True):
            logger.setLevel(level)
