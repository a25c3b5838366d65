"""A sheet photographed by phone: it lies on a desk, bent a little, seen from aside, in uneven light."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Points = NDArray[np.float64]
_STRIPS = 40
_DESKS = ((116, 84, 58), (92, 66, 48), (70, 72, 78), (120, 116, 108), (54, 62, 70), (146, 112, 78))


@dataclass(frozen=True)
class _Pose:
    """tilt: degrees about the three axes. bend: heights of a cubic across the sheet, in its widths. far: of the
    camera, in longer sides of the sheet. room: desk around the sheet, in its sides."""

    tilt: tuple[float, float, float]
    bend: tuple[float, float]
    far: float
    room: float


def photograph(page: Image, seed: int, shade: float, blur: float, noise: float) -> Image:
    """The picture of an RGB page. shade: of light lost at the dark end, 0..1; blur in pixels; noise in grey levels."""
    chance = np.random.default_rng(seed)
    pose = _Pose(
        tilt=(chance.uniform(-12, 12), chance.uniform(-12, 12), chance.uniform(-4, 4)),
        bend=(chance.uniform(-0.05, 0.05), chance.uniform(-0.03, 0.03)),
        far=chance.uniform(1.5, 2.2),
        room=chance.uniform(0.05, 0.14),
    )
    height, width = page.shape[:2]
    edges = _seen(pose, width, height)
    size = (round(width * (1 + 2 * pose.room)), round(height * (1 + 2 * pose.room)))
    edges = _framed(edges, size, pose.room)
    sheet, mask = _laid(page, edges, size)
    desk = _desk(chance, size)
    shadow = cv2.GaussianBlur(np.roll(mask, (6, 9), (0, 1)), (0, 0), width / 120)
    out = desk * (1 - 0.45 * shadow[..., None])
    out = out * (1 - mask[..., None]) + sheet * mask[..., None]
    out *= _light(chance, size, shade)[..., None]
    out = np.asarray(cv2.GaussianBlur(out.astype(np.float32), (0, 0), max(blur, 0.1)), np.float64)
    out += chance.normal(0, noise, (size[1], size[0], 1))
    return out.clip(0, 255).astype(np.uint8)


def _seen(pose: _Pose, width: int, height: int) -> Points:
    """Where the sheet's upper and lower edge come to lie: 2 x (_STRIPS + 1) x 2, about the picture's middle."""
    u = np.linspace(-0.5, 0.5, _STRIPS + 1)
    lift = width * (pose.bend[0] * (1 - 4 * u**2) + pose.bend[1] * 8 * u * (u**2 - 0.25))
    across = u * width
    points = np.stack(
        [np.stack([across, np.full_like(u, side * height), lift], axis=1) for side in (-0.5, 0.5)]
    )
    a, b, c = np.radians(pose.tilt)
    about_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    about_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    turned = points @ (about_z @ about_y @ about_x).T
    far = pose.far * max(width, height)
    return np.asarray(turned[..., :2] * (far / (far - turned[..., 2:])), np.float64)


def _framed(edges: Points, size: tuple[int, int], room: float) -> Points:
    """The edges moved and scaled to leave some desk on every side of the picture."""
    low, high = edges.min(axis=(0, 1)), edges.max(axis=(0, 1))
    inner = np.array(size) * (1 - room)
    scale = float((inner / (high - low)).min())
    return np.asarray((edges - (low + high) / 2) * scale + np.array(size) / 2, np.float64)


def _laid(
    page: Image, edges: Points, size: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The page drawn between its edges, strip by strip (each is flat), and how much of each pixel it covers."""
    height, width = page.shape[:2]
    sheet = np.full((size[1], size[0], 3), 255.0)
    cover = np.zeros((size[1], size[0]))
    cuts = np.linspace(0, width, _STRIPS + 1)
    for at in range(_STRIPS):
        left, right = cuts[at], cuts[at + 1]
        flat = np.array([[left, 0], [right, 0], [right, height], [left, height]], np.float32)
        place = np.stack([edges[0, at], edges[0, at + 1], edges[1, at + 1], edges[1, at]])
        x0, y0 = np.maximum(np.floor(place.min(axis=0)).astype(int) - 2, 0)
        x1, y1 = np.minimum(np.ceil(place.max(axis=0)).astype(int) + 2, size)
        here = (place - (x0, y0)).astype(np.float32)
        matrix = cv2.getPerspectiveTransform(flat, here)
        drawn = cv2.warpPerspective(
            page, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
        )
        inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillConvexPoly(inside, np.round(here * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
        part = inside[..., None] > cover[y0:y1, x0:x1, None] * 255
        sheet[y0:y1, x0:x1] = np.where(part, drawn, sheet[y0:y1, x0:x1])
        cover[y0:y1, x0:x1] = np.minimum(cover[y0:y1, x0:x1] + inside / 255.0, 1.0)
    return sheet, cover


def _desk(chance: np.random.Generator, size: tuple[int, int]) -> NDArray[np.float64]:
    """A table top with a grain along one way."""
    colour = np.array(_DESKS[int(chance.integers(len(_DESKS)))], np.float64)
    grain = chance.random((size[1] // 3 + 1, size[0] // 60 + 2))
    if chance.random() < 0.5:
        grain = chance.random((size[1] // 60 + 2, size[0] // 3 + 1))
    grain = np.asarray(cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC), np.float64)
    return colour * (0.8 + 0.4 * grain[..., None])


def _light(chance: np.random.Generator, size: tuple[int, int], shade: float) -> NDArray[np.float64]:
    """Lamp and hand: a slope of light and a soft shadow, 1 in full light."""
    x, y = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    angle = chance.uniform(0, 2 * np.pi)
    slope = 0.5 + 0.35 * (x * np.cos(angle) + y * np.sin(angle))
    cx, cy, wide = chance.uniform(-1, 1), chance.uniform(-1, 1), chance.uniform(0.4, 0.9)
    hand = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / wide**2)
    return np.asarray((1 - shade * slope) * (1 - 0.5 * shade * hand), np.float64)
