"""The scanner and the years: from a clean page image to what comes out of an office's machine.

Grades: `clean` is a careful scan; `office` what a one-stop shop makes every day; `hard` what it would like to
send back; `photo` is taken by phone (samples/photo.py). All chance comes from the generator that is handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.photo import photograph
from samples.render import Image

Grade = Literal["clean", "office", "hard", "photo"]
SCANNED: tuple[Grade, ...] = ("clean", "office", "hard")
Gray = NDArray[np.float32]


@dataclass(frozen=True)
class Scan:
    """Settings of one pass over the glass. turn: quarter turns, degrees; skew in degrees; noise in grey levels.

    plastic: a card, through which nothing shows and whose printed red does not fade.
    """

    grade: Grade
    dpi: int
    colour: bool
    quality: int
    skew: float = 0.0
    turn: int = 0
    noise: float = 0.0
    blur: float = 0.0
    faint: float = 0.0
    shade: float = 0.0
    bleed: float = 0.0
    tint: tuple[int, int, int] = (255, 255, 255)
    border: bool = False
    compact: bool = False
    plastic: bool = False


def settings(rng: Random, grade: Grade, card: bool = False, frugal: bool = False) -> Scan:
    """One scanner's way with one paper. Cards are scanned in colour and never under 200 dpi.

    frugal: small files, for what is shipped; never under 200 dpi.
    """
    how = replace(_settings(rng, grade, card), plastic=card)
    if frugal:
        return replace(
            how,
            dpi=240 if card else 200,
            quality=min(how.quality, 60),
            noise=min(how.noise, 1.5),
            compact=not card and rng.random() < 0.85,
            turn=0,
        )
    return how


def _settings(rng: Random, grade: Grade, card: bool) -> Scan:
    if grade == "clean":
        return Scan(
            grade,
            rng.choice((200, 300)) if not card else 300,
            card or rng.random() < 0.5,
            80,
            skew=rng.uniform(-0.15, 0.15),
            noise=0.5,
        )
    if grade == "office":
        warm = rng.randrange(243, 254)
        return Scan(
            grade,
            dpi=300 if card else rng.choice((200, 200, 240, 300)),
            colour=card or rng.random() < 0.45,
            quality=rng.randrange(66, 78),
            skew=rng.gauss(0, 0.6),
            turn=rng.choice((0,) * 14 + (180,)),
            noise=rng.uniform(0.8, 2.8),
            blur=rng.uniform(0.2, 0.5),
            faint=rng.choice((0, 0, 0.12)),
            shade=rng.uniform(0.0, 0.06),
            bleed=rng.choice((0, 0, 0.035)),
            tint=(warm, warm - rng.randrange(3), warm - rng.randrange(6)),
            compact=not card and rng.random() < 0.25,
        )
    if grade == "photo":
        return Scan(
            grade,
            dpi=300 if card else 220,
            colour=True,
            quality=rng.randrange(72, 86),
            turn=rng.choice((0, 0, 0, 0, 90, 270)),
            noise=rng.uniform(1.5, 4),
            blur=rng.uniform(0.3, 0.8),
            shade=rng.uniform(0.1, 0.35),
        )
    warm = rng.randrange(222, 246)
    return Scan(
        grade,
        dpi=rng.choice((200, 240)) if card else rng.choice((150, 150, 200, 200, 300)),
        colour=card or rng.random() < 0.5,
        quality=rng.randrange(38, 62),
        skew=rng.uniform(-2.8, 2.8),
        turn=rng.choice((0, 0, 0, 0, 90, 180, 270)),
        noise=rng.uniform(4, 9),
        blur=rng.uniform(0.4, 0.8),
        faint=rng.choice((0, 0.2, 0.35)),
        shade=rng.uniform(0.08, 0.22),
        bleed=rng.choice((0, 0.06, 0.1)),
        tint=(warm, warm - rng.randrange(4), warm - rng.randrange(16)),
        border=rng.random() < 0.3,
    )


def _cloud(noise: np.random.Generator, shape: tuple[int, int], cell: int) -> Gray:
    """Smooth noise in 0..1 whose blotches are about `cell` pixels."""
    small = noise.random((shape[0] // cell + 2, shape[1] // cell + 2), dtype=np.float32)
    return (
        cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC).clip(0, 1).astype(np.float32)
    )


def _ink(page: NDArray[np.float32], noise: np.random.Generator, faint: float) -> NDArray[np.float32]:
    """Stamp ink is blotchy, toner fades in patches."""
    height, width = page.shape[:2]
    red = np.clip((page[..., 0] - np.maximum(page[..., 1], page[..., 2]) - 40) / 80, 0, 1)
    weak = red * (0.15 + 0.55 * _cloud(noise, (height, width), 9) * _cloud(noise, (height, width), 60))
    if faint:
        weak = np.maximum(weak, faint * (0.5 + 0.9 * _cloud(noise, (height, width), 160)))
    return np.asarray(page + (255 - page) * np.clip(weak, 0, 0.8)[..., None], np.float32)


def _rotate(page: NDArray[np.float32], degrees: float, fill: float) -> NDArray[np.float32]:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(fill, fill, fill)),
        np.float32,
    )


def scan(page: Image, how: Scan, seed: int, back: Image | None = None) -> Image:
    """The page as the scanner sees it: RGB, or grey (height x width) if the scan has no colour.

    back: what is printed on the other side, for bleed-through.
    """
    if how.grade == "photo":
        return np.ascontiguousarray(
            np.rot90(photograph(page, seed, how.shade, how.blur, how.noise), how.turn // 90)
        )
    noise = np.random.default_rng(seed)
    out = page.astype(np.float32)
    if not how.plastic:
        out = _ink(out, noise, how.faint)
    height, width = out.shape[:2]
    if how.bleed and not how.plastic:
        other = page if back is None else cv2.resize(back, (width, height))
        ghost = cv2.GaussianBlur(other[:, ::-1].astype(np.float32), (0, 0), how.dpi / 110)
        out -= (255 - ghost) * how.bleed
    out *= np.asarray(how.tint, np.float32) / 255
    if how.shade:
        xs = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        ys = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        angle = noise.uniform(0, 2 * np.pi)
        slope = (xs * np.cos(angle) + ys * np.sin(angle)).astype(np.float32)
        out *= (1 - how.shade * (0.5 + 0.5 * slope) * (0.7 + 0.6 * _cloud(noise, (height, width), 220)))[
            ..., None
        ]
    if how.skew:
        out = _rotate(out, how.skew, 30.0 if how.border else float(how.tint[0]))
    if how.blur:
        out = np.asarray(cv2.GaussianBlur(out, (0, 0), how.blur * how.dpi / 200), np.float32)
    if how.grade != "clean":
        specks = noise.random((height, width)) < (2e-6 if how.grade == "office" else 2.5e-5)
        out[cv2.dilate(specks.astype(np.uint8), np.ones((2, 2), np.uint8)) > 0] *= 0.45
    if how.noise:
        # The same grain in the three channels: a sensor's noise is mostly in lightness.
        out += noise.normal(0, how.noise, (height, width, 1)).astype(np.float32)
    result = out.clip(0, 255).astype(np.uint8)
    if how.turn:
        result = np.ascontiguousarray(np.rot90(result, how.turn // 90))
    return result if how.colour else np.asarray(cv2.cvtColor(result, cv2.COLOR_RGB2GRAY), np.uint8)
