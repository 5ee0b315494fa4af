"""Scripts in CleanRL's style, and the info keys that they read from vectors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gymnasium.vector import AutoresetMode

import hypertoken
from hypertoken import HyperTokenVectorEnv
from hypertoken.options import AutoresetName

SCRIPT = Path(__file__).parent / "samples" / "cleanrl_ppo.py"
OWN_VECTOR = """gym.vector.SyncVectorEnv(
    [make_env(args.env_id, i, args.capture_video, "run") for i in range(args.num_envs)],
)"""


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, vector: str = OWN_VECTOR) -> Any:
    """Run the script with these arguments; returns its names."""
    monkeypatch.setattr(sys, "argv", [SCRIPT.name, *arguments])
    torch.set_num_threads(1)
    text = SCRIPT.read_text()
    assert OWN_VECTOR in text
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(text.replace(OWN_VECTOR, vector), SCRIPT.name, "exec"), names)
    return names


def test_with_our_id_it_learns_what_it_learns_with_gymnasiums(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = run(monkeypatch, "--env-id", "hypertoken/CartPole-v1")
    theirs = run(monkeypatch, "--env-id", "CartPole-v1")

    assert ours["global_step"] == 512
    assert torch.equal(ours["obs"], theirs["obs"])
    assert torch.equal(ours["rewards"], theirs["rewards"])
    for mine, same in zip(ours["actor"].parameters(), theirs["actor"].parameters(), strict=True):
        assert torch.equal(mine, same)


def test_it_captures_videos_of_its_first_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    run(monkeypatch, "--capture-video", "--total-timesteps", "256")

    videos = sorted(path.name for path in (tmp_path / "videos" / "run").iterdir())
    assert videos[:2] == ["rl-video-episode-0.mp4", "rl-video-episode-1.mp4"]


def test_over_our_vector_it_reads_each_episodes_return_from_final_info(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = run(
        monkeypatch,
        vector="""hypertoken.make_vec(
            "CartPole-v1", args.num_envs, autoreset_mode="SameStep", legacy_final_info=True)""",
    )

    episodes = names["episodes"]
    assert len(episodes) > 8
    assert all(total == length > 7 for total, length in episodes)
    assert capsys.readouterr().out.count("episodic_return=") == len(episodes)


@pytest.fixture(params=["in process", "over the wire"])
def vectors(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    """Vectors of blackjack with legacy keys, and with Gymnasium's own."""

    def make(**how: Any) -> HyperTokenVectorEnv:
        how["autoreset_mode"] = AutoresetMode.SAME_STEP
        if request.param == "over the wire":
            how["url"] = request.getfixturevalue("server").url
        vector: HyperTokenVectorEnv = hypertoken.make_vec("blackjack", 6, **how)
        return vector

    return make(legacy_final_info=True), make()


def test_legacy_keys_tell_of_ended_rows_what_gymnasiums_tell(vectors: tuple[Any, Any]) -> None:
    legacy, modern = vectors
    legacy.reset(seed=3)
    modern.reset(seed=3)
    returns, lengths, ended_ever = np.zeros(6), np.zeros(6, int), 0

    for step in range(30):
        actions = (np.arange(6) + step) % 2
        observations, rewards, ended, cut, infos = legacy.step(actions)
        expected = modern.step(actions)
        returns, lengths = returns + rewards, lengths + 1
        over = ended | cut
        assert np.array_equal(observations, expected[0])
        assert ("final_info" in infos) == over.any() == ("final_observation" in infos)
        if over.any():
            shown, told = infos["final_observation"], infos["final_info"]
            assert infos["_final_observation"].tolist() == over.tolist()
            assert infos["_final_info"].tolist() == over.tolist()
            assert [info is not None for info in told] == over.tolist()
            for row in np.flatnonzero(over).tolist():
                assert np.array_equal(shown[row], expected[4]["final_obs"][row])
                assert told[row]["episode"] == {"r": returns[row], "l": lengths[row]}
                assert told[row]["action_mask"].tolist() == [0] * 5
        returns[over], lengths[over] = 0, 0
        ended_ever += int(over.sum())
    assert ended_ever > 12
    legacy.close()
    modern.close()


def test_legacy_keys_keep_what_an_ending_told() -> None:
    how: dict[str, Any] = {"num_envs": 4, "autoreset_mode": "SameStep"}
    envs = hypertoken.make_vec("FrozenLake-v1", legacy_final_info=True, **how)
    plain = hypertoken.make_vec("FrozenLake-v1", **how)
    envs.reset(seed=2)
    plain.reset(seed=2)

    told = []
    for step in range(40):
        infos = envs.step(np.full(4, step % 4))[4]
        expected = plain.step(np.full(4, step % 4))[4]
        for row in np.flatnonzero(infos.get("_final_info", [])).tolist():
            assert infos["final_info"][row]["prob"] == expected["final_info"]["prob"][row]
            told.append(infos["final_info"][row]["prob"])

    assert len(told) > 4
    assert all(0 < chance < 1 for chance in told)


@pytest.mark.parametrize("mode", ["NextStep", "Disabled"])
def test_legacy_keys_are_refused_with_another_autoreset(mode: AutoresetName) -> None:
    with pytest.raises(ValueError, match="legacy_final_info was refused") as refused:
        hypertoken.make_vec("CartPole", 2, autoreset_mode=mode, legacy_final_info=True)

    assert str(refused.value) == (
        f"legacy_final_info was refused with autoreset {mode}; those keys tell of an episode in "
        'the step that ends it; pass autoreset_mode="SameStep", or leave it out'
    )
