"""Gymnasium's wrappers around our environments and vectors: statistics, pictures, windows, lists.

The vector wrappers run over both transports; `test_native_vector.py` has them beside Gymnasium's
own vector.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium import wrappers
from gymnasium.vector import AutoresetMode
from gymnasium.wrappers import vector

import hypertoken
from hypertoken import HyperTokenGymEnv, HyperTokenVectorEnv, ServerManager

pygame = pytest.importorskip("pygame")
MODES = list(AutoresetMode)
pytestmark = pytest.mark.filterwarnings("ignore:.*Overwriting existing videos")
DRAWN = ["CartPole-v1", "casino-blackjack", "connect-four"]


def play(env: Any, seed: int) -> list[Any]:
    """One episode of seeded legal actions; returns the pictures after the reset and each step."""
    random = np.random.default_rng(seed)
    _, info = env.reset(seed=seed)
    frames, over = [env.render()], False
    while not over:
        mask = info.get("action_mask")
        legal = np.arange(env.action_space.n) if mask is None else np.flatnonzero(mask)
        _, _, terminated, truncated, info = env.step(int(random.choice(legal)))
        over = terminated or truncated
        frames.append(env.render())
    return frames


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_takes_the_same_wrappers_over_the_wire_and_in_process(
    mode: AutoresetMode, server: ServerManager
) -> None:
    def run(envs: Any) -> list[Any]:
        envs = vector.RecordEpisodeStatistics(envs)
        envs = vector.NormalizeReward(envs, gamma=0.9)
        # Gymnasium's own limits: these refuse the modes they do not know.
        if mode is AutoresetMode.NEXT_STEP:
            envs = vector.NormalizeObservation(envs)
        if mode is not AutoresetMode.SAME_STEP:
            envs = vector.TransformObservation(envs, lambda seen: seen * 2)
        envs = vector.DictInfoToList(envs)
        told = [envs.reset(seed=9)]
        for step in range(60):
            stepped = envs.step((np.arange(5) + step) % 2)
            told.append(stepped)
            over = stepped[2] | stepped[3]
            if mode is AutoresetMode.DISABLED and over.any():
                told.append(envs.reset(options={"reset_mask": over}))
        envs.close()
        return told

    wire = run(HyperTokenVectorEnv(server.url, 5, env="CartPole-v1", autoreset_mode=mode))
    native = run(hypertoken.make_vec("CartPole-v1", 5, autoreset_mode=mode))

    episodes = [info["episode"] for told in native for info in told[-1] if "episode" in info]
    assert len(episodes) > 5
    for ours, theirs in zip(native, wire, strict=True):
        for part, same in zip(ours[:-1], theirs[:-1], strict=True):
            assert np.array_equal(part, same)
        for info, other in zip(ours[-1], theirs[-1], strict=True):
            assert info.keys() == other.keys()
            if "episode" in info:
                assert info["episode"]["r"] == other["episode"]["r"] == info["episode"]["l"]


@pytest.mark.parametrize("id", DRAWN)
def test_videos_are_recorded_of_whole_episodes(id: str, tmp_path: Path) -> None:
    env: Any = wrappers.RecordVideo(
        gymnasium.make(f"hypertoken/{id}", render_mode="rgb_array"),
        str(tmp_path),
        episode_trigger=lambda episode: True,
        disable_logger=True,
    )

    frames = play(env, 4)
    recorded = list(env.recorded_frames)
    play(env, 5)
    env.close()

    assert len(recorded) == len(frames)
    assert all(np.array_equal(one, same) for one, same in zip(recorded, frames, strict=True))
    assert sorted(video.name for video in tmp_path.glob("*.mp4")) == [
        "rl-video-episode-0.mp4",
        "rl-video-episode-1.mp4",
    ]
    assert all(video.stat().st_size > 1000 for video in tmp_path.glob("*.mp4"))


TOY_TEXT = ["FrozenLake-v1", "FrozenLake8x8-v1", "CliffWalking-v1", "Taxi-v4", "Blackjack-v1"]


@pytest.mark.parametrize("id", TOY_TEXT)
def test_the_toy_text_games_are_recorded_too(id: str, tmp_path: Path) -> None:
    env: Any = wrappers.RecordVideo(
        gymnasium.make(f"hypertoken/{id}", render_mode="rgb_array", max_episode_steps=12),
        str(tmp_path),
        episode_trigger=lambda episode: True,
        disable_logger=True,
    )

    frames = play(env, 4)
    env.close()

    assert all(frame.dtype == np.uint8 and frame.shape[2] == 3 for frame in frames)
    assert len(frames) < 3 or not all(np.array_equal(frames[0], frame) for frame in frames)
    assert (tmp_path / "rl-video-episode-0.mp4").stat().st_size > 1000


def test_videos_are_recorded_over_the_wire(server: ServerManager, tmp_path: Path) -> None:
    there = HyperTokenGymEnv(server.url, "rgb_array", env="connect-four", others="first")
    here = hypertoken.make("connect-four", render_mode="rgb_array", others="first")
    env: Any = wrappers.RecordVideo(
        there, str(tmp_path), episode_trigger=lambda episode: True, disable_logger=True
    )

    frames = play(env, 4)
    env.close()

    assert all(np.array_equal(*pair) for pair in zip(frames, play(here, 4), strict=True))
    assert (tmp_path / "rl-video-episode-0.mp4").stat().st_size > 1000


@pytest.mark.parametrize("id", DRAWN)
def test_a_window_shows_each_picture(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    drawn: Any = hypertoken.make(id, render_mode="rgb_array")
    env: Any = wrappers.HumanRendering(drawn)

    env.reset(seed=1)
    env.step(0)

    shown = pygame.surfarray.array3d(env.window)
    assert np.array_equal(shown.transpose(1, 0, 2), drawn.render())
    env.close()


@pytest.mark.filterwarnings("ignore:.*You are trying to use 'human' rendering")
@pytest.mark.parametrize("id", DRAWN)
def test_what_gymnasium_makes_for_a_human_has_a_window(
    id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")

    env: Any = gymnasium.make(f"hypertoken/{id}", render_mode="human")

    env.reset(seed=1)
    kind: Any = type(env)
    assert kind is wrappers.HumanRendering
    assert env.window is not None
    env.close()


def test_a_vectors_rows_are_tiled_into_one_video(tmp_path: Path) -> None:
    envs = vector.RecordVideo(
        hypertoken.make_vec("CartPole-v1", 4, render_mode="rgb_array"),
        str(tmp_path),
        video_aspect_ratio=(1, 1),
        episode_trigger=lambda episode: True,
    )

    envs.reset(seed=2)
    for step in range(40):
        envs.step(np.full(4, step % 2))
    envs.close()

    assert len(list(tmp_path.glob("*.mp4"))) >= 1
