"""The organisation's electronic signature on a sealed copy: PAdES, seen on the first page, checked before it is kept.

Baseline B-T with a time-stamp authority, B-B without (ETSI EN 319 142-1); SHA-256. The signature goes into the
file as an incremental update: of the copy's own objects only the first page and the catalogue are written anew, with a
signature field in them, so that a PDF/A-2b stays one. The key lives in the process that seals and is never handed to
those that open what was dropped.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dossier.errors import ConfigurationError, SohoaError, TerminalError, TransientError
from dossier.settings import SealingSettings
from dossier.trust import TrustStore, load_trust
from storage.signing.keys import NOT_SIGNED, check_certificate, open_signer
from storage.signing.verdict import SealVerdict, verify_sealed

__all__ = ["SealVerdict", "Sealed", "Sealer", "SealingFailed", "open_sealer", "verify_sealed"]

FIELD = "SohoaSeal"


class SealingFailed(TerminalError):
    """A copy that cannot be signed: its bytes are no PDF that takes a signature, or what came out does not hold."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed copy. signed_at: as printed and claimed. timestamped_at: by the authority; None without one."""

    pdf: bytes
    signer: str
    signed_at: datetime
    timestamped_at: datetime | None


class Sealer:
    """Signs copies with one key, one at a time; threads may share it."""

    def __init__(self, settings: SealingSettings, signer: Any) -> None:
        self._settings, self._signer = settings, signer
        self._lock = threading.Lock()
        self._open = True
        self._roots: TrustStore | None = load_trust(settings.roots) if settings.roots else None
        self._authority: Any = None
        if settings.timestamp_url:
            from storage.signing.timestamp import TimestampAuthority

            self._authority = TimestampAuthority(settings.timestamp_url, settings.timestamp_timeout_s)

    @property
    def organisation(self) -> str:
        """As printed: by setting, else the organisation or the name in the certificate."""
        subject = self._signer.signing_cert.subject.native
        named = subject.get("organization_name") or subject.get("common_name") or ""
        return self._settings.organisation or (named if isinstance(named, str) else " ".join(named))

    def seal(self, pdf: bytes) -> Sealed:
        """Sign an unsigned PDF/A-2b copy. Blocks for the authority's answer; not from inside an event loop.

        Raises TransientError (timestamp-away, timestamp-malformed, token-away), ConfigurationError (timestamp-refused,
        certificate-not-valid, font-…, token-…), SealingFailed (seal-refused, seal-broken).
        """
        with self._lock:
            if not self._open:
                self._signer, self._open = open_signer(self._settings), True
            check_certificate(self._signer.signing_cert, datetime.now(UTC))
            signed = self._sign(pdf)
        verdict = verify_sealed(signed, self._roots)
        if not verdict.intact or verdict.signed_at is None:
            message = f"the signature just made does not hold: {verdict.reason}"
            raise SealingFailed("seal-broken", message, NOT_SIGNED)
        return Sealed(signed, verdict.signer, verdict.signed_at, verdict.timestamped_at)

    def sign(self, pdf: bytes) -> bytes:
        """`seal`, its bytes alone."""
        return self.seal(pdf).pdf

    def _sign(self, pdf: bytes) -> bytes:
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
        from pyhanko.sign.timestamps import TimestampRequestError

        from storage.signing.stamp import stamp_for

        out = io.BytesIO()
        try:
            writer = _writer(pdf)
            style, box = stamp_for(writer, self._settings.copy_kind, self.organisation, self._settings.font)
            PdfSigner(
                PdfSignatureMetadata(
                    field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
                ),
                signer=self._signer,
                timestamper=self._authority,
                stamp_style=style,
                new_field_spec=SigFieldSpec(sig_field_name=FIELD, on_page=0, box=box),
            ).sign_pdf(writer, output=out)
        except SohoaError:
            raise
        except TimestampRequestError:
            raise TransientError(
                "timestamp-malformed", "the time-stamp does not answer what was asked"
            ) from None
        except (PdfError, SigningError, OSError, ValueError, KeyError) as error:
            message = f"the copy takes no signature: {type(error).__name__}"
            raise SealingFailed("seal-refused", message, NOT_SIGNED) from None
        except RuntimeError as error:  # whatever python-pkcs11 raises; the token was perhaps pulled out
            if not self._settings.pkcs11:
                raise
            self._open = False
            raise TransientError("token-away", f"the token does not sign: {type(error).__name__}") from None
        return out.getvalue()


def open_sealer(settings: SealingSettings) -> Sealer | None:
    """The sealer of these settings; None where they name no key: copies are then kept unsigned.

    Everything that can be wrong with key, passphrase, PIN, certificate, roots and font is told here.
    Raises ConfigurationError (see storage.signing.keys.open_signer, dossier.trust.load_trust).
    """
    signer = open_signer(settings)
    if signer is None:
        return None
    sealer = Sealer(settings, signer)
    if not sealer.organisation:
        raise ConfigurationError(
            "organisation-unknown", "neither sealing.organisation nor the certificate names it"
        )
    _try_font(sealer.organisation, settings)
    return sealer


def _try_font(organisation: str, settings: SealingSettings) -> None:
    from pyhanko.pdf_utils.writer import PdfFileWriter

    from storage.signing.font import embed_font
    from storage.signing.stamp import letters_of

    embed_font(PdfFileWriter(), settings.font, letters_of(settings.copy_kind, organisation))


def _writer(pdf: bytes) -> Any:
    """Writes behind the copy. The metadata stay as they were made: rewritten ones need not be PDF/A any more."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Behind(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            pass

    return Behind(io.BytesIO(pdf))
