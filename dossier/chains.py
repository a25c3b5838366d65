"""Whether a certificate's chain holds below a trusted root at some moment. Never asks the network.

What a weak algorithm is worth is not judged here: outdated is another question than untrusted.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from dossier.trust import TrustStore

TrustReason = Literal["trusted", "no-roots", "no-chain", "not-valid-then", "revoked", "chain-broken"]
"""no-roots: nobody said whom to trust. no-chain: it does not end at a trusted root. not-valid-then: one certificate
of the chain was not valid at that moment. chain-broken: a signature, a constraint or a usage in it does not hold.
"""
Revocation = Literal["good", "revoked", "unknown"]
TRUST_REASONS: tuple[str, ...] = get_args(TrustReason)
MOST_CERTIFICATES = 40  # of one file; a chain has four, and paths are looked for among all of them
SIGNING_USES = frozenset({"digital_signature", "non_repudiation"})
MALFORMED = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    OSError,
    zlib.error,
)
"""What parsers of PDF, ASN.1 and dates throw on hostile bytes, apart from pyHanko's own PdfError."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """trusted: None where no roots are given. revocation: by what the file itself brings."""

    trusted: bool | None
    reason: TrustReason
    revocation: Revocation = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a file brings along: certificates, revocation lists and answers, as asn1crypto objects."""

    certificates: tuple[Any, ...] = ()
    crls: tuple[Any, ...] = ()
    ocsps: tuple[Any, ...] = ()


def judge_chain(
    certificate: Any, evidence: Evidence, trust: TrustStore | None, when: datetime, *, stamping: bool = False
) -> ChainVerdict:
    """The chain of an asn1crypto certificate at `when` (aware). stamping: it has to be a time-stamp authority's.

    May raise what parsers raise on malformed ASN.1 in the file.
    """
    from pyhanko_certvalidator import errors

    if trust is None:
        return ChainVerdict(None, "no-roots")
    self_issued = certificate.self_signed in ("yes", "maybe")
    uses = certificate.key_usage_value
    if uses is not None and not uses.native & SIGNING_USES:
        return ChainVerdict(False, "chain-broken")
    try:
        _run(_path(certificate, evidence, trust, when, stamping, "require"))
    except errors.RevokedError:
        return ChainVerdict(False, "revoked", "revoked")
    except (errors.PathError, errors.ValidationError):
        pass  # most files bring no revocation data: then the chain alone is judged
    else:
        return ChainVerdict(True, "trusted", "good")
    try:
        _run(_path(certificate, evidence, trust, when, stamping, "soft-fail"))
    except errors.RevokedError:
        return ChainVerdict(False, "revoked", "revoked")
    except errors.PathBuildingError:
        return ChainVerdict(False, "no-chain")
    except errors.InvalidCertificateError:  # also said of one that issued itself
        return ChainVerdict(False, "no-chain" if self_issued else "chain-broken")
    except (errors.ExpiredError, errors.NotYetValidError):
        return ChainVerdict(False, "not-valid-then")
    except (errors.PathError, errors.ValidationError):
        return ChainVerdict(False, "chain-broken")
    return ChainVerdict(True, "trusted")


async def _path(
    certificate: Any, evidence: Evidence, trust: TrustStore, when: datetime, stamping: bool, revocation: str
) -> None:
    from asn1crypto import x509
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms

    context = ValidationContext(
        trust_roots=_parsed(x509, trust.roots),
        other_certs=[*_parsed(x509, trust.intermediates), *evidence.certificates[:MOST_CERTIFICATES]],
        crls=evidence.crls[:MOST_CERTIFICATES],
        ocsps=evidence.ocsps[:MOST_CERTIFICATES],
        moment=when,
        best_signature_time=when,
        allow_fetching=False,
        revocation_mode=revocation,
        retroactive_revinfo=True,  # what a file brings was asked for after it was signed
        algorithm_usage_policy=AcceptAllAlgorithms(),
    )
    validator = CertificateValidator(certificate, validation_context=context)
    if stamping:
        await validator.async_validate_usage(set(), {"time_stamping"})
    else:
        await validator.async_validate_path()


def _parsed(x509: Any, certificates: Iterable[bytes]) -> list[Any]:
    return [x509.Certificate.load(one) for one in certificates]


def _run(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, whether or not this thread already runs an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, work).result()
