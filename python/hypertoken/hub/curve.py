"""The picture of a training: mean return by steps."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

WIDTH, HEIGHT = 800, 360
_SCALE = 3  # drawn larger, then shrunk, for smooth lines
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 28, 40, 56
_PAPER, _GRID, _INK, _LINE = "#ffffff", "#e3e6ea", "#444b54", "#3f51b5"
_TICKS = 5
_MOST_POINTS = 2000


def picture(points: Sequence[tuple[float, float]]) -> bytes | None:
    """A PNG of a curve; None if there is none to draw, or no Pillow to draw it with."""
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError:
        return None
    seen = [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
    if len(seen) < 2:
        return None
    seen = _thinned(seen)
    across = _ticks(0.0, max(x for x, _ in seen))
    up = _ticks(min(y for _, y in seen), max(y for _, y in seen))
    image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), _PAPER)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(15 * _SCALE)

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            _SCALE
            * (_LEFT + (x - across[0]) / (across[-1] - across[0]) * (WIDTH - _LEFT - _RIGHT)),
            _SCALE
            * (HEIGHT - _BOTTOM - (y - up[0]) / (up[-1] - up[0]) * (HEIGHT - _TOP - _BOTTOM)),
        )

    for tick in up:
        left, line = place(across[0], tick)
        draw.line((left, line, place(across[-1], tick)[0], line), _GRID, _SCALE)
        draw.text((left - 8 * _SCALE, line), _number(tick), _INK, font, anchor="rm")
    for tick in across:
        column, bottom = place(tick, up[0])
        draw.line((column, bottom, column, bottom + 5 * _SCALE), _INK, _SCALE)
        draw.text((column, bottom + 9 * _SCALE), _number(tick), _INK, font, anchor="ma")
    draw.line([place(x, y) for x, y in seen], _LINE, 3 * _SCALE, joint="curve")
    middle = (_SCALE * (_LEFT + WIDTH - _RIGHT) / 2, _SCALE * (HEIGHT - 8))
    draw.text(middle, "steps", _INK, font, anchor="ms")
    draw.text((_LEFT * _SCALE, 22 * _SCALE), "mean return", _INK, font, anchor="ls")
    kept = io.BytesIO()
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """No more points than can be seen."""
    every = math.ceil(len(points) / _MOST_POINTS)
    return points[::every] + ([] if len(points) % every == 1 else points[-1:])


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from below `low` to above `high`."""
    span = (high - low) or max(1.0, abs(high))
    raw = span / _TICKS
    power: float = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * k for k in range(first, max(last, first + 1) + 1)]


def _number(value: float) -> str:
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.4g} {unit}"
    return f"{value:.4g}"
