"""What hands leave on paper, as SVG: pen digits, signatures, round seals, received stamps.

Digits are drawn from skeletons of our own, not from a font: a `1` with a long flag, a crossed 7, a leaning 0.
"""

from __future__ import annotations

import math
from random import Random
from xml.sax.saxutils import escape

Point = tuple[float, float]
BLUE = ("#1c3fa8", "#2346b5", "#12308c", "#2b4fc2")
BLACK = ("#1b1b22", "#26262c")
RED = ("#d3202b", "#c81e2a", "#da2f38", "#cf2440")


def _arc(cx: float, cy: float, rx: float, ry: float, a0: float, a1: float, n: int = 9) -> list[Point]:
    return [
        (
            cx + rx * math.cos(math.radians(a0 + (a1 - a0) * i / n)),
            cy + ry * math.sin(math.radians(a0 + (a1 - a0) * i / n)),
        )
        for i in range(n + 1)
    ]


# Unit box: x 0..0.6, y 0 (top) .. 1 (base line). Each digit has ways of writing it, each way some strokes.
_SKELETONS: dict[str, list[list[list[Point]]]] = {
    "0": [[_arc(0.3, 0.5, 0.27, 0.5, -70, 300, 14)], [_arc(0.3, 0.5, 0.24, 0.48, -100, 275, 14)]],
    "1": [
        [[(0.02, 0.42), (0.18, 0.22), (0.34, 0.0), (0.33, 0.5), (0.31, 1.0)]],
        [[(0.1, 0.3), (0.34, 0.02), (0.3, 1.0)]],
    ],
    "2": [
        [[*_arc(0.29, 0.27, 0.25, 0.27, 190, 360, 6), (0.42, 0.6), (0.05, 0.98), (0.3, 0.94), (0.6, 0.97)]],
        [
            [
                *_arc(0.28, 0.26, 0.24, 0.26, 200, 370, 6),
                (0.3, 0.72),
                (0.08, 0.95),
                (0.15, 0.86),
                (0.3, 0.97),
                (0.58, 0.92),
            ]
        ],
    ],
    "3": [
        [
            [
                *_arc(0.26, 0.24, 0.26, 0.24, 205, 420, 7),
                (0.2, 0.47),
                *_arc(0.26, 0.73, 0.3, 0.27, -75, 150, 8),
            ]
        ],
        [[(0.06, 0.04), (0.5, 0.02), (0.24, 0.4), *_arc(0.26, 0.7, 0.28, 0.3, -70, 150, 8)]],
    ],
    "4": [
        [[(0.28, 0.02), (0.04, 0.6), (0.3, 0.58), (0.6, 0.55)], [(0.44, 0.3), (0.4, 0.7), (0.38, 1.0)]],
        [[(0.12, 0.05), (0.06, 0.5), (0.3, 0.52), (0.58, 0.46)], [(0.5, 0.02), (0.46, 0.5), (0.42, 1.02)]],
    ],
    "5": [
        [
            [(0.12, 0.04), (0.08, 0.42), *_arc(0.26, 0.68, 0.29, 0.3, -95, 145, 9)],
            [(0.12, 0.04), (0.35, 0.03), (0.58, 0.0)],
        ],
    ],
    "6": [[[(0.48, 0.0), (0.22, 0.28), (0.06, 0.62), *_arc(0.3, 0.74, 0.24, 0.25, 180, -170, 12)]]],
    "7": [
        [[(0.02, 0.08), (0.2, 0.04), (0.58, 0.03), (0.4, 0.45), (0.24, 1.0)], [(0.14, 0.52), (0.54, 0.47)]],
        [[(0.03, 0.05), (0.57, 0.02), (0.42, 0.4), (0.3, 1.0)]],
    ],
    "8": [
        [
            [
                (0.5, 0.12),
                *_arc(0.3, 0.24, 0.21, 0.22, -30, -230, 7),
                (0.4, 0.55),
                *_arc(0.29, 0.76, 0.25, 0.24, -20, 250, 9),
                (0.5, 0.14),
            ]
        ]
    ],
    "9": [
        [[(0.54, 0.16), *_arc(0.3, 0.27, 0.24, 0.26, -30, -355, 11), (0.52, 0.3), (0.48, 0.65), (0.34, 1.0)]]
    ],
    "/": [[[(0.45, -0.1), (0.1, 1.1)]]],
}


def svg(width: float, height: float, body: str, css: str = "") -> str:
    """A picture of width x height millimetres, one unit a millimetre."""
    return (
        f'<svg {css} xmlns="http://www.w3.org/2000/svg" width="{width:.2f}mm" height="{height:.2f}mm"'
        f' viewBox="0 0 {width:.2f} {height:.2f}">{body}</svg>'
    )


def _smooth(points: list[Point]) -> str:
    """A Catmull-Rom curve through the points, as Bézier segments."""
    path = f"M{points[0][0]:.2f} {points[0][1]:.2f}"
    ends = [points[0], *points, points[-1]]
    for i in range(1, len(ends) - 2):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = ends[i - 1 : i + 3]
        path += (
            f"C{bx + (cx - ax) / 6:.2f} {by + (cy - ay) / 6:.2f} {cx - (dx - bx) / 6:.2f} {cy - (dy - by) / 6:.2f}"
            f" {cx:.2f} {cy:.2f}"
        )
    return path


def pen_digits(
    rng: Random, text: str, colour: str, height_mm: float = 4.6, width_mm: float | None = None
) -> str:
    """Digits as one hand writes them: a common slant and pen, jitter per digit. An inline SVG."""
    pen = width_mm or rng.uniform(0.34, 0.6)
    slant = rng.uniform(0.02, 0.32)
    x, paths = 0.8, []
    for char in text:
        strokes = rng.choice(_SKELETONS[char])
        scale = height_mm * rng.uniform(0.86, 1.08)
        lift = rng.uniform(-0.35, 0.35)
        lean = slant + rng.uniform(-0.05, 0.08)
        for stroke in strokes:
            points = [
                (
                    x + scale * (px * 0.92 + lean * (1 - py)) + rng.gauss(0, 0.07),
                    1.2 + lift + (height_mm - scale) + scale * py + rng.gauss(0, 0.07),
                )
                for px, py in stroke
            ]
            stroke_width = pen * rng.uniform(0.9, 1.12)
            paths.append(
                f'<path d="{_smooth(points)}" fill="none" stroke="{colour}" stroke-width="{stroke_width:.2f}"'
                ' stroke-linecap="round" stroke-linejoin="round"/>'
            )
        x += scale * (0.44 if char == "1" else 0.62) + rng.uniform(0.35, 1.0)
    width, height = x + height_mm * slant + 0.6, height_mm + 2.4
    return svg(width, height, "".join(paths), 'class="pen"')


def signature(rng: Random, colour: str, width: float = 42, height: float = 20) -> str:
    """A scrawl in one of three manners: peaks, loops, or one bold initial; then a long stroke."""
    manner = rng.choice(("peaks", "loops", "initial"))
    x, middle = width * 0.12, height * rng.uniform(0.5, 0.65)
    points: list[Point] = [(x, middle)]
    if manner == "peaks":
        for _ in range(rng.randrange(3, 6)):
            x += width * rng.uniform(0.07, 0.14)
            points += [
                (x - width * rng.uniform(-0.02, 0.05), height * rng.uniform(0.08, 0.4)),
                (x + width * rng.uniform(0.0, 0.05), height * rng.uniform(0.55, 0.9)),
            ]
    elif manner == "loops":
        for _ in range(rng.randrange(3, 6)):
            size = height * rng.uniform(0.14, 0.36)
            points += _arc(x, middle - size / 2, size * 0.5, size, 100, -230, 6)
            x += width * rng.uniform(0.08, 0.14)
    else:
        points += _arc(x + width * 0.12, height * 0.42, width * 0.13, height * 0.36, 150, 470, 9)
        x += width * 0.22
        for _ in range(rng.randrange(2, 5)):
            x += width * rng.uniform(0.05, 0.1)
            points += [
                (x, middle - height * rng.uniform(0.05, 0.2)),
                (x + width * 0.03, middle + height * 0.05),
            ]
    points += [
        (x + width * 0.1, height * 0.45),
        (width * rng.uniform(0.86, 0.98), height * rng.uniform(0.15, 0.75)),
    ]
    if rng.random() < 0.5:
        points += [(width * 0.55, height * 0.97), (width * rng.uniform(0.15, 0.3), height * 0.9)]
    pen = rng.uniform(0.4, 0.7)
    return svg(
        width,
        height,
        f'<path d="{_smooth(points)}" fill="none" stroke="{colour}" stroke-width="{pen:.2f}" stroke-linecap="round"/>',
        'class="ink-signature"',
    )


def round_seal(rng: Random, around: str, below: str, colour: str, size: float = 36) -> str:
    """A red round seal: double ring, text around, a star in the middle."""
    c, turn = size / 2, rng.uniform(-14, 14)
    letters = []

    def ring(text: str, radius: float, start: float, end: float, flip: bool, em: float) -> None:
        for i, char in enumerate(text):
            angle = start + (end - start) * (i + 0.5) / len(text)
            spin = angle - 90 if flip else angle + 90
            px = c + radius * math.cos(math.radians(angle))
            py = c + radius * math.sin(math.radians(angle))
            letters.append(
                f'<text transform="translate({px:.2f} {py:.2f}) rotate({spin:.1f})" text-anchor="middle"'
                f' font-size="{em}" font-weight="bold" fill="{colour}">{escape(char)}</text>'
            )

    ring(around, c - 4.6, -210, 30, False, 2.9)
    ring(below, c - 2.6, 140, 40, True, 2.6)
    star = " ".join(
        f"{c + r * math.sin(math.radians(36 * k)):.2f},{c - r * math.cos(math.radians(36 * k)):.2f}"
        for k, r in ((k, 4.4 if k % 2 == 0 else 1.8) for k in range(10))
    )
    rings = "".join(
        f'<circle cx="{c}" cy="{c}" r="{r:.2f}" fill="none" stroke="{colour}" stroke-width="{w}"/>'
        for r, w in ((c - 0.5, 0.7), (c - 1.5, 0.25), (c * 0.56, 0.35))
    )
    middle = f'<polygon points="{star}" fill="{colour}"/>'
    body = f'<g transform="rotate({turn:.1f} {c} {c})">{rings}{middle}{"".join(letters)}</g>'
    return svg(size, size, body, 'class="ink-seal"')


def received_stamp(rng: Random, office: str, number: str, day: str, colour: str, pen_colour: str) -> str:
    """The box of the mail desk: office, ĐẾN, number and day written into it."""
    turn = rng.uniform(-4, 4)
    return (
        f'<div class="received" style="color:{colour};border-color:{colour};transform:rotate({turn:.1f}deg)">'
        f"<b>{escape(office)}</b><div><b>ĐẾN</b> Số: {pen_digits(rng, number, pen_colour, 3.6)}</div>"
        f"<div>Ngày: {pen_digits(rng, day, pen_colour, 3.4)}</div></div>"
    )
