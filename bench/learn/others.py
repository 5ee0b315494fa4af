"""Other PPOs on CartPole, all with the same sizes: how many steps a second, reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from results import table
from trainings import MissingError, Told, installed, left_out, rate, rival, trained

ROWS, STEPS, EPOCHS, BATCH = 8, 128, 4, 256
SB3 = {"n_steps": STEPS, "batch_size": BATCH, "n_epochs": EPOCHS, "learning_rate": 2.5e-4}
RLOX = {"n_steps": STEPS, "batch_size": BATCH, "n_epochs": EPOCHS, "learning_rate": 2.5e-4}
OURS = {
    "envs": ROWS,
    "steps": STEPS,
    "minibatch_size": BATCH,
    "epochs": EPOCHS,
    "learning_rate": 2.5e-4,
}


def main(quick: bool) -> str:
    """Measure everything; the body of a part of RESULTS.md."""
    total = 2_048 if quick else 49_152
    order: dict[str, Any] = {"rows": ROWS, "seeds": 1, "total_steps": total}
    rivals: dict[str, Callable[[], list[Told]]] = {
        "Stable-Baselines3": lambda: rival(
            "run_sb3.py",
            {**order, "module": "stable_baselines3", "settings": {**SB3, "device": "cpu"}},
        ),
        "sbx-rl 0.28 (JAX)": lambda: rival(
            "run_sb3.py",
            {**order, "module": "sbx", "settings": SB3},
            installed("sbx", "sbx-rl==0.28.0"),
        ),
        "rlox 1.2 (Rust, PyTorch)": lambda: rival(
            "run_rlox.py", {**order, "settings": RLOX}, installed("rlox", "rlox==1.2.0")
        ),
        "CleanRL 1.2's ppo.py": lambda: rival(
            "run_cleanrl.py",
            {**order, "steps": STEPS},
            # Only its files: it pins a Gym, and a PyTorch, of long ago.
            installed(
                "cleanrl",
                "--no-deps",
                "cleanrl==1.2.0",
                "gym==0.23.1",
                "gym_notices",
                "cloudpickle",
            ),
        ),
    }
    runs = {
        "ours": trained(
            env="CartPole-v1", tuned=False, hyperparameters=OURS, total_steps=total, warm_ups=2
        )
    }
    missing: list[tuple[str, str]] = []
    for name, run in rivals.items():
        try:
            runs[name] = run()
        except MissingError as why:
            missing.append((name, str(why)))
    base = rate(runs["ours"])
    rows = [(name, f"{rate(ran):,.0f}", f"{base / rate(ran):.0f}") for name, ran in runs.items()]
    return (
        f"CartPole-v1, {ROWS} rows × {STEPS} steps × {EPOCHS} epochs, batches of "
        f"{BATCH}, one thread; compiling included where a trainer compiles.\n\n"
        + table(("whole training", "steps/s", "ours over it"), rows)
        + left_out(missing)
    )
