"""`make`, `make_vec` and their multi-agent siblings: environments in this process, or of a server.

With `url="ws://host:9999"` each opens the same environment on that server, in a session of its own,
and starts no Java here; a server that wants a token gets it by `?token=…` in the URL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, Unpack, overload

from hypertoken.engine import catalogue
from hypertoken.engine.described import described
from hypertoken.engine.java import find_home, find_jar
from hypertoken.engine.session import Opening, Session
from hypertoken.errors import BadFieldError
from hypertoken.options import AutoresetName, Illegal, RenderMode, Rows

if TYPE_CHECKING:
    import gymnasium
    from gymnasium.vector import AutoresetMode

    from hypertoken.envs.aec import HyperTokenAECEnv
    from hypertoken.envs.multi_agent_vector import MultiAgentVectorEnv
    from hypertoken.envs.parallel import HyperTokenParallelEnv
    from hypertoken.envs.single_agent import Others
    from hypertoken.envs.vector import HyperTokenVectorEnv
    from hypertoken.envs.vector_in_process import NativeVectorEnv

Jars = str | PathLike[str] | Iterable[str | PathLike[str]]


def list_envs() -> list[str]:
    """The ids of the environments that HyperToken brings, in alphabetical order; starts no Java.

    Raises:
        ServerFailedError, JavaNotFoundError: there is nothing to ask; see `hypertoken doctor`.
    """
    listed = catalogue.entries()
    if not listed:
        find_jar()
        find_home()
    return [entry["id"] for entry in listed]


def _opening(env: str, options: dict[str, Any], jars: Jars, **how: Unpack[Rows]) -> Opening:
    listed = [jars] if isinstance(jars, (str, PathLike)) else jars
    return Opening(env, options, jars=[str(jar) for jar in listed], **how)


def _check_drawable(opening: Opening, render_mode: str | None) -> None:
    """Refuse a render mode before anything is open."""
    if render_mode is not None:
        from hypertoken.envs.common import check_render_mode

        check_render_mode(described(opening).description, render_mode)


def _on_a_server(opening: Opening, **refused: Any) -> dict[str, Any]:
    """How the faces over the wire open it; what only this process can do is refused."""
    refused |= {"jars": opening.jars}
    for name, given in refused.items():
        if given:
            raise BadFieldError(
                f"{name}={given!r} was refused together with url=; it is for environments in this "
                "process; leave one of the two out",
                "bad_field",
            )
    return {
        "env": opening.env,
        "options": opening.options,
        "illegal": opening.illegal,
        "max_episode_steps": opening.max_episode_steps,
    }


def make(
    id: str,
    *,
    url: str | None = None,
    render_mode: RenderMode | None = None,
    copy: bool = True,
    illegal: Illegal = "fallback",
    max_episode_steps: int | None = None,
    jars: Jars = (),
    agent: str | None = None,
    others: Others = "random",
    mask_in_observation: bool = False,
    **options: Any,
) -> gymnasium.Env[Any, Any]:
    """Make one environment.

    Args:
        id: the environment's id or alias, such as "CartPole" or "blackjack".
        url: a server to open it on, instead of this process.
        render_mode: "ansi" returns text, "human" prints it, "rgb_array" returns pixels.
        copy: False returns live views of observations, which the next step overwrites.
        illegal: what happens to masked actions: "fallback", "strict" or "terminate".
        max_episode_steps: after how many steps an episode is truncated, -1 for never; the
            environment's own limit when left out.
        jars: jars of your own environments; those of HYPERTOKEN_JARS are there too.
        agent: with several agents, which seat is yours; the first when left out.
        others: who plays the other seats; see `HyperTokenGymEnv`.
        mask_in_observation: show `{"observation", "action_mask"}`.
        options: the environment's own, such as `decks=6`.
    Returns:
        A gymnasium.Env, without wrappers: the engine itself checks order, actions and the time
        limit.
    Raises:
        UnknownEnvironmentError, UnknownOptionError: there is no such environment or option.
        BadOptionError, ValueError: an option's value, the limit or the render mode is refused.
        JavaNotFoundError: no Java of version 25 or newer was found.
    """
    opening = _opening(id, options, jars, illegal=illegal, max_episode_steps=max_episode_steps)
    if url is not None:
        from hypertoken.envs.single_agent import HyperTokenGymEnv

        return HyperTokenGymEnv(
            url,
            render_mode,
            agent=agent,
            others=others,
            mask_in_observation=mask_in_observation,
            **_on_a_server(opening),
        )
    _check_drawable(opening, render_mode)
    session = Session(opening)
    try:
        return _one(
            session, render_mode, copy, agent=agent, others=others, mask=mask_in_observation
        )
    except BaseException:
        session.close()
        raise


def _one(
    session: Session,
    render_mode: str | None,
    copy: bool,
    *,
    agent: str | None,
    others: Others,
    mask: bool,
) -> gymnasium.Env[Any, Any]:
    opening = session.opening
    if len(session.description.possible_agents) == 1 and not mask and agent is None:
        from hypertoken.envs.env import NativeEnv

        return NativeEnv(opening, render_mode, copy=copy, session=session)
    from hypertoken.envs.single_agent import HyperTokenGymEnv
    from hypertoken.transports.turns_in_process import NativeTransport

    return HyperTokenGymEnv(
        NativeTransport(opening, copy=copy, session=session),
        render_mode,
        agent=agent,
        others=others,
        mask_in_observation=mask,
    )


@overload
def make_vec(id: str, num_envs: int = 1, *, url: str, **how: Any) -> HyperTokenVectorEnv: ...


@overload
def make_vec(
    id: str,
    num_envs: int = 1,
    *,
    url: None = None,
    copy: bool = True,
    autoreset_mode: AutoresetMode | AutoresetName = "NextStep",
    threads: int = 1,
    illegal: Illegal = "fallback",
    max_episode_steps: int | None = None,
    render_mode: RenderMode | None = None,
    legacy_final_info: bool = False,
    jars: Jars = (),
    **options: Any,
) -> NativeVectorEnv: ...


def make_vec(
    id: str,
    num_envs: int = 1,
    *,
    url: str | None = None,
    copy: bool = True,
    autoreset_mode: AutoresetMode | AutoresetName = "NextStep",
    threads: int = 1,
    illegal: Illegal = "fallback",
    max_episode_steps: int | None = None,
    render_mode: RenderMode | None = None,
    legacy_final_info: bool = False,
    jars: Jars = (),
    **options: Any,
) -> HyperTokenVectorEnv:
    """Make many copies of a single-agent environment.

    Args:
        id: the environment's id or alias.
        num_envs: how many copies.
        url: a server to open them on, instead of this process; `threads` are then its own.
        copy: False returns live views, which the next step overwrites.
        autoreset_mode: an AutoresetMode or its name; each exactly as Gymnasium means it.
        threads: how many Java threads may share a step; results never depend on it.
        illegal: what happens to masked actions: "fallback", "strict" or "terminate".
        max_episode_steps: after how many steps an episode is truncated, -1 for never; the
            environment's own limit when left out.
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
    from hypertoken.envs.vector import HyperTokenVectorEnv, wire_mode

    opening = _opening(
        id,
        options,
        jars,
        num_envs=num_envs,
        autoreset=wire_mode(autoreset_mode),
        threads=threads,
        illegal=illegal,
        max_episode_steps=max_episode_steps,
    )
    if url is not None:
        return HyperTokenVectorEnv(
            url,
            opening.num_envs,
            autoreset_mode=autoreset_mode,
            legacy_final_info=legacy_final_info,
            **_on_a_server(opening, render_mode=render_mode),
        )
    from hypertoken.envs.registered import spec_of
    from hypertoken.envs.vector_in_process import NativeVectorEnv

    _check_drawable(opening, render_mode)
    envs = NativeVectorEnv(opening, render_mode, copy=copy, legacy_final_info=legacy_final_info)
    envs.spec = spec_of(
        envs.batch.session, "make_vec", num_envs=num_envs, autoreset_mode=envs.autoreset_mode.value
    )
    return envs


def make_multi_vec(
    id: str,
    num_envs: int = 1,
    *,
    url: str | None = None,
    copy: bool = True,
    autoreset_mode: AutoresetMode | AutoresetName = "NextStep",
    threads: int = 1,
    illegal: Illegal = "fallback",
    max_episode_steps: int | None = None,
    observes_all: bool = False,
    jars: Jars = (),
    **options: Any,
) -> MultiAgentVectorEnv:
    """Make many copies of an environment with any number of agents: self-play at speed.

    Args:
        id: the environment's id or alias.
        num_envs: how many copies.
        url: a server to open them on, instead of this process; `threads` are then its own.
        copy: False returns live views, which the next step overwrites.
        autoreset_mode: an AutoresetMode or its name; each exactly as Gymnasium means it.
        threads: how many Java threads may share a step; results never depend on it.
        illegal: what happens to masked actions: "fallback", "strict" or "terminate".
        max_episode_steps: after how many steps an episode is truncated, -1 for never; the
            environment's own limit when left out.
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
        max_episode_steps=max_episode_steps,
        observes_all=observes_all,
    )
    if url is not None:
        from hypertoken.transports.batches import WebSocketBatch

        how = _on_a_server(opening, observes_all=observes_all)
        return MultiAgentVectorEnv(
            WebSocketBatch(url, num_envs=opening.num_envs, autoreset=opening.autoreset, **how)
        )
    return MultiAgentVectorEnv(opening, copy=copy)


def aec_env(
    id: str,
    *,
    url: str | None = None,
    render_mode: RenderMode | None = None,
    mask_in_observation: bool = False,
    copy: bool = True,
    illegal: Illegal = "fallback",
    max_episode_steps: int | None = None,
    jars: Jars = (),
    options: Mapping[str, Any] | None = None,
    **named: Any,
) -> HyperTokenAECEnv:
    """Make a PettingZoo AECEnv, such as `aec_env("blackjack", agents=3)`.

    Args:
        id: the environment's id or alias.
        url: a server to open it on, instead of this process.
        render_mode: "ansi" returns text, "human" prints it, "rgb_array" returns pixels.
        mask_in_observation: show agents `{"observation", "action_mask"}`.
        copy: False returns live views of observations, which the next step overwrites.
        illegal: what happens to masked actions: "fallback", "strict" or "terminate".
        max_episode_steps: after how many steps an episode is truncated, -1 for never; the
            environment's own limit when left out.
        jars: jars of your own environments; those of HYPERTOKEN_JARS are there too.
        options: the environment's own, as a mapping.
        named: the environment's own by name.
    """
    from hypertoken.envs.aec import HyperTokenAECEnv
    from hypertoken.envs.common import merged_options

    given = merged_options(options, named)
    opening = _opening(id, given, jars, illegal=illegal, max_episode_steps=max_episode_steps)
    if url is not None:
        return HyperTokenAECEnv(
            url, render_mode, mask_in_observation=mask_in_observation, **_on_a_server(opening)
        )
    _check_drawable(opening, render_mode)
    return HyperTokenAECEnv(
        opening, render_mode, mask_in_observation=mask_in_observation, copy=copy
    )


def parallel_env(
    id: str,
    *,
    url: str | None = None,
    render_mode: RenderMode | None = None,
    mask_in_observation: bool = False,
    copy: bool = True,
    illegal: Illegal = "fallback",
    max_episode_steps: int | None = None,
    jars: Jars = (),
    options: Mapping[str, Any] | None = None,
    **named: Any,
) -> HyperTokenParallelEnv:
    """Make a PettingZoo ParallelEnv; see `aec_env`."""
    from hypertoken.envs.common import merged_options
    from hypertoken.envs.parallel import HyperTokenParallelEnv

    opening = _opening(
        id,
        merged_options(options, named),
        jars,
        illegal=illegal,
        max_episode_steps=max_episode_steps,
        observes_all=True,
    )
    if url is not None:
        return HyperTokenParallelEnv(
            url, render_mode, mask_in_observation=mask_in_observation, **_on_a_server(opening)
        )
    _check_drawable(opening, render_mode)
    return HyperTokenParallelEnv(
        opening, render_mode, mask_in_observation=mask_in_observation, copy=copy
    )
