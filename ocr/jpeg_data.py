"""Whether the data of a JPEG are damaged: decoders go on past errors, and Pillow does not pass their word on."""

from __future__ import annotations

import os
import tempfile

import cv2
import numpy as np

_WORDS = (b"Corrupt JPEG data", b"Premature end of JPEG")
"""How libjpeg begins its warnings of damage (jerror.h)."""


def is_damaged(data: bytes) -> bool:
    """Whether libjpeg warns while it decodes, or gives up.

    Its warnings go to the error output of the process and nowhere else, so that is turned aside meanwhile: for
    processes that do one thing at a time.
    """
    with tempfile.TemporaryFile() as heard:
        error_output = os.dup(2)
        os.dup2(heard.fileno(), 2)
        try:
            # An eighth of the size: all data are gone through, and few pixels made of them.
            pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8)
        except cv2.error:
            return True
        finally:
            os.dup2(error_output, 2)
            os.close(error_output)
        heard.seek(0)
        said = heard.read()
    return pixels is None or any(word in said for word in _WORDS)
