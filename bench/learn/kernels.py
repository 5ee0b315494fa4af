"""Matrix products of the sizes that training multiplies, beside numpy's."""

from __future__ import annotations

from results import table, verdicts
from trainings import ours, rival

# Rows, columns, depth: a block's forward pass, its dX and dW, a head, wider layers, a large one.
SIZES = (
    "128x64x65",
    "128x64x64",
    "72x64x128",
    "128x8x65",
    "256x64x64",
    "256x128x128",
    "512x512x512",
)


def main(quick: bool) -> str:
    """Measure everything; the body of a part of RESULTS.md."""
    millis = 5 if quick else 100
    mine = {run["size"]: run for run in ours("Kernels", str(millis), *SIZES)}
    numpy = {
        run["size"]: run["gflops"]
        for run in rival("numpy_gemm.py", {"millis": millis, "sizes": SIZES})
    }
    rows = []
    targets = []
    for size in SIZES:
        ratio = mine[size]["gflops"] / numpy[size]
        shown = size.replace("x", " × ")
        rows.append((shown, f"{mine[size]['gflops']:.1f}", f"{numpy[size]:.1f}", f"{ratio:.2f}"))
        targets.append((f"{shown}, of numpy's", ratio, 0.8))
    kernels = sorted({run["kernel"] for run in mine.values()})
    return (
        "float32, one thread, GFLOP/s by the median slice; ours: "
        f"{', '.join(kernels)}, in rows as layers have them.\n\n"
        + table(("rows × columns × depth", "ours", "numpy", "×"), rows)
        + verdicts(targets, digits=2)
    )
