"""PettingZoo's and SuperSuit's wrappers, and wrappers that assign, around our games: each over two
games beside PettingZoo's own, told the same.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import gymnasium
import numpy as np
import pytest
import supersuit
from pettingzoo.classic.connect_four import connect_four
from pettingzoo.classic.tictactoe import tictactoe
from pettingzoo.utils import conversions, wrappers
from pettingzoo.utils.env_logger import EnvLogger
from pettingzoo.utils.wrappers import BaseParallelWrapper, BaseWrapper

import hypertoken
from hypertoken import HyperTokenAECEnv, HyperTokenParallelEnv, ServerManager

Wrap = Callable[[Any], Any]
Maker = Callable[[str, str], Any]

THEIRS: dict[str, Callable[[], Any]] = {
    "tic-tac-toe": tictactoe.raw_env,
    "connect-four": connect_four.raw_env,
}
# A draw and a win of the second; a win of each.
GAMES = {
    "tic-tac-toe": [[4, 0, 3, 5, 2, 6, 8, 1, 7], [0, 3, 1, 4, 8, 5]],
    "connect-four": [[0, 1, 0, 1, 0, 1, 0], [3, 2, 3, 2, 3, 2, 0, 2]],
}
# The last move of each first game is illegal.
ILLEGAL = {
    "tic-tac-toe": [[4, 0, 4], GAMES["tic-tac-toe"][1]],
    "connect-four": [[0, 0, 0, 0, 0, 0, 0], GAMES["connect-four"][1]],
}


@pytest.fixture(params=["in process", "over the wire"])
def make(request: pytest.FixtureRequest) -> Maker:
    """Makes an environment: "aec" or "parallel", and its id; masks stand where PettingZoo's do."""
    if request.param == "in process":
        return lambda kind, id: getattr(hypertoken, f"{kind}_env")(id, mask_in_observation=True)
    server: ServerManager = request.getfixturevalue("server")
    kinds = {"aec": HyperTokenAECEnv, "parallel": HyperTokenParallelEnv}
    return lambda kind, id: kinds[kind](server.url, env=id, mask_in_observation=True)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        EnvLogger.suppress_output()
        yield
        EnvLogger.unsuppress_output()


def plain(value: Any) -> Any:
    """In Python's own types, without masks: PettingZoo's games have none in their infos."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items() if key != "action_mask"}
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def told(env: Any, games: list[list[int]]) -> list[Any]:
    """All that a loop over the agents hears and sees in whole games."""
    heard: list[Any] = []
    for game in games:
        env.reset(seed=5)
        moves = iter(game)
        for agent in env.agent_iter(100):
            observation, reward, terminated, truncated, info = env.last()
            inner = env.unwrapped
            state = inner.rewards, inner.terminations, inner.truncations, inner.infos
            heard.append((agent, list(env.agents), reward, terminated, truncated, plain(info)))
            heard.append((plain(observation), [plain(dict(values)) for values in state]))
            env.step(None if terminated or truncated else next(moves))
        heard.append((dict(env.unwrapped.rewards), env.agents))
    return heard


class Boxed(BaseWrapper):  # type: ignore[misc]
    """Shows the observation alone, as SuperSuit's wrappers want it."""

    def observation_space(self, agent: str) -> gymnasium.Space[Any]:
        shape = super().observation_space(agent)["observation"].shape
        return gymnasium.spaces.Box(0, 1, shape, np.float32)

    def observe(self, agent: str) -> Any:
        return super().observe(agent)["observation"].astype(np.float32)


class Shaped(BaseWrapper):  # type: ignore[misc]
    """Assigns rewards of its own after every step."""

    def step(self, action: Any) -> None:
        super().step(action)
        inner = self.unwrapped
        inner.rewards = {agent: reward + 0.5 for agent, reward in inner.rewards.items()}


class ShapedInPlace(BaseWrapper):  # type: ignore[misc]
    def step(self, action: Any) -> None:
        super().step(action)
        for values in (self.unwrapped.rewards, self.unwrapped._cumulative_rewards):
            for agent in values:
                values[agent] += 0.25


class RewardsInPlace(BaseWrapper):  # type: ignore[misc]
    def step(self, action: Any) -> None:
        super().step(action)
        for agent in self.unwrapped.rewards:
            self.unwrapped.rewards[agent] += 0.25


class Telling(BaseWrapper):  # type: ignore[misc]
    """Assigns infos, and goes on changing what it assigned."""

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        super().reset(seed, options)
        self.steps: dict[str, Any] = {agent: {} for agent in self.agents}
        self.unwrapped.infos = self.steps

    def step(self, action: Any) -> None:
        super().step(action)
        for agent in self.agents:
            self.steps[agent] = {"steps": len(self.agents)}


class Resigning(BaseWrapper):  # type: ignore[misc]
    """Ends each game before its third move, as TerminateIllegalWrapper ends one."""

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        super().reset(seed, options)
        self.moves, self.over = 0, False

    def step(self, action: Any) -> None:
        inner = self.unwrapped
        self.moves += 1
        if self.over:
            inner._was_dead_step(action)
        elif self.moves == 3:
            self.over = True
            inner._cumulative_rewards = dict.fromkeys(self.agents, 0)
            inner.terminations = dict.fromkeys(self.agents, True)
            inner.rewards = {agent: -1.5 * k for k, agent in enumerate(self.agents)}
            inner._accumulate_rewards()
            inner._deads_step_first()
        else:
            super().step(action)


class Truncating(BaseWrapper):  # type: ignore[misc]
    """Truncates each game after three moves, in place; the environment makes the dead steps."""

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        super().reset(seed, options)
        self.moves = 0

    def step(self, action: Any) -> None:
        super().step(action)
        self.moves += 1
        if self.moves == 3:
            for agent in self.unwrapped.agents:
                self.unwrapped.truncations[agent] = True


class Stopping(BaseWrapper):  # type: ignore[misc]
    """Ends the loop after two moves: nobody is left."""

    def step(self, action: Any) -> None:
        super().step(action)
        if self.unwrapped.agent_selection == self.possible_agents[0]:
            self.unwrapped.agents = []


AROUND_TURNS: dict[str, Wrap] = {
    "none": lambda env: env,
    "BaseWrapper": BaseWrapper,
    "OrderEnforcing": wrappers.OrderEnforcingWrapper,
    "AssertOutOfBounds": wrappers.AssertOutOfBoundsWrapper,
    "Telling": Telling,
    "Resigning": Resigning,
    "Truncating": Truncating,
    "Stopping": Stopping,
}
ILLEGAL_ENDS: dict[str, Wrap] = {
    "alone": lambda env: wrappers.TerminateIllegalWrapper(env, illegal_reward=-1),
    "as env() has it": lambda env: wrappers.OrderEnforcingWrapper(
        wrappers.AssertOutOfBoundsWrapper(wrappers.TerminateIllegalWrapper(env, -1))
    ),
}

SUPERSUIT: dict[str, Wrap] = {
    "clip_reward": lambda env: supersuit.clip_reward_v0(env, -0.5, 0.5),
    "reward_lambda": lambda env: supersuit.reward_lambda_v0(env, lambda reward: 2 * reward + 0.5),
    "observation_lambda": lambda env: supersuit.observation_lambda_v0(
        env, lambda seen, _: seen + 1, lambda space: space
    ),
    "action_lambda": lambda env: supersuit.action_lambda_v1(
        env, lambda action, _: action, lambda space: space
    ),
    "dtype": lambda env: supersuit.dtype_v0(env, np.float64),
    "normalize_obs": supersuit.normalize_obs_v0,
    "flatten": supersuit.flatten_v0,
    "resize": lambda env: supersuit.resize_v1(supersuit.reshape_v0(env, (3, 6)), 9, 4),
    "color_reduction": lambda env: supersuit.color_reduction_v0(
        supersuit.reshape_v0(env, (3, 2, 3)), "full"
    ),
    "reshape": lambda env: supersuit.reshape_v0(env, (9, 2)),
    "frame_stack": lambda env: supersuit.frame_stack_v1(env, 3),
    "frame_skip": lambda env: supersuit.frame_skip_v0(env, 1),
    "delay_observations": lambda env: supersuit.delay_observations_v0(env, 2),
    "max_observation": lambda env: supersuit.max_observation_v0(env, 2),
    "sticky_actions": lambda env: supersuit.sticky_actions_v0(env, 0.0),
    "agent_indicator": lambda env: supersuit.agent_indicator_v0(supersuit.flatten_v0(env)),
    "pad_action_space": supersuit.pad_action_space_v0,
    "pad_observations": supersuit.pad_observations_v0,
    "nan_noop": lambda env: supersuit.nan_noop_v0(env, 0),
    "nan_random": supersuit.nan_random_v0,
}


@pytest.mark.parametrize("wrapper", AROUND_TURNS)
@pytest.mark.parametrize("game", GAMES)
def test_turns_under_a_wrapper_are_pettingzoos_own(game: str, wrapper: str, make: Maker) -> None:
    wrap = AROUND_TURNS[wrapper]
    with closing(make("aec", game)) as env:
        assert told(wrap(env), GAMES[game]) == told(wrap(THEIRS[game]()), GAMES[game])


@pytest.mark.parametrize("wrapper", [Shaped, ShapedInPlace, RewardsInPlace])
def test_what_is_earned_comes_on_top_of_assigned_rewards(wrapper: Wrap, make: Maker) -> None:
    # Not connect_four_v3: it counts standing rewards again in every step, tictactoe_v3 at the end.
    games = [[0, 1, 2, 3, 4, 5, 6], *GAMES["tic-tac-toe"]]

    with closing(make("aec", "tic-tac-toe")) as env:
        heard = told(wrapper(env), games)

    assert heard == told(wrapper(tictactoe.raw_env()), games)
    if wrapper is Shaped:
        assert heard[15][1][0] == {"player_1": 4.5, "player_2": 2.5}, "after seven moves and a win"


@pytest.mark.parametrize("ends", ILLEGAL_ENDS)
@pytest.mark.parametrize("game", GAMES)
def test_an_illegal_move_ends_the_game_and_the_next_is_played(
    game: str, ends: str, make: Maker
) -> None:
    wrap, games = ILLEGAL_ENDS[ends], ILLEGAL[game]
    with closing(make("aec", game)) as env:
        assert told(wrap(env), games) == told(wrap(THEIRS[game]()), games)


def test_games_in_a_row_are_one_episode_under_multi_episode_env(make: Maker) -> None:
    both = [[move for game in GAMES["tic-tac-toe"] for move in game]] * 2
    with closing(make("aec", "tic-tac-toe")) as env:
        ours = told(wrappers.MultiEpisodeEnv(env, 2), both)

    assert ours == told(wrappers.MultiEpisodeEnv(tictactoe.raw_env(), 2), both)


@pytest.mark.parametrize("wrapper", SUPERSUIT)
def test_turns_under_supersuit_are_pettingzoos_own(wrapper: str, make: Maker) -> None:
    # A skipped frame plays once more in tictactoe_v3.
    game = "connect-four" if wrapper == "frame_skip" else "tic-tac-toe"
    wrap = SUPERSUIT[wrapper]
    with closing(make("aec", game)) as env:
        ours = told(wrap(Boxed(env)), GAMES[game])

    assert ours == told(wrap(Boxed(THEIRS[game]())), GAMES[game])


def test_printed_pictures_are_captured_as_text(make: Maker) -> None:
    env = hypertoken.aec_env("tic-tac-toe", render_mode="human", mask_in_observation=True)
    captured = wrappers.CaptureStdoutWrapper(env)

    heard = told(captured, GAMES["tic-tac-toe"])

    assert heard == told(tictactoe.raw_env(), GAMES["tic-tac-toe"])
    captured.reset(seed=1)
    assert captured.render().count("\n") >= 3
    env.close()


def test_continuous_actions_are_clipped_to_the_space() -> None:
    clipped = wrappers.ClipOutOfBoundsWrapper(hypertoken.aec_env("Pendulum-v1"))
    plainly = hypertoken.aec_env("Pendulum-v1")
    for env, torque in ((clipped, 9.0), (plainly, 2.0)):
        env.reset(seed=3)
        for _ in range(3):
            env.step(np.array([torque], dtype=np.float32))

    assert [plain(part) for part in clipped.last()] == [plain(part) for part in plainly.last()]


def test_continuous_actions_are_scaled_and_clipped_by_supersuit() -> None:
    scaled = supersuit.scale_actions_v0(hypertoken.aec_env("Pendulum-v1"), 0.5)
    clipped = supersuit.clip_actions_v0(hypertoken.aec_env("Pendulum-v1"))
    plainly = hypertoken.aec_env("Pendulum-v1")
    for env, torque in ((scaled, 4.0), (clipped, 9.0), (plainly, 2.0)):
        env.reset(seed=3)
        for _ in range(3):
            env.step(np.array([torque], dtype=np.float32))

    expected = [plain(part) for part in plainly.last()]
    assert [plain(part) for part in scaled.last()] == expected
    assert [plain(part) for part in clipped.last()] == expected


# --- All agents at once ---


def told_at_once(env: Any, games: list[list[int]]) -> list[Any]:
    """All that whole games tell when every agent sends the move of whose turn it is."""
    heard: list[Any] = []
    for game in games:
        heard.append([plain(part) for part in env.reset(seed=5)])
        for move in game:
            if env.agents:
                *rest, infos = env.step(dict.fromkeys(env.agents, move))
                # tictactoe_v3 keeps its infos, and with them who was active before the end.
                active = infos if env.unwrapped.agents else {}
                heard.append(([plain(part) for part in rest], plain(active), list(env.agents)))
    return heard


class BoxedAtOnce(BaseParallelWrapper):  # type: ignore[misc]
    """Shows the observations alone, as SuperSuit's wrappers want them."""

    def observation_space(self, agent: str) -> gymnasium.Space[Any]:
        shape = super().observation_space(agent)["observation"].shape
        return gymnasium.spaces.Box(0, 1, shape, np.float32)

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        observations, infos = super().reset(seed, options)
        return self._alone(observations), infos

    def step(self, actions: dict[str, Any]) -> Any:
        observations, *rest = super().step(actions)
        return (self._alone(observations), *rest)

    def _alone(self, observations: dict[str, Any]) -> dict[str, Any]:
        return {
            agent: seen["observation"].astype(np.float32) for agent, seen in observations.items()
        }


AT_ONCE: dict[str, Wrap] = {
    "none": lambda env: env,
    "BaseParallelWrapper": BaseParallelWrapper,
    "MultiEpisodeParallelEnv": lambda env: wrappers.MultiEpisodeParallelEnv(env, 2),
    "to turns and back": lambda env: conversions.aec_to_parallel_wrapper(
        conversions.parallel_to_aec(env)
    ),
    **{
        f"SuperSuit's {name}": lambda env, wrap=wrap: wrap(BoxedAtOnce(env))  # type: ignore[misc]
        for name, wrap in {**SUPERSUIT, "black_death": supersuit.black_death_v3}.items()
        if name != "frame_skip"  # asks the game for a generator that tictactoe_v3 has not
    },
}


@pytest.mark.parametrize("wrapper", AT_ONCE)
def test_steps_of_all_under_a_wrapper_are_pettingzoos_own(wrapper: str, make: Maker) -> None:
    wrap, games = AT_ONCE[wrapper], GAMES["tic-tac-toe"]
    converted = conversions.turn_based_aec_to_parallel

    theirs = told_at_once(wrap(converted(tictactoe.raw_env())), games)

    with closing(make("parallel", "tic-tac-toe")) as env:
        assert told_at_once(wrap(env), games) == theirs
    with closing(make("aec", "tic-tac-toe")) as env:
        assert told_at_once(wrap(converted(env)), games) == theirs


def test_makers_convert_as_environments_do(make: Maker) -> None:
    id = "iterated-prisoners-dilemma"
    as_turns = conversions.aec_wrapper_fn(lambda: make("parallel", id))()
    at_once = conversions.parallel_wrapper_fn(lambda: make("aec", id))()
    direct, turns = make("parallel", id), make("aec", id)
    for env in (as_turns, at_once, direct, turns):
        env.reset(seed=1)
    random = np.random.default_rng(2)

    while direct.agents:
        actions = {agent: int(random.integers(2)) for agent in direct.agents}
        expected = [plain(part) for part in direct.step(actions)]
        assert [plain(dict(part)) for part in at_once.step(actions)] == expected
        for action in actions.values():
            assert plain(as_turns.last()[0]) == plain(turns.last()[0])
            as_turns.step(action)
            turns.step(action)
        assert plain(dict(turns.rewards)) == plain(as_turns.rewards) == expected[1]
    assert at_once.agents == []
    for env in (as_turns, at_once, direct, turns):
        env.close()
