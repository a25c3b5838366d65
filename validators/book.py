"""Every module of rules: importing this one registers them all. A new module needs its line here."""

from validators import outside
from validators.clean import files, image, text
from validators.correct import agreement, codes, dates, identity
from validators.correct import papers as correct_papers
from validators.live import papers as live_papers
from validators.live import rules_in_force
from validators.sufficient import components, exempt, fields, lookups, requirements, results, special

MODULES = (
    *(agreement, codes, correct_papers, dates, identity),
    *(components, exempt, fields, lookups, requirements, results, special),
    *(files, image, text),
    *(live_papers, rules_in_force),
    outside,
)
