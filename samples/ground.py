"""The printed grounds of certificates: waves, rosettes, frames, as SVG behind the text."""

from __future__ import annotations

import math
from random import Random

from samples.ink import svg


def waves(rng: Random, width: float, height: float, colour: str, step: float = 3.2) -> str:
    """Fine waves over the whole leaf, millimetres."""
    lines, drift = [], rng.uniform(0.1, 0.3)
    for k in range(int(height / step) + 3):
        swing = 1.6 + 1.2 * math.sin(k * drift)
        points = " ".join(
            f"{x},{k * step - 2 + swing * math.sin(x / 11 + k * drift):.2f}"
            for x in range(0, int(width) + 4, 3)
        )
        lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width=".18"/>')
    return svg(width, height, "".join(lines))


def rosette(size: float, colour: str, leaves: int = 18) -> str:
    """Rings and petals around one middle, like the drum and the lotus on land certificates."""
    c = size / 2
    petals = "".join(
        f'<ellipse cx="{c}" cy="{c * 0.42:.2f}" rx="{c * 0.11:.2f}" ry="{c * 0.3:.2f}" fill="none"'
        f' stroke="{colour}" stroke-width=".3" transform="rotate({360 * k / leaves:.1f} {c} {c})"/>'
        for k in range(leaves)
    )
    rings = "".join(
        f'<circle cx="{c}" cy="{c}" r="{c * share:.2f}" fill="none" stroke="{colour}" stroke-width=".35"/>'
        for share in (0.2, 0.28, 0.74, 0.8, 0.9, 0.97)
    )
    return svg(size, size, rings + petals)


def sketch(rng: Random, number: str, area: str, width: float = 110, height: float = 80) -> str:
    """A parcel with its corners, the lengths of its sides, its number over its area, and its neighbours' numbers."""
    w, h = rng.uniform(30, 55), rng.uniform(26, 42)
    x, y = (width - w) / 2, (height - h) / 2
    corners = [
        (x + rng.uniform(-4, 4), y + rng.uniform(-4, 4)),
        (x + w + rng.uniform(-4, 4), y + rng.uniform(-4, 4)),
        (x + w + rng.uniform(-4, 4), y + h + rng.uniform(-3, 3)),
        (x + rng.uniform(-4, 4), y + h + rng.uniform(-3, 3)),
    ]
    outline = " ".join(f"{px:.1f},{py:.1f}" for px, py in corners)
    body = [f'<polygon points="{outline}" fill="none" stroke="#222" stroke-width=".5"/>']
    centre = (width / 2, height / 2)

    def text(px: float, py: float, shown: str, size: float = 3.2) -> None:
        body.append(
            f'<text x="{px:.1f}" y="{py:.1f}" font-size="{size}" text-anchor="middle" fill="#222">{shown}</text>'
        )

    for k, (px, py) in enumerate(corners):
        qx, qy = corners[(k + 1) % 4]
        out = 1.13 if k % 2 else 1.2
        text(centre[0] + (px - centre[0]) * out, centre[1] + (py - centre[1]) * out + 1, str(k + 1), 2.6)
        middle = ((px + qx) / 2, (py + qy) / 2)
        text(
            centre[0] + (middle[0] - centre[0]) * 0.82,
            centre[1] + (middle[1] - centre[1]) * 0.82 + 1,
            f"{math.hypot(px - qx, py - qy) / 2.5:.2f}".replace(".", ","),
            2.8,
        )
        body.append(
            f'<line x1="{px:.1f}" y1="{py:.1f}" x2="{centre[0] + (px - centre[0]) * 1.5:.1f}"'
            f' y2="{centre[1] + (py - centre[1]) * 1.5:.1f}" stroke="#444" stroke-width=".3"/>'
        )
        text(
            centre[0] + (middle[0] - centre[0]) * 1.55,
            centre[1] + (middle[1] - centre[1]) * 1.5,
            str(rng.randrange(10, 400)),
        )
    text(centre[0], centre[1] - 1, number, 4)
    body.append(
        f'<line x1="{centre[0] - 7}" y1="{centre[1]}" x2="{centre[0] + 7}" y2="{centre[1]}" stroke="#222"'
        ' stroke-width=".3"/>'
    )
    text(centre[0], centre[1] + 4, area, 3.6)
    body.append(f'<path d="M{width - 8} 4v14m-3-10l3-5 3 5" fill="none" stroke="#222" stroke-width=".5"/>')
    return svg(width, height, "".join(body))
