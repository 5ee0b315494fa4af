"""What an environment is: one reading of the bridge's `env_info`, which the engine in this process
tells in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
        observation_spaces, action_spaces: one row's, by agent.
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
        self.observation_spaces = _spaces(info["observation_spaces"])
        self.action_spaces = _spaces(info["action_spaces"])


def _spaces(described: Mapping[str, Any]) -> dict[str, Space]:
    return {agent: convert_space(space) for agent, space in described.items()}


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
