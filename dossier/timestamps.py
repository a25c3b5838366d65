"""The time-stamp (RFC 3161) inside an electronic signature: when an authority saw it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dossier.chains import ChainVerdict, Evidence, judge_chain

if TYPE_CHECKING:
    from dossier.trust import TrustStore


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """at: in UTC. holds: it belongs to this signature, and the authority's own signature over it fits."""

    at: datetime
    holds: bool
    certificate: Any
    others: tuple[Any, ...]

    def chain(self, evidence: Evidence, trust: TrustStore | None) -> ChainVerdict:
        """Of the authority's certificate, at the moment of the stamp."""
        known = Evidence((*self.others, *evidence.certificates), evidence.crls, evidence.ocsps)
        return judge_chain(self.certificate, known, trust, self.at, stamping=True)


def embedded_timestamp(signer_info: Any) -> TimeStamp | None:
    """The first time-stamp of a CMS SignerInfo (asn1crypto); None if it has none.

    May raise what parsers raise on malformed ASN.1.
    """
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import (
        extract_certs_for_validation,
        extract_tst_data_iter,
        validate_sig_integrity,
    )

    token = next(iter(extract_tst_data_iter(signer_info, signed=False)), None)
    if token is None:
        return None
    content, signer = token["encap_content_info"]["content"], token["signer_infos"][0]
    said, found = content.parsed, extract_certs_for_validation(token)
    imprint = said["message_imprint"]
    stamped = _digest(imprint["hash_algorithm"], signer_info["signature"].native)
    digest = _digest(signer["digest_algorithm"], bytes(content))
    try:
        fits = validate_sig_integrity(signer, found.signer_cert, "tst_info", digest)
    except SignatureValidationError:
        fits = (False, False)
    return TimeStamp(
        at=said["gen_time"].native.astimezone(UTC),
        holds=all(fits) and imprint["hashed_message"].native == stamped,
        certificate=found.signer_cert,
        others=tuple(found.other_certs),
    )


def _digest(algorithm: Any, data: bytes) -> bytes:
    return hashlib.new(algorithm["algorithm"].native, data).digest()
