"""Every way to reach an environment, over the wire and here, each giving its trajectory digest.

The conformance run compares them; all must be equal.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

from hypertoken import making
from hypertoken.envs.aec import HyperTokenAECEnv
from hypertoken.envs.parallel import HyperTokenParallelEnv
from hypertoken.envs.single_agent import HyperTokenGymEnv
from hypertoken.envs.vector import HyperTokenVectorEnv
from hypertoken.making import Jars
from hypertoken.options import Autoreset
from hypertoken.spaces import restore_numbers
from hypertoken.testing.play_agents import aec_digest, gym_digest, parallel_digest
from hypertoken.testing.play_rows import columns_digest, vector_digest
from hypertoken.transports.batches import WebSocketBatch
from hypertoken.transports.turns import Final, Turn, WebSocketTransport


class ClassicTransport(WebSocketTransport):
    """The bridge by its classic commands alone: reset, step, last, observe, action_mask, …"""

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> Turn:
        """Start an episode."""
        self.client.reset(seed, options)
        return self._told({})

    def step(self, action: Any) -> Turn:
        """Play the acting agent's action, then the dead agents' steps, and ask for the rest."""
        client = self.client
        client.step(action)
        rewards, terminations = client.rewards(), client.terminations()
        truncations, infos = client.truncations(), client.infos()
        ended = [agent for agent in client.agents() if terminations[agent] or truncations[agent]]
        final = {}
        for agent in ended:
            infos[agent].pop("action_mask", None)
            final[agent] = Final(self.observe(agent), infos[agent])
        for _ in ended:
            client.step(None)
        turn = self._told(final)
        turn.rewards, turn.terminations, turn.truncations = rewards, terminations, truncations
        return turn

    def _told(self, final: dict[str, Final]) -> Turn:
        client = self.client
        agents = client.agents()
        selected = client.agent_selection() if agents else None
        last = client.last() if selected else {"observation": None, "info": {}}
        info = last["info"]
        return Turn(
            agents=agents,
            agent_selection=selected,
            observation=None
            if selected is None
            else self._decoders[selected](restore_numbers(last["observation"])),
            mask=info.pop("action_mask", None),
            info=info,
            rewards=client.rewards(),
            terminations=client.terminations(),
            truncations=client.truncations(),
            final=final,
        )


def digest_via(
    via: str,
    url: str,
    env: str,
    *,
    seed: int,
    steps: int,
    envs: int = 1,
    autoreset: Autoreset = "next_step",
    options: dict[str, Any] | None = None,
) -> str:
    """Play scripted actions one way; returns the digest as 64 hex digits.

    Args:
        via: "aec", "classic", "parallel", "gym", "vector" or "batch".
        url: the server.
        env: the environment to open.
        seed: row i is reset with seed + i.
        steps: real steps of each row.
        envs: rows; the first four ways have one.
        autoreset: of "vector" and "batch".
        options: the environment's options.
    """
    opening: dict[str, Any] = {"env": env, "options": options}
    if via == "aec":
        with closing(HyperTokenAECEnv(url, **opening)) as turns:
            return aec_digest(turns, seed, steps)
    if via == "classic":
        with closing(HyperTokenAECEnv(ClassicTransport(url, **opening))) as classic:
            return aec_digest(classic, seed, steps)
    if via == "parallel":
        with closing(HyperTokenParallelEnv(url, **opening)) as together:
            return parallel_digest(together, seed, steps)
    if via == "gym":
        with closing(HyperTokenGymEnv(url, **opening)) as single:
            return gym_digest(single, seed, steps)
    if via == "vector":
        with closing(HyperTokenVectorEnv(url, envs, autoreset_mode=autoreset, **opening)) as vector:
            return vector_digest(vector, seed, steps)
    if via == "batch":
        with closing(WebSocketBatch(url, env, envs, autoreset=autoreset, options=options)) as batch:
            return columns_digest(batch, seed, steps)
    raise ValueError(
        f"via={via!r} was refused; the ways are aec, classic, parallel, gym, vector and batch; "
        "pass one of these"
    )


def digest_here(
    via: str,
    env: str,
    *,
    seed: int,
    steps: int,
    envs: int = 1,
    autoreset: Autoreset = "next_step",
    threads: int = 1,
    options: dict[str, Any] | None = None,
    jars: Jars = (),
) -> str:
    """Play scripted actions in this process; returns the digest as 64 hex digits.

    Args:
        via: "aec", "parallel", "gym", "vector" or "batch".
        env: the environment to make.
        seed: row i is reset with seed + i.
        steps: real steps of each row.
        envs: rows; the first three ways have one.
        autoreset: of "vector" and "batch".
        threads: of "vector" and "batch".
        options: the environment's options.
        jars: jars of environments beside our own.
    """
    how: dict[str, Any] = {"jars": jars, **(options or {})}
    if via == "aec":
        with closing(making.aec_env(env, **how)) as turns:
            return aec_digest(turns, seed, steps)
    if via == "parallel":
        with closing(making.parallel_env(env, **how)) as together:
            return parallel_digest(together, seed, steps)
    if via == "gym":
        with closing(making.make(env, **how)) as single:
            return gym_digest(single, seed, steps)
    how |= {"autoreset_mode": autoreset, "threads": threads}
    if via == "vector":
        with closing(making.make_vec(env, envs, **how)) as vector:
            return vector_digest(vector, seed, steps)
    if via == "batch":
        with closing(making.make_multi_vec(env, envs, **how)) as rows:
            return columns_digest(rows.batch, seed, steps)
    raise ValueError(
        f"via={via!r} was refused; the ways are aec, parallel, gym, vector and batch; pass one of "
        "these"
    )
