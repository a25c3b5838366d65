"""The numbers of one page, each with the limit that a rule holds it to."""

from __future__ import annotations

from dossier.reading import PageReading
from flows.look.facts import Measure
from validators.clean.image import FAINT
from validators.weights import weights

_LAYERS = {"none": "không có", "trusted": "có, tin được", "rejected": "có, không khớp ảnh nên bỏ"}


def measures(page: PageReading) -> tuple[Measure, ...]:
    """Quality, turn and text layer of the page. Limits as rules S11 and S12 have them."""
    seen, limits = page.quality, weights().page
    crisp = seen.sharpness / max(seen.ink, FAINT)
    return (
        Measure(
            name="dpi",
            title="Độ phân giải bản quét",
            value=f"{seen.dpi:.0f} dpi",
            limit=f"≥ {limits.dpi_floor:.0f}, nên {limits.dpi_wanted:.0f}",
            ok=seen.dpi >= limits.dpi_floor if seen.dpi > 0 else None,
        ),
        Measure(name="working_dpi", title="Đọc ở", value=f"{page.dpi:.0f} dpi, {page.width} × {page.height}"),
        Measure(name="rotation", title="Đã xoay", value=f"{page.rotation}°"),
        Measure(
            name="skew",
            title="Nghiêng",
            value=f"{_number(seen.skew, 2)}°",
            limit=f"≤ {_number(limits.skew_limit)}°, lưu ý từ {_number(limits.skew_noted)}°",
            ok=abs(seen.skew) <= limits.skew_limit,
        ),
        Measure(
            name="sharpness",
            title="Độ nét theo lượng mực",
            value=_number(crisp),
            limit=f"≥ {_number(limits.sharpness)}",
            ok=None if seen.blank else crisp >= limits.sharpness,
        ),
        Measure(
            name="contrast",
            title="Tương phản",
            value=_number(seen.contrast, 2),
            limit=f"≥ {_number(limits.contrast, 2)}",
            ok=None if seen.blank else seen.contrast >= limits.contrast,
        ),
        Measure(
            name="black_border",
            title="Viền đen",
            value=_percent(seen.black_border),
            limit=f"≤ {_percent(limits.black_border)}",
            ok=seen.black_border <= limits.black_border,
        ),
        Measure(name="ink", title="Mực", value=_percent(seen.ink, 1)),
        Measure(name="coloured_ink", title="Mực màu", value=_percent(seen.coloured_ink, 2)),
        Measure(name="colour", title="Quét màu", value="có" if seen.colour else "không"),
        Measure(name="blank", title="Trang trắng", value="có" if seen.blank else "không"),
        Measure(name="text_layer", title="Lớp chữ của tệp", value=_LAYERS[page.text_layer]),
    )


def _number(value: float, places: int = 0) -> str:
    """As written in Vietnam: a point between thousands, a comma before decimals."""
    return f"{value:,.{places}f}".translate({ord(","): ".", ord("."): ","})


def _percent(value: float, places: int = 0) -> str:
    return f"{_number(100 * value, places)} %"
