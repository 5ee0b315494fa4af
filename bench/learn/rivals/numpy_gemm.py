"""numpy's matrix products, float32: a line of JSON for each size. Usage: numpy_gemm.py ORDER."""

from __future__ import annotations

import json
import sys
import time
from statistics import median
from typing import Any

import numpy as np

SLICES = 11


def main(order: dict[str, Any]) -> None:
    random = np.random.default_rng(1)
    for size in order["sizes"]:
        rows, columns, depth = map(int, size.split("x"))
        a = random.uniform(-1, 1, (rows, depth)).astype(np.float32)
        b = random.uniform(-1, 1, (depth, columns)).astype(np.float32)
        c = np.empty((rows, columns), np.float32)
        slices = []
        for _ in range(SLICES + 2):
            count, began, now = 0, time.perf_counter(), 0.0
            while now < order["millis"] / 1000:
                for _ in range(16):
                    np.matmul(a, b, out=c)
                count += 16
                now = time.perf_counter() - began
            slices.append(2e-9 * rows * columns * depth * count / now)
        print(json.dumps({"size": size, "gflops": median(slices[2:])}), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
