"""Every module of faults: importing this one registers them all."""

from samples import faults_codes, faults_people, faults_scan
from samples.faults import FAULTS

MODULES = (faults_people, faults_codes, faults_scan)

NOT_ON_PAPER = {
    "D21": "asks the population database, which is not connected",
    "D22": "asks for certificates of agencies, which are not connected; paper bears no electronic signature",
    "D24": "speaks of the reading, not of the paper: what no second reader confirms",
    "L05": "speaks of types that no template reads yet, so that their terms are not seen",
    "L06": "asks the index of the office's kept records",
    "L07": "never fails: it adds the code of today's unit to an address",
    "L08": "never fails: where a unit was split, a person chooses",
    "L11": "asks the population database, which is not connected",
    "L12": "asks the index for values that were reused",
    "L13": "speaks of the handing on to other systems",
    "L14": "speaks of electronic signatures in files, which paper does not bear",
    "L15": "speaks of the time that an office took over several versions of a dossier",
    "L16": "speaks of the archive",
    "L17": "speaks of the catalogues",
    "S05": "speaks of letters as they are stored; a scan has none",
    "S06": "speaks of the text in a file; a scan has none",
    "S07": "never fails: it tells two ways to place a tone",
    "S13": "speaks of the version of a PDF file",
    "S15": "speaks of the names of files",
    "U17": "speaks of an office's counts over a period",
}
"""Rules that no planted paper can fail, and why."""

__all__ = ["FAULTS", "MODULES", "NOT_ON_PAPER"]
