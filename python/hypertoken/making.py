"""Environments inside this process: `make`, `make_vec` and their multi-agent siblings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

from hypertoken.engine.session import Opening, Session

if TYPE_CHECKING:
    import gymnasium

    from hypertoken.envs.aec import HyperTokenAECEnv
    from hypertoken.envs.common import RenderMode
    from hypertoken.envs.multi_agent_vector import MultiAgentVectorEnv
    from hypertoken.envs.parallel import HyperTokenParallelEnv
    from hypertoken.envs.vector_in_process import NativeVectorEnv
    from hypertoken.transports.turns import Illegal

Jars = str | PathLike[str] | Iterable[str | PathLike[str]]


def _opening(env: str, options: dict[str, Any], jars: Jars, **how: Any) -> Opening:
    listed = [jars] if isinstance(jars, (str, PathLike)) else jars
    return Opening(env, options, jars=[str(jar) for jar in listed], **how)


def make(
    id: str,
    *,
    render_mode: str | None = None,
    copy: bool = True,
    illegal: str = "fallback",
    jars: Jars = (),
    agent: str | None = None,
    others: Any = "random",
    mask_in_observation: bool = False,
    **options: Any,
) -> gymnasium.Env[Any, Any]:
    """Make one environment in this process.

    Args:
        id: the environment's id or alias, such as "CartPole" or "blackjack".
        render_mode: "ansi" returns text, "human" prints it, "rgb_array" returns pixels.
        copy: False returns live views of observations, which the next step overwrites.
        illegal: what happens to masked actions: "fallback", "strict" or "terminate".
        jars: jars of your own environments; those of HYPERTOKEN_JARS are there too.
        agent: with several agents, which seat is yours; the first when left out.
        others: who plays the other seats; see `HyperTokenGymEnv`.
        mask_in_observation: show `{"observation", "action_mask"}`.
        options: the environment's own, such as `decks=6`.
    Returns:
        A gymnasium.Env, without wrappers: the engine itself checks order, actions and the time
        limit.
    Raises:
        UnknownEnvironmentError, BadOptionError: there is no such environment or option.
        JavaNotFoundError: no Java of version 25 or newer was found.
    """
    opening = _opening(id, options, jars, illegal=illegal)
    session = Session(opening)
    if len(session.description.possible_agents) == 1 and not mask_in_observation and agent is None:
        from hypertoken.envs.env import NativeEnv

        return NativeEnv(opening, render_mode, copy=copy, session=session)
    from hypertoken.envs.single_agent import HyperTokenGymEnv
    from hypertoken.transports.turns_in_process import NativeTransport

    return HyperTokenGymEnv(
        NativeTransport(opening, copy=copy, session=session),
        render_mode,
        agent=agent,
        others=others,
        mask_in_observation=mask_in_observation,
    )


def make_vec(
    id: str,
    num_envs: int = 1,
    *,
    copy: bool = True,
    autoreset_mode: Any = "NextStep",
    threads: int = 1,
    illegal: str = "fallback",
    render_mode: str | None = None,
    legacy_final_info: bool = False,
    jars: Jars = (),
    **options: Any,
) -> NativeVectorEnv:
    """Make many copies of a single-agent environment in this process.

    Args:
        id: the environment's id or alias.
        num_envs: how many copies.
        copy: False returns live views, which the next step overwrites.
        autoreset_mode: an AutoresetMode or its name; each exactly as Gymnasium means it.
        threads: how many Java threads may share a step; results never depend on it.
        illegal: what happens to masked actions: "fallback", "strict" or "terminate".
        render_mode: "ansi" or "rgb_array": `render()` returns one drawing a row.
        legacy_final_info: with "SameStep", tell of ended episodes by the keys of Gymnasium before
            1.0; see `HyperTokenVectorEnv`.
        jars: jars of your own environments; those of HYPERTOKEN_JARS are there too.
        options: the environment's own, such as `decks=6`.
    Returns:
        A gymnasium.vector.VectorEnv.
    Raises:
        ValueError: the environment has several agents; `make_multi_vec` takes those. Or
            `legacy_final_info` is asked for with another autoreset.
    """
    from hypertoken.envs.vector import wire_mode
    from hypertoken.envs.vector_in_process import NativeVectorEnv

    opening = _opening(
        id,
        options,
        jars,
        num_envs=num_envs,
        autoreset=wire_mode(autoreset_mode),
        threads=threads,
        illegal=illegal,
    )
    return NativeVectorEnv(opening, render_mode, copy=copy, legacy_final_info=legacy_final_info)


def make_multi_vec(
    id: str,
    num_envs: int = 1,
    *,
    copy: bool = True,
    autoreset_mode: Any = "NextStep",
    threads: int = 1,
    illegal: str = "fallback",
    observes_all: bool = False,
    jars: Jars = (),
    **options: Any,
) -> MultiAgentVectorEnv:
    """Make many copies of an environment with any number of agents: self-play at speed.

    Args:
        id: the environment's id or alias.
        num_envs: how many copies.
        copy: False returns live views, which the next step overwrites.
        autoreset_mode: an AutoresetMode or its name; each exactly as Gymnasium means it.
        threads: how many Java threads may share a step; results never depend on it.
        illegal: what happens to masked actions: "fallback", "strict" or "terminate".
        observes_all: show all living agents after each step, not only whoever acts next.
        jars: jars of your own environments; those of HYPERTOKEN_JARS are there too.
        options: the environment's own, such as `agents=3`.
    """
    from hypertoken.envs.multi_agent_vector import MultiAgentVectorEnv
    from hypertoken.envs.vector import wire_mode

    opening = _opening(
        id,
        options,
        jars,
        num_envs=num_envs,
        autoreset=wire_mode(autoreset_mode),
        threads=threads,
        illegal=illegal,
        observes_all=observes_all,
    )
    return MultiAgentVectorEnv(opening, copy=copy)


def aec_env(
    id: str,
    *,
    render_mode: RenderMode | None = None,
    mask_in_observation: bool = False,
    copy: bool = True,
    illegal: Illegal = "fallback",
    jars: Jars = (),
    options: Mapping[str, Any] | None = None,
    **named: Any,
) -> HyperTokenAECEnv:
    """Make a PettingZoo AECEnv in this process, such as `aec_env("blackjack", agents=3)`.

    Args:
        id: the environment's id or alias.
        render_mode: "ansi" returns text, "human" prints it, "rgb_array" returns pixels.
        mask_in_observation: show agents `{"observation", "action_mask"}`.
        copy: False returns live views of observations, which the next step overwrites.
        illegal: what happens to masked actions: "fallback", "strict" or "terminate".
        jars: jars of your own environments; those of HYPERTOKEN_JARS are there too.
        options: the environment's own, as a mapping.
        named: the environment's own by name.
    """
    from hypertoken.envs.aec import HyperTokenAECEnv
    from hypertoken.envs.common import merged_options

    opening = _opening(id, merged_options(options, named), jars, illegal=illegal)
    return HyperTokenAECEnv(
        opening, render_mode, mask_in_observation=mask_in_observation, copy=copy
    )


def parallel_env(
    id: str,
    *,
    render_mode: RenderMode | None = None,
    mask_in_observation: bool = False,
    copy: bool = True,
    illegal: Illegal = "fallback",
    jars: Jars = (),
    options: Mapping[str, Any] | None = None,
    **named: Any,
) -> HyperTokenParallelEnv:
    """Make a PettingZoo ParallelEnv in this process; see `aec_env`."""
    from hypertoken.envs.common import merged_options
    from hypertoken.envs.parallel import HyperTokenParallelEnv

    given = merged_options(options, named)
    opening = _opening(id, given, jars, illegal=illegal, observes_all=True)
    return HyperTokenParallelEnv(
        opening, render_mode, mask_in_observation=mask_in_observation, copy=copy
    )
