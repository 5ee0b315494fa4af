"""What an environment is: one reading of the bridge's `env_info`, which the engine in this process
tells in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from gymnasium import spaces

from hypertoken.errors import BadOptionError, UnknownOptionError
from hypertoken.spaces import Space, convert_space


class Description:
    """What an environment is.

    Attributes:
        info: all of it as it was told.
        name: its id.
        possible_agents: its agents, in the order of every column.
        sequential: whether agents act one after another; else all at once.
        masked: whether agents are told which actions are legal.
        binding: whether a mask is a rule; then nothing is allowed once an episode has ended.
        episode_options: the options that hold for one episode, named in a reset.
        options: these and the construction options, which fix shapes when it is opened.
        render_modes: how it can be drawn: "ansi", "rgb_array".
        info_numbers: the numbers that travel in columns "info.NAME", and what a reset tells.
        integer_rewards: whether its rewards are whole numbers.
        max_episode_steps: after how many steps an episode is truncated; None for never.
        policies: the names of the ways to play that it declares.
        reward_threshold: the mean return from which on it counts as solved; None where nobody said.
    """

    def __init__(self, info: Mapping[str, Any]) -> None:
        self.info = info
        self.name = str(info["env_type"])
        self.possible_agents: list[str] = list(info["possible_agents"])
        self.sequential = str(info["turn_order"]).lower() == "sequential"
        self.masked = bool(info["masked"])
        # Servers that have no word for it know only masks that bind.
        self.binding = str(info.get("mask_meaning", "binding")).lower() == "binding"
        self.episode_options = frozenset(info["episode_options"])
        self.options = self.episode_options | frozenset(info["env_options"])
        self.render_modes: list[str] = list(info["render_modes"])
        self.info_numbers: dict[str, int | float] = dict(info.get("info_numbers", {}))
        self.integer_rewards = str(info.get("reward_kind")).lower() == "integer"
        self.max_episode_steps: int | None = info.get("max_steps")
        self.policies: list[str] = list(info.get("policies", ()))
        self.reward_threshold: float | None = info.get("reward_threshold")
        # All environments that are opened alike read these, and nobody seeds or changes them.
        self.shared_observation_spaces: dict[str, Space] = _spaces(info["observation_spaces"])
        self.shared_action_spaces: dict[str, Space] = _spaces(info["action_spaces"])

    @cached_property
    def observation_spaces(self) -> dict[str, Space]:
        """This environment's own, by agent."""
        return _unshared(self.shared_observation_spaces)

    @cached_property
    def action_spaces(self) -> dict[str, Space]:
        """This environment's own, by agent."""
        return _unshared(self.shared_action_spaces)

    def unshared(self) -> Description:
        """The same for another environment: whoever seeds its spaces seeds no other's."""
        twin = object.__new__(Description)
        twin.__dict__.update(self.__dict__)
        twin.possible_agents = self.possible_agents.copy()
        twin.render_modes = self.render_modes.copy()
        return twin


def _spaces(described: Mapping[str, Any]) -> dict[str, Space]:
    return {agent: convert_space(space) for agent, space in described.items()}


def _unshared(shared: Mapping[str, Space]) -> dict[str, Space]:
    return {agent: _unseeded_copy(space) for agent, space in shared.items()}


def _unseeded_copy(space: Space) -> Space:
    # A tenth of what copy.deepcopy takes; the space was never seeded, so it has no generator yet.
    kind = type(space)  # looking for the class is quick, asking isinstance of a Mapping is not
    twin: Space = object.__new__(kind)
    told = twin.__dict__
    told.update(space.__dict__)
    for name, value in space.__dict__.items():
        if type(value) is np.ndarray:
            told[name] = value.copy()
    if kind is spaces.Dict:
        told["spaces"] = {key: _unseeded_copy(part) for key, part in told["spaces"].items()}
    elif kind is spaces.Tuple:
        told["spaces"] = tuple(_unseeded_copy(part) for part in told["spaces"])
    return twin


class Described:
    """What has a description answers for it by plain attributes, which a step may read quickly.

    Attributes:
        description: what the environment is; the others stand in it too.
    """

    description: Description
    name: str
    possible_agents: list[str]
    sequential: bool
    masked: bool
    options: frozenset[str]
    render_modes: list[str]

    def describe(self, description: Description) -> None:
        """Take over a description, and what is asked of it often."""
        self.description = description
        self.name = description.name
        self.possible_agents = description.possible_agents
        self.sequential = description.sequential
        self.masked = description.masked
        self.options = description.options
        self.render_modes = description.render_modes

    def observation_space(self, agent: str) -> Space:
        """Return one row's space of this agent, always the same object; KeyError without one."""
        return self.description.observation_spaces[agent]

    def action_space(self, agent: str) -> Space:
        """Return one row's space of this agent, always the same object; KeyError without one."""
        return self.description.action_spaces[agent]


def refused_name(
    refused: BadOptionError,
    given: Iterable[str],
    declared: Container[str],
    give: Callable[[str], object],
) -> BadOptionError:
    """The refusal of an option that an environment does not declare, else the one there was.

    TorchRL and others find out which keywords an environment takes by Python's own words.

    Args:
        refused: why the environment could not be opened.
        given: the names of the options it was to be opened with.
        declared: the names that it declares.
        give: opens it with one of them; its refusal says what is wrong with the name.
    """
    for name in given:
        if name not in declared:
            try:
                give(name)
            except BadOptionError as why:
                return UnknownOptionError(
                    f"make() got an unexpected keyword argument {name!r}; {why}", "bad_option"
                )
    return refused
