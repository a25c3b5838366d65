"""The second reader: AsterOCR's line recogniser, run by ourselves.

Only its network and its vocabulary are used. The package also carries a web studio, tunnels and a download
fallback; none of it is imported.
"""

from __future__ import annotations

import importlib.util
from itertools import groupby

import cv2
import numpy as np
import numpy.typing as npt

from dossier.errors import ConfigurationError
from dossier.text.vietnamese import clean
from ocr.engines.base import Grey, Line
from ocr.engines.onnx import session
from ocr.engines.package import package_file, package_version

HEIGHT = 32
LONGEST = 32  # width : height; longer lines are read worse, so they are split (measured)
BLANK = 0


class AsterEngine:
    """LineEngine on the network of `asterocr`."""

    name = "aster"

    def __init__(self) -> None:
        self.version = package_version("asterocr")
        self._letters = _vocabulary()
        self._session = session(package_file("asterocr", "assets", "asternet.onnx"))

    def lines(self, crops: list[Grey]) -> list[Line]:
        return [self._line(crop) for crop in crops]

    def _line(self, crop: Grey) -> Line:
        parts = [self._part(part) for part in split(crop)]
        read = [part for part in parts if part.text]
        letters = sum(len(part.text) for part in read)
        if not letters:
            return Line("", 0.0)
        confidence = float(np.exp(sum(len(p.text) * np.log(max(p.confidence, 1e-6)) for p in read) / letters))
        return Line(clean(" ".join(part.text for part in read)), min(confidence, 1.0))

    def _part(self, crop: Grey) -> Line:
        height, width = crop.shape
        if height < 3 or width < 3:
            return Line("", 0.0)
        wide = max(HEIGHT, width * HEIGHT // height)
        wide = (wide + 3) // 4 * 4
        shrink = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_LINEAR
        small = cv2.resize(crop, (wide, HEIGHT), interpolation=shrink).astype(np.float32) / 127.5 - 1.0
        pixels = np.repeat(small[None, None], 3, axis=1)
        scores = self._session.run(None, {"images": pixels})[0][:, 0, :]
        return self._decode(scores)

    def _decode(self, scores: npt.NDArray[np.float32]) -> Line:
        """Greedy CTC: repeats fall together, blanks fall away. scores: steps x letters, log probabilities."""
        best = scores.argmax(axis=1)
        letters: list[str] = []
        logs: list[float] = []
        step = 0
        for index, run in groupby(best.tolist()):
            length = len(list(run))
            if index != BLANK:
                letters.append(self._letters[index])
                logs.append(float(scores[step : step + length, index].max()))
            step += length
        if not letters:
            return Line("", 0.0)
        return Line(clean("".join(letters)), float(np.exp(np.mean(logs))))


def split(crop: Grey) -> list[Grey]:
    """A long line in pieces of at most LONGEST heights, cut at the widest gap near the end of each piece."""
    height, width = crop.shape
    pieces = []
    while width > LONGEST * height and height:
        limit = LONGEST * height
        ink = crop[:, :limit].min(axis=0) < int(crop.max()) * 0.6
        start = limit // 2
        gaps = [(end - begin, begin, end) for begin, end in _gaps(ink[start:])]
        cut = start + (max(gaps)[1] + max(gaps)[2]) // 2 if gaps else limit
        pieces.append(crop[:, :cut])
        crop = crop[:, cut:]
        width -= cut
    return [*pieces, crop]


def _gaps(ink: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([True], ink, [True])).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def _vocabulary() -> list[str]:
    path = package_file("asterocr", "vocab.py")
    spec = importlib.util.spec_from_file_location("_aster_vocabulary", path)
    if spec is None or spec.loader is None:
        raise ConfigurationError("model-missing", "the vocabulary of asterocr cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.DEFAULT_CHARS)
