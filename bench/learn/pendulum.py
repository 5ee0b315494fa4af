"""Pendulum: RLtools, compiled for this machine, beside the same training by ours, cold and warm."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from results import table, verdicts
from trainings import INSTALLED, MissingError, Told, installed, left_out, middle, told, trained

SOURCE = Path(__file__).with_name("rltools_pendulum.cpp")
PACKAGES = ("rltools==2.2.1", "scipy-openblas32==0.3.34.481.3")
SAME = {
    "envs": 4, "steps": 1024, "minibatch_size": 256, "epochs": 2, "gamma": 0.9, "gae_lambda": 0.95,
    "initial_std": 2, "normalize_observations": True, "learning_rate": 0.001,
    "anneal_learning_rate": False, "max_gradient_norm": 0, "adam_epsilon": 1e-7,
    "activation": "relu", "hidden": "64,64",
}  # fmt: skip
STEPS = 303_104  # the 300,000 of its example in whole rollouts, and one more, as its loop has it


def main(quick: bool) -> str:
    """Measure everything; the body of a part of RESULTS.md."""
    seeds = 1 if quick else 5
    order = {"env": "Pendulum-v1", "tuned": False, "hyperparameters": SAME, "total_steps": STEPS}
    cold = [trained(**order, seeds=1)[0] for _ in range(1 if quick else 3)]
    rows = [
        _row("ours, warm", warm := trained(**order, seeds=seeds, warm_ups=1 if quick else 2)),
        _row("ours, the first training of a process", cold),
    ]
    targets: list[tuple[str, float, float]] = []
    missing: list[tuple[str, str]] = []
    try:
        rltools = told([str(_compiled()), str(seeds)])
        rows.append(_row("RLtools, -Ofast -march=native, OpenBLAS", rltools))
        ratio = middle(rltools, "seconds") / middle(warm, "seconds")
        targets = [("RLtools' time over ours, warm", ratio, round(1 / 1.2, 2))]
    except MissingError as why:
        missing.append(("RLtools", str(why)))
    return (
        "300 k steps with the settings of RLtools' example: 64-64 actor and "
        "critic, relu, 4 rows × 1,024 steps, batches of 256, 2 epochs, γ 0.9, first deviation 2, "
        "normalised observations. One core, evaluation outside the clock.\n\n"
        + table(("Pendulum-v1", "s", "steps/s", "mean return of 500 episodes"), rows)
        + left_out(missing)
        + verdicts(targets, digits=2)
    )


def _row(name: str, runs: list[Told]) -> tuple[str, ...]:
    seconds = middle(runs, "seconds")
    returns = ", ".join(f"{run['mean']:.0f}" for run in runs)
    return name, f"{seconds:.2f}", f"{runs[0]['steps'] / seconds:,.0f}", returns


def _compiled() -> Path:
    """RLtools' program, compiled when it is missing or its source has changed.

    Its headers choose the BLAS kernels by a define, and silently do without where another header
    came first: so the source's order of includes matters.
    """
    program = INSTALLED / "rltools_pendulum"
    if program.exists() and program.stat().st_mtime > SOURCE.stat().st_mtime:
        return program
    compiler = shutil.which("g++")
    if compiler is None:
        raise MissingError("there is no g++")
    packages = installed("rltools", *PACKAGES)
    blas = packages / "scipy_openblas32"
    print("compiling RLtools ...", file=sys.stderr)
    ended = subprocess.run(
        [
            compiler, "-std=c++17", "-Ofast", "-march=native", "-DNDEBUG",
            "-DRL_TOOLS_BACKEND_ENABLE_OPENBLAS",
            # This OpenBLAS is the one of numpy's wheels, whose names begin so.
            "-Dcblas_sgemm=scipy_cblas_sgemm", "-Dcblas_dgemm=scipy_cblas_dgemm",
            f"-I{packages}/rltools/external/rl_tools/include", f"-I{blas}/include",
            str(SOURCE), "-o", str(program),
            f"-L{blas}/lib", "-lscipy_openblas", f"-Wl,-rpath,{blas}/lib",
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if ended.returncode != 0:
        errors = [line for line in ended.stderr.splitlines() if "error" in line]
        raise MissingError(f"it does not compile: {errors[0] if errors else ended.stderr[-200:]}")
    return program
