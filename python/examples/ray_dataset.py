"""Rollouts of a Ray cluster into a Dataset of Parquet files, read back and proved whole.

    pip install "hypertoken[ray,jdk]" pyarrow pandas
    python ray_dataset.py --out rollouts

What is read back is played again in one vector of this process: were a row lost, doubled or in
another place, the digests would differ.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import ray

import hypertoken
from hypertoken.ray import Rollout, VectorPool
from hypertoken.testing.play_rollouts import replay_digest, rollout_digest

ENV = "CartPole-v1"


def table(rollout: Rollout, first_step: int) -> pa.Table:
    """A record for each step of each row: what was seen, done, and what came of it."""
    steps, rows = rollout.columns["reward"].shape
    columns = {
        "row": np.tile(np.arange(rows) + rollout.first_row, steps),
        "step": np.repeat(np.arange(steps) + first_step, rows),
    }
    for name, values in rollout.columns.items():
        columns[name] = values.reshape(steps * rows, -1)
    return pa.table({name: _arrow(column) for name, column in columns.items()})


def _arrow(column: np.ndarray[Any, Any]) -> pa.Array:
    width = 1 if column.ndim == 1 else column.shape[1]
    flat = pa.array(column.ravel())
    return flat if width == 1 else pa.FixedSizeListArray.from_arrays(flat, width)


def rollout_of(records: Any, rows: int) -> Rollout:
    """The records of all rows as one rollout; the last step only tells what was seen after it."""
    ordered = records.sort_values(["step", "row"])
    steps = len(ordered) // rows
    whole = {}
    for name in ordered.columns.difference(["row", "step"]):
        values = np.stack(ordered[name].to_numpy())
        whole[name] = values.reshape(steps, rows, *values.shape[1:])
    columns = {name: values[:-1] for name, values in whole.items()}
    last = {"observation": whole["observation"][-1]}
    return Rollout(0, columns, last, np.zeros(0))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--actors", type=int, default=2)
    parser.add_argument("--rows", type=int, default=8, help="of each actor")
    parser.add_argument("--steps", type=int, default=100, help="of each row, in each rollout")
    parser.add_argument("--rollouts", type=int, default=2)
    parser.add_argument("--cpus", type=float, default=1.0, help="of each actor")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="a folder for the files; a temporary one else")
    args = parser.parse_args(arguments)
    folder = args.out or Path(tempfile.mkdtemp(prefix="hypertoken-rollouts-"))
    total = args.actors * args.rows

    how = {"rows": args.rows, "seed": args.seed, "cpus": args.cpus}
    with VectorPool(ENV, actors=args.actors, **how) as pool:
        for number in range(args.rollouts):
            rollouts = pool.rollout("random", args.steps)
            tables = [table(each, number * args.steps) for each in rollouts]
            ray.data.from_arrow(tables).write_parquet(str(folder))

    records = ray.data.read_parquet(str(folder)).to_pandas()
    read = rollout_of(records, total)
    vector = hypertoken.make_multi_vec(ENV, total).batch
    digest = rollout_digest(vector, args.seed, [[read]])
    again = replay_digest(vector, args.seed, [[read]])
    vector.close()
    print(f"{len(records):,} records in {folder}, digest {digest[:16]}")
    if digest != again:
        raise SystemExit(f"one vector plays {again[:16]}: the files do not hold what was played")
    print("one vector of all rows plays the same")


if __name__ == "__main__":
    main()
