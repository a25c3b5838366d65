"""Every module of rules: importing this one registers them all. A new module in one of the four rooms is found."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from validators import clean, correct, live, sufficient

MODULES = tuple(
    import_module(f"{room.__name__}.{module.name}")
    for room in (correct, sufficient, clean, live)
    for module in iter_modules(room.__path__)
)
