"""The signer's corner of a paper: title lines, seal, scrawl, name; and dates whose digits a pen may have written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from samples.ink import BLACK, BLUE, RED, pen_digits, round_seal, signature
from samples.wording import long_date


@dataclass(frozen=True)
class Signer:
    """Millimetres from the left and the top of the signer's column."""

    lines: tuple[str, ...]
    name: str
    seal: str = ""
    seal_x: float = 0
    seal_y: float = 0
    scrawl: str = ""
    scrawl_x: float = 0
    scrawl_y: float = 0
    room: float = 20
    hint: str = ""
    bold: bool = True


def ink_colour(rng: Random) -> str:
    return rng.choice(BLUE if rng.random() < 0.75 else BLACK)


def official(
    rng: Random, lines: tuple[str, ...], name: str, around: str, below: str = "CẦN THƠ", hint: str = ""
) -> Signer:
    """A signer with a seal over a third of the signature, from the left (Decree 30/2020)."""
    top = 5.5 * len(lines)
    return Signer(
        lines=lines,
        name=name,
        seal=round_seal(rng, around, below, rng.choice(RED), rng.uniform(34, 37)),
        seal_x=rng.uniform(-7, 7),
        seal_y=top + rng.uniform(-9, 0),
        scrawl=signature(rng, ink_colour(rng), rng.uniform(36, 50), rng.uniform(17, 26)),
        scrawl_x=rng.uniform(18, 32),
        scrawl_y=top + rng.uniform(-5, 4),
        room=rng.uniform(20, 27),
        hint=hint,
    )


def private(rng: Random, title: str, name: str, hint: str = "") -> Signer:
    return Signer(
        lines=(title,),
        name=name,
        scrawl=signature(rng, ink_colour(rng), rng.uniform(30, 42), rng.uniform(12, 18)),
        scrawl_x=rng.uniform(14, 30),
        scrawl_y=rng.uniform(7, 11),
        room=rng.uniform(14, 18),
        hint=hint,
        bold=False,
    )


def written_date(rng: Random, day: date, pen: str | None, month_too: bool = False) -> str:
    """`ngày .. tháng .. năm ....`; with a pen colour the day (and month) are drawn."""
    if pen is None:
        return long_date(day)
    month = f"{day.month:02d}" if day.month < 3 or rng.random() < 0.3 else str(day.month)
    shown = pen_digits(rng, month, pen) if month_too else month
    return f"ngày {pen_digits(rng, f'{day.day:02d}', pen)} tháng {shown} năm {day.year}"
