"""Extras as a user installs them: the wheel, in a virtual environment of its own.

Installing Ray and PyTorch takes minutes, so `./hypertoken test` leaves this file to
`./hypertoken test extras`. The development environment has another Gymnasium than the one that
Ray's extra pins: only here is that one tried.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent
UV = [sys.executable, "-m", "uv"] if find_spec("uv") else ["uv"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(PACKAGE)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_rllib_extra_trains_by_id(wheel: Path, tmp_path: Path) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([*UV, "venv", "-q", "--python", sys.executable, tmp_path / "venv"], check=True)
    what = f"hypertoken[rllib,jdk] @ {wheel.as_uri()}"
    subprocess.run([*UV, "pip", "install", "-q", "--python", python, what], check=True)
    script = tmp_path / "train.py"
    script.write_text(
        textwrap.dedent(
            """
            import gymnasium, ray
            from ray.rllib.algorithms.ppo import PPOConfig
            import hypertoken
            from hypertoken.rllib import register

            ray.init(num_cpus=1, object_store_memory=80 * 2**20, include_dashboard=False)
            register("hypertoken/CartPole-v1")
            algorithm = (
                PPOConfig()
                .environment("hypertoken/CartPole-v1")
                .training(train_batch_size_per_learner=64, minibatch_size=64, num_epochs=1)
                .env_runners(num_env_runners=0, rollout_fragment_length=64)
                .rl_module(model_config={"fcnet_hiddens": [8]})
                .build_algo()
            )
            told = algorithm.train()["env_runners"]
            print("trained", int(told["num_env_steps_sampled"]), gymnasium.__version__)
            """
        )
    )

    told = subprocess.run(
        [python, "-I", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=600,
        env={
            **os.environ,
            "HOME": str(tmp_path),
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
            "RAY_USAGE_STATS_ENABLED": "0",
        },
    )

    assert "trained 64 " in told.stdout, told.stderr
