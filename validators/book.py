"""Every module of rules: importing this one registers them all. A new module needs its line here."""

from validators import outside
from validators.clean import files, forms, image, text
from validators.correct import agreement, codes, dates, identity
from validators.correct import papers as correct_papers
from validators.correct import units as correct_units
from validators.live import papers as live_papers
from validators.live import rules_in_force
from validators.live import units as live_units
from validators.sufficient import components, fields

MODULES = (
    *(agreement, codes, correct_papers, correct_units, dates, identity),
    *(components, fields),
    *(files, forms, image, text),
    *(live_papers, live_units, rules_in_force),
    outside,
)
