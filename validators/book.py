"""Every module of rules: importing this one registers them all. A new module needs its line here."""

__all__ = [
    *("agreement", "codes", "components", "correct_papers", "dates", "fields", "files", "identity", "image"),
    *("live_papers", "outside", "rules_in_force", "text"),
]
