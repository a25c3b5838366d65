"""Whether a sealed copy still is what was sealed: by itself, without network and without the key."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from asn1crypto import cms

from dossier.chains import MALFORMED, Evidence, TrustReason, judge_chain
from dossier.pdf_forms import walkable
from dossier.timestamps import embedded_timestamp
from dossier.trust import TrustStore, load_trust

Reason = TrustReason | Literal["sound", "unsigned", "unreadable", "altered", "added-to", "timestamp-broken"]
"""sound: intact and trusted. Those of dossier.chains: intact, and why not trusted. The others are not intact; added-to:
bytes stand behind the signature.
"""


@dataclass(frozen=True, slots=True)
class SealVerdict:
    """intact: every byte of the file is as it was sealed. trusted: None where no roots are given.

    signer: common name of the certificate, empty if unsigned. signed_at: as claimed, or by a time-stamp authority that
    is not distrusted (UTC). timestamped_at: by any whose stamp fits.
    """

    intact: bool
    signer: str
    signed_at: datetime | None
    reason: Reason
    trusted: bool | None = None
    timestamped_at: datetime | None = None


def verify_sealed(pdf: bytes | Path, roots: TrustStore | Path | None = None) -> SealVerdict:
    """Judge a sealed copy. roots: of `dossier.trust`, or where they lie; None: integrity alone.

    A signature does not cover the certificates that it brings along itself: only the hash of the whole copy does.
    Never raises on what is in the file. Raises OSError (the file), ConfigurationError (the roots).
    """
    content = pdf if isinstance(pdf, bytes) else pdf.read_bytes()
    trust = load_trust(roots) if isinstance(roots, Path) else roots
    from pyhanko.pdf_utils.misc import PdfError

    logging.getLogger("pyhanko").setLevel(
        logging.CRITICAL + 1
    )  # it names people, and the verdict says it all
    try:
        return _judge(content, trust)
    except (PdfError, *MALFORMED):
        return SealVerdict(False, "", None, "unreadable")


def _judge(content: bytes, trust: TrustStore | None) -> SealVerdict:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import SignatureCoverageLevel
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    reader = PdfFileReader(io.BytesIO(content))
    if not walkable(reader.root):
        return SealVerdict(False, "", None, "unreadable")
    found = list(reader.embedded_regular_signatures)
    if not found:
        return SealVerdict(False, "", None, "unsigned")
    seal = found[-1]
    seal.compute_integrity_info(skip_diff=True)
    signer = str(seal.signer_cert.subject.native.get("common_name", ""))
    claimed = seal.self_reported_timestamp
    claimed = claimed.astimezone(UTC) if claimed else None
    digest_fits, signature_fits = validate_sig_integrity(
        seal.signer_info, seal.signer_cert, "data", seal.compute_digest()
    )
    if not (digest_fits and signature_fits and _as_we_write_it(content, seal)):
        return SealVerdict(False, signer, claimed, "altered")
    if seal.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return SealVerdict(False, signer, claimed, "added-to")
    stamp = embedded_timestamp(seal.signer_info)
    if stamp and not stamp.holds:
        return SealVerdict(False, signer, claimed, "timestamp-broken")
    stamped = stamp.at if stamp else None
    evidence = Evidence(tuple(seal.other_embedded_certs))
    proven = stamp is not None and stamp.chain(evidence, trust).trusted is not False
    when = stamped if proven else claimed
    chain = judge_chain(seal.signer_cert, evidence, trust, when or datetime.now(UTC))
    reason: Reason = "sound" if chain.reason == "trusted" else chain.reason
    return SealVerdict(True, signer, when, reason, chain.trusted, stamped)


def _as_we_write_it(content: bytes, seal: Any) -> bool:
    """Whether the one place that no signature covers, its own, holds it in our spelling and nothing beside it."""
    start, length, second, _ = (int(part) for part in seal.byte_range)
    held = seal.pkcs7_content
    taken = len(cms.ContentInfo.load(held).dump())
    return content[start + length : second] == b"<" + held.hex().upper().encode() + b">" and not any(
        held[taken:]
    )
