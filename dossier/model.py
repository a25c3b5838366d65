"""The base of all values that rooms hand to one another: frozen, typed, unknown keys refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels of the upright page image at the stated dpi; origin top left."""

Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

Word4 = Literal["correct", "sufficient", "clean", "live"]
"""The four words: đúng, đủ, sạch, sống."""
Verdict = Literal["PASS", "FAIL", "NOT_APPLICABLE", "UNKNOWN"]
Severity = Literal["BLOCK", "WARN", "INFO"]
Band = Literal["green", "yellow", "red", "none"]
"""Bands of a score (CV 4856/BCA-TTDLQG, Annex 3); none: nothing was judged."""
State = Literal["checked", "returned", "refused"]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def places(error: ValidationError) -> str:
    """Each wrong key of what was validated, with what is wrong there, on one line."""
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
