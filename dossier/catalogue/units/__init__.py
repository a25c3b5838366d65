"""Administrative units, dated: those of a day, what an address names, what became of them (docs/units.md)."""

from dossier.catalogue.units.carry import Carried, Method, carried
from dossier.catalogue.units.lists import LISTED_DAYS, TWO_LEVELS, Unit, lists, place, unit
from dossier.catalogue.units.parse import Parsed, parse_address

__all__ = [
    "LISTED_DAYS",
    "TWO_LEVELS",
    "Carried",
    "Method",
    "Parsed",
    "Unit",
    "carried",
    "lists",
    "parse_address",
    "place",
    "unit",
]
