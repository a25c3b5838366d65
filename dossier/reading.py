"""What was seen on paper, before anyone asks what it means: words, codes, marks, quality, signatures."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from dossier.chains import Revocation, TrustReason
from dossier.model import Box, Confidence, Frozen, Sha256


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Word:
    """One word. `line` numbers the lines of the page in reading order; words of a line share it.

    No model: a long file has hundreds of thousands of words, and as models they take three times the memory.
    """

    text: str
    box: Box
    confidence: Confidence
    line: int


class Code(Frozen):
    """A barcode. kind: zxing's format name, such as `QRCode` or `Code128`."""

    kind: str
    text: str
    box: Box


class Mark(Frozen):
    """Something on the page that is not printed text. kind: one of dossier.marks.MARK_KINDS."""

    kind: str
    page: int
    box: Box
    confidence: Confidence


TextLayer = Literal["none", "trusted", "unused", "rejected"]
"""What became of a page's own text: there is none; it was read; it is somebody's OCR of a scan, which is not read; it
does not say what the picture says.
"""


class Quality(Frozen):
    """A page's quality as numbers for the rules.

    dpi: of the scan as it came (not of the working image). skew: degrees found before deskewing, clockwise
    positive. sharpness: variance of the Laplacian of the grey page at 150 dpi. contrast: 0..1, spread between
    paper and ink. ink: share of dark pixels, 0..1. coloured_ink: share of saturated pixels, 0..1.
    black_border: share of the page's rim that is black, 0..1. text_layer: the file's own text of the page.
    encoding: what that text is written in if it is no Unicode: `tcvn3`, `vni`, `viscii`, `vps`.
    cut_edges: share of that edge of the page over which most print or drawing runs, 0..1. glare: share of the page
    that light has washed out, 0..1. None: could not be measured.
    """

    page: int
    dpi: float
    skew: float
    sharpness: float
    contrast: float
    ink: float
    coloured_ink: float
    black_border: float
    colour: bool
    blank: bool
    text_layer: TextLayer = "none"
    encoding: str | None = None
    cut_edges: float | None = None
    glare: float | None = None


AddedAfter = Literal["nothing", "validation-data", "fields", "other", "unknown"]
"""What was added behind a signature: nothing; data to check signatures by, time-stamps of the file; further signatures
or filled-in fields; something that may show another page than was signed; it could not be told.
"""


class Signature(Frozen):
    """An electronic signature inside a PDF, as a witness.

    signer: common name of the certificate. organisation: its O or OU, empty if none. signed_at: as claimed.
    intact: the signed bytes are unchanged. trusted: the chain ends at a configured root; None when no root is
    configured; trust_reason: why (not). outdated: the digest algorithm is no longer accepted (SHA-1).
    valid_from / valid_until: of the signer's certificate. covers_whole_file: nothing was added after it; added: what
    was. certificate: SHA-256 of the signer's certificate (DER), by which an agency's is known.
    revocation: by data inside the file, at the time of signing; nothing is fetched. timestamped_at: by the time-stamp
    inside the signature, where that is intact; timestamp_trusted: its authority's chain, as `trusted`.
    Of the optional ones None: not looked at, or there is none.
    """

    signer: str
    organisation: str
    signed_at: datetime | None
    intact: bool
    trusted: bool | None
    algorithm: str
    outdated: bool
    valid_from: datetime | None
    valid_until: datetime | None
    covers_whole_file: bool
    certificate: Sha256 | None = None
    trust_reason: TrustReason | None = None
    revocation: Revocation | None = None
    timestamped_at: datetime | None = None
    timestamp_trusted: bool | None = None
    added: AddedAfter | None = None

    @property
    def vouches(self) -> bool:
        """Whether what is read off the pages may lean on it: unchanged, not distrusted, and of these very pages."""
        return self.intact and self.trusted is not False and self.added != "other"

    @property
    def at(self) -> datetime | None:
        """When it was made: by the time-stamp, else as claimed."""
        return self.timestamped_at or self.signed_at


class Flattening(Frozen):
    """How a photographed sheet was made flat (ocr/flatten.py), before it was turned upright.

    corners: from the upper left clockwise, in shares of the picture's sides. bends: of the top, right, bottom and left
    edge, polynomials over -1..1, highest power first, in shares of the sheet. delivered_dpi: at which the picture was
    rendered; scan_dpi: of the sheet within it. width, height, dpi: of the flat sheet.
    """

    corners: tuple[tuple[float, float], ...]
    bends: tuple[tuple[float, ...], ...]
    delivered_dpi: float
    scan_dpi: float
    width: int
    height: int
    dpi: float


class PageReading(Frozen):
    """One page as read. Words, codes and marks are in pixels of the upright, deskewed image (width, height, dpi).

    rotation: degrees clockwise by which the page as delivered was turned to stand upright.
    text_layer: words came from the file's own text if it is `trusted`.
    flattening: of a photograph; None for a scan. seconds: wall time by stage.
    """

    sha256: Sha256
    page: int
    width: int
    height: int
    dpi: float
    rotation: Literal[0, 90, 180, 270]
    words: tuple[Word, ...]
    codes: tuple[Code, ...] = ()
    marks: tuple[Mark, ...] = ()
    quality: Quality
    text_layer: TextLayer = "none"
    flattening: Flattening | None = None
    seconds: dict[str, float] = Field(default_factory=dict)

    @property
    def text(self) -> str:
        """The page's text, one line a line, in reading order."""
        lines: dict[int, list[str]] = {}
        for word in self.words:
            lines.setdefault(word.line, []).append(word.text)
        return "\n".join(" ".join(words) for _, words in sorted(lines.items()))


class PageSize(Frozen):
    """Width and height in pixels at `dpi`, found without decoding the page."""

    width: int
    height: int
    dpi: float


class FileInfo(Frozen):
    """What a file says of itself before its pages are decoded. media_type by content, not by name.

    pdf_version: `1.7`, of the header or of the catalogue where that is newer; None for pictures.
    """

    sha256: Sha256
    media_type: Literal["application/pdf", "image/tiff", "image/jpeg", "image/png"]
    pages: tuple[PageSize, ...]
    signatures: tuple[Signature, ...] = ()
    pdf_version: str | None = None


class FileReading(Frozen):
    """A dropped file, read. name: as dropped, NFC."""

    name: str
    info: FileInfo
    pages: tuple[PageReading, ...]
