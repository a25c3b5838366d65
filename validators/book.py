"""Every module of rules: importing this one registers them all. A new module needs its line here."""

from validators.correct import agreement, codes, dates, identity
from validators.correct import papers as correct_papers
from validators.sufficient import components, fields

__all__ = ["agreement", "codes", "components", "correct_papers", "dates", "fields", "identity"]
