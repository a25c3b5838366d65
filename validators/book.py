"""Every module of rules: importing this one registers them all. A new module needs its line here."""

from validators import outside
from validators.clean import files, image, text
from validators.correct import (
    agreement,
    business,
    codes,
    dates,
    events,
    identity,
    land,
    licences,
    population,
    signed,
)
from validators.correct import papers as correct_papers
from validators.live import papers as live_papers
from validators.live import people as live_people
from validators.live import rules_in_force, terms, upkeep
from validators.sufficient import components, fields

MODULES = (
    *(
        agreement,
        business,
        codes,
        correct_papers,
        dates,
        events,
        identity,
        land,
        licences,
        population,
        signed,
    ),
    *(components, fields),
    *(files, image, text),
    *(live_papers, live_people, rules_in_force, terms, upkeep),
    outside,
)
