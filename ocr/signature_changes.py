"""What was added to a PDF after it was signed: nothing, what belongs to signing, or something else.

An incremental update leaves the signed bytes as they are and can still show another page. The judgement is pyHanko's
difference analysis, which lets nothing pass that it does not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dossier.pdf_forms import walkable
from dossier.reading import AddedAfter

if TYPE_CHECKING:
    from pyhanko.sign.validation import EmbeddedPdfSignature

MOST_REVISIONS = 50  # later ones are each held against the signed one; a paper that goes round has under ten
MOST_OBJECTS = 60_000  # of the signed file; the longest one that is read, of 2,000 pages, has some thousands


def added_after(embedded: EmbeddedPdfSignature) -> AddedAfter:
    """`embedded` has its coverage computed and covers at least its own revision.

    May raise what parsers raise on hostile bytes.
    """
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel

    if embedded.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "nothing"
    reader, xrefs = embedded.reader, embedded.reader.xrefs
    if xrefs.total_revisions > MOST_REVISIONS or len(xrefs.explicit_refs_in_revision(0)) > MOST_OBJECTS:
        return "unknown"
    later = range(embedded.signed_revision, xrefs.total_revisions)
    if not all(walkable(reader.get_historical_resolver(revision).root) for revision in later):
        return "unknown"
    found = embedded.evaluate_modifications(DEFAULT_DIFF_POLICY)
    if not isinstance(found, DiffResult):
        return "other"
    level, allowed = found.modification_level, embedded.docmdp_level
    if level <= ModificationLevel.LTA_UPDATES:
        return "validation-data"
    if level == ModificationLevel.FORM_FILLING and (allowed is None or level.value <= allowed.value):
        return "fields"
    return "other"
