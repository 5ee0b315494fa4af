"""RLlib's new API stack: `config` trains on an environment's rows; `register` names any game.

One agent is a gymnasium.Env, or with `gym_env_vectorize_mode="vector_entry_point"` all rows of an
env runner in one vector; several agents are a MultiAgentEnv.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from hypertoken.envs.aec import HyperTokenAECEnv
from hypertoken.envs.parallel import HyperTokenParallelEnv
from hypertoken.envs.single_agent import HyperTokenGymEnv, Others
from hypertoken.envs.vector import HyperTokenVectorEnv
from hypertoken.seeding import Seeds
from hypertoken.spaces import Space, mask_size

try:
    from ray.rllib.algorithms.algorithm_config import AlgorithmConfig
    from ray.rllib.env.multi_agent_env import MultiAgentEnv
    from ray.tune.registry import register_env
except ImportError as missing:
    raise ImportError(
        "hypertoken.rllib needs Ray's RLlib, which is not installed; "
        'pip install "hypertoken[rllib]"'
    ) from missing

from hypertoken.cluster import java, signals

signals.keep()

Made = gymnasium.Env[Any, Any] | VectorEnv[Any, Any, Any]
_OF_THE_WIRE = ("render_mode", "illegal", "timeout", "token")


def register(
    name: str,
    env: str | Callable[[Any], Any] | None = None,
    *,
    url: str | None = None,
    agent: str | None = None,
    others: Others = "random",
    mask_in_observation: bool = False,
    **options: Any,
) -> None:
    """Register a game with RLlib, in this process and in every worker's.

    What `config.environment(name, env_config={...})` says counts more than what is said here.

    Args:
        name: what RLlib is to know it by.
        env: the environment's id or alias (`name` when left out), or a function of the env_config
            that makes one of this package's environments.
        url: a server to play on; each worker plays in its own process when left out.
        agent: with several agents, make one seat a gymnasium.Env; all of them are a MultiAgentEnv
            when left out.
        others: who plays the other seats beside `agent`; see `HyperTokenGymEnv`.
        mask_in_observation: show `{"observations", "action_mask"}` where there are masks, as
            RLlib's ActionMaskingTorchRLModule wants them.
        options: the environment's own, such as `agents=3`; `illegal`, `jars`, `render_mode`.
    """
    register_env(name, Creator(env or name, url, agent, others, mask_in_observation, options))


def config(
    env: str,
    runners: int = 0,
    rows: int = 64,
    seed: int | None = None,
    *,
    base: AlgorithmConfig | None = None,
    mask_in_observation: bool = False,
    **env_config: Any,
) -> AlgorithmConfig:
    """Make a configuration that trains on an environment of one agent, all rows of an env runner in
    one vector of the engine; each runner has a Java of its own.

    Beside what `register` and RLlib's own words would say, it gives each row a seed of its own (see
    `seed_rows`), refuses another autoreset than RLlib's, and leaves off what RLlib calls
    `restart_failed_sub_environments`: that makes the whole vector anew, where the engine makes
    only the row anew that failed.

    Args:
        env: the environment's id or alias.
        runners: how many processes sample; 0 for this one.
        rows: copies of the environment in each.
        seed: of RLlib and of the rows: row i of worker w begins with seed + w * rows + i.
        base: the configuration to set it in, such as DQNConfig(); PPOConfig() when left out.
        mask_in_observation: as of `register`.
        env_config: `illegal`, `jars`, `url`, and the environment's own options.
    Returns:
        `base`, whose other settings are as they were.
    """
    if base is None:
        from ray.rllib.algorithms.ppo import PPOConfig

        base = PPOConfig()
    _check_autoreset(env_config.pop("autoreset_mode", AutoresetMode.NEXT_STEP))
    name = f"hypertoken/{env.removeprefix('hypertoken/')}" + "+mask" * mask_in_observation
    register(name, env, mask_in_observation=mask_in_observation)
    base.environment(name, env_config=env_config)
    base.env_runners(
        num_env_runners=runners,
        num_envs_per_env_runner=rows,
        gym_env_vectorize_mode="vector_entry_point",
    )
    base.fault_tolerance(restart_failed_sub_environments=False)
    base.callbacks(on_environment_created=seed_rows)
    if seed is not None:
        base.debugging(seed=seed)
    return base


def seed_rows(*, env_runner: Any, env: Any, **_: Any) -> None:
    """Let an env runner's rows begin with seeds that no other row has; RLlib calls it when it has
    made an environment.

    RLlib resets worker w with seed + w, and a vector's row i begins with that + i: all rows but one
    would play what a neighbour's play. Here worker w begins with seed + w * rows. Name it beside
    your own: `config.callbacks(on_environment_created=[seed_rows, mine])`.

    Args:
        env_runner: the runner.
        env: its vector.
    Raises:
        ValueError: the vector resets another way than RLlib expects.
    """
    _check_autoreset(env.metadata.get("autoreset_mode"))
    seed = env_runner.config.seed
    if seed is not None:
        # As RLlib has them, runners that evaluate begin a million later.
        apart = 1_000_000 * bool(env_runner.config.in_evaluation)
        env_runner._seed = seed + apart + (env_runner.worker_index or 0) * env.num_envs


def _check_autoreset(mode: Any) -> None:
    """RLlib takes a vector that resets in the same step without a word, and then drops the first
    transition of every episode.
    """
    if mode not in (AutoresetMode.NEXT_STEP, AutoresetMode.NEXT_STEP.value, "next_step"):
        shown = getattr(mode, "value", mode)
        raise ValueError(
            f"autoreset_mode={shown!r} was refused; RLlib expects a vector to reset in the next "
            "step, and with any other loses the first transition of each episode; leave it out"
        )


class Creator:
    """What RLlib calls, in whichever process; it pickles as what is to be made."""

    def __init__(
        self,
        env: str | Callable[[Any], Any],
        url: str | None,
        agent: str | None,
        others: Others,
        mask_in_observation: bool,
        options: Mapping[str, Any],
    ) -> None:
        self.env = env.removeprefix("hypertoken/") if isinstance(env, str) else env
        self.url = url
        self.agent = agent
        self.others = others
        self.mask_in_observation = mask_in_observation
        self.options = dict(options)

    def __call__(self, config: Mapping[str, Any]) -> Made:
        """Make what RLlib asks for.

        Args:
            config: the env_config; `num_envs`, which RLlib adds for its vector entry point, asks
                for a vector.
        """
        java.prepare_here()
        signals.check()
        if callable(self.env):
            return self._shown(self.env(config))
        options = {**self.options, **config}
        if not options.get("copy", True):
            raise _views_refused()
        url, rows = options.pop("url", self.url), options.pop("num_envs", None)
        return self._shown(
            self._in_process(self.env, rows, options)
            if url is None
            else self._behind(url, self.env, rows, options)
        )

    def _in_process(self, env: str, rows: int | None, options: dict[str, Any]) -> Any:
        from hypertoken.making import make_vec, parallel_env

        if rows is None:
            return parallel_env(env, **options)
        return make_vec(env, rows, **options)

    def _behind(self, url: str, env: str, rows: int | None, options: dict[str, Any]) -> Any:
        opening = {name: options.pop(name) for name in _OF_THE_WIRE if name in options}
        if rows is None:
            return HyperTokenParallelEnv(url, env=env, options=options, **opening)
        return HyperTokenVectorEnv(url, rows, env=env, options=options, **opening)

    def _shown(self, made: Any) -> Made:
        if isinstance(made, HyperTokenVectorEnv):
            if not made.batch.copy:
                made.close()
                raise _views_refused()
            try:
                _check_autoreset(made.autoreset_mode)
            except ValueError:
                made.close()
                raise
            masked = self.mask_in_observation and made.batch.description.masked
            return MaskedRows(made) if masked else made
        if not isinstance(made, (HyperTokenAECEnv, HyperTokenParallelEnv)):
            other: Made = made
            return other
        transport, mode, shown = made.transport, made.render_mode, self.mask_in_observation
        if len(transport.possible_agents) > 1 and self.agent is None:
            return HyperTokenMultiAgentEnv(
                HyperTokenParallelEnv(transport, mode, mask_in_observation=shown)
            )
        seat = HyperTokenGymEnv(
            transport, mode, agent=self.agent, others=self.others, mask_in_observation=shown
        )
        space = _space(seat.observation_space)
        if space is seat.observation_space:
            return seat
        return gymnasium.wrappers.TransformObservation(seat, _observation, space)


def _views_refused() -> ValueError:
    return ValueError(
        "copy=False was refused; RLlib keeps observations from step to step, and these would be "
        "overwritten; leave copy out"
    )


class HyperTokenMultiAgentEnv(MultiAgentEnv):
    """All agents of a game, for RLlib.

    In a game of turns only whoever acts next is shown an observation; its rewards meanwhile are
    told at once, and its info is all it was told since it last acted. An agent that is out is
    shown its last observation, but not before all others were shown one: to RLlib a game ends
    when all agents it has met are out.

    Args:
        game: the game; with `mask_in_observation` its agents are shown
            `{"observations", "action_mask"}`.
    """

    def __init__(self, game: HyperTokenParallelEnv) -> None:
        self.game = game
        self.possible_agents = list(game.possible_agents)
        # All of them all the time: RLlib's checker knows rewards only of these.
        self.agents = list(game.possible_agents)
        self.observation_spaces = {
            agent: _space(space) for agent, space in game.observation_spaces.items()
        }
        self.action_spaces = dict(game.action_spaces)
        self.metadata = dict(game.metadata)
        self.render_mode = game.render_mode
        self._unmet: set[str] = set()
        self._infos: dict[str, dict[str, Any]] = {}
        # By agent that is out and not yet shown so: observation, terminated, truncated.
        self._out: dict[str, tuple[Any, bool, bool]] = {}
        super().__init__()

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy in another process is another game, not yet reset.
        return type(self), (self.game,)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Start a game; returns observations and infos of who is to act."""
        super().reset(seed=seed)
        observations, infos = self.game.reset(seed=seed, options=options)
        acting = self._acting()
        self._unmet, self._infos, self._out = set(self.possible_agents) - set(acting), {}, {}
        return self._shown(acting, observations, infos)

    def step(
        self, action_dict: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], dict[str, Any]]:
        """Step the game.

        Args:
            action_dict: an action for each agent that was shown an observation and is not out.
        Returns:
            observations of who acts next and of who is out; rewards of all that were there;
            terminated and truncated of who is out, and of "__all__"; infos, as the observations.
        Raises:
            HyperTokenError: an action was refused or is missing; nothing has changed.
        """
        observations, rewards, ended, cut, infos = self.game.step(dict(action_dict))
        for agent, seen in observations.items():
            if ended[agent] or cut[agent]:
                self._out[agent] = seen, ended[agent], cut[agent]
        acting = self._acting()
        self._unmet -= self._out.keys()
        out = {} if acting and self._unmet else self._out
        self._unmet.difference_update(acting)
        if out:
            self._out = {}
        last = {agent: seen for agent, (seen, _, _) in out.items()}
        shown, told = self._shown([*acting, *out], {**observations, **last}, infos)
        terminated = {agent: flags[1] for agent, flags in out.items()}
        truncated = {agent: flags[2] for agent, flags in out.items()}
        over = not acting
        truncated["__all__"] = over and not any(terminated.values())
        terminated["__all__"] = over and not truncated["__all__"]
        return shown, rewards, terminated, truncated, told

    def _acting(self) -> list[str]:
        active = self.game.active_agent
        return list(self.game.agents) if active is None else [active]

    def _shown(
        self, agents: list[str], observations: dict[str, Any], infos: dict[str, dict[str, Any]]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        for agent, info in infos.items():
            self._infos.setdefault(agent, {}).update(info)
        return (
            {agent: _observation(observations[agent]) for agent in agents},
            {agent: self._infos.pop(agent, {}) for agent in agents},
        )

    def render(self) -> Any:
        """Draw the game: printed for "human", text for "ansi", pixels for "rgb_array"."""
        return self.game.render()

    def close(self) -> None:
        """End the game; it cannot be used afterwards."""
        self.game.close()


class MaskedRows(VectorEnv[Any, Any, Any]):
    """A vector whose rows show `{"observations", "action_mask"}`.

    No wrapper of Gymnasium's: RLlib asks whatever is unwrapped for its spaces.

    Args:
        envs: a vector of an environment with masks.
    """

    def __init__(self, envs: HyperTokenVectorEnv) -> None:
        self.envs = envs
        self.num_envs = envs.num_envs
        self.metadata = envs.metadata
        self.render_mode = envs.render_mode
        self.single_action_space = envs.single_action_space
        self.action_space = envs.action_space
        self.single_observation_space = _masked_space(
            envs.single_observation_space, mask_size(envs.single_action_space)
        )
        self.observation_space = batch_space(self.single_observation_space, envs.num_envs)

    def reset(
        self,
        *,
        seed: Seeds = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Reset the rows; see `HyperTokenVectorEnv.reset`."""
        observations, infos = self.envs.reset(seed=seed, options=options)
        return {"observations": observations, "action_mask": infos["action_mask"]}, infos

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Step every row; see `HyperTokenVectorEnv.step`."""
        observations, rewards, ended, cut, infos = self.envs.step(actions)
        shown = {"observations": observations, "action_mask": infos["action_mask"]}
        return shown, rewards, ended, cut, infos

    def render(self) -> Any:
        """Draw every row in the vector's render mode."""
        return self.envs.render()

    def close_extras(self, **_: Any) -> None:
        """Free the vector."""
        self.envs.close()


def _masked_space(plain: Space, size: int) -> Space:
    flags = spaces.Box(0, 1, (size,), np.int8)
    return spaces.Dict({"observations": plain, "action_mask": flags})


def _space(space: Space) -> Space:
    """PettingZoo's Dict with a mask in RLlib's words; every other space as it is."""
    if isinstance(space, spaces.Dict) and space.keys() == {"observation", "action_mask"}:
        (size,) = space["action_mask"].shape or (0,)
        return _masked_space(space["observation"], size)
    return space


def _observation(shown: Any) -> Any:
    if isinstance(shown, dict) and shown.keys() == {"observation", "action_mask"}:
        return {"observations": shown["observation"], "action_mask": shown["action_mask"]}
    return shown


__all__ = [
    "Creator",
    "HyperTokenMultiAgentEnv",
    "MaskedRows",
    "config",
    "register",
    "seed_rows",
]
