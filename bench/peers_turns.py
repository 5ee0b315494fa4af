"""Games of turns: ours beside PettingZoo, OpenSpiel and RLCard; one table, and thousands."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import cycle
from typing import Any

import hypertoken
import numpy as np
from measure import Budget, Contestant, race
from numpy.typing import NDArray
from results import report, table, verdicts

PACKAGES = ("hypertoken", "pettingzoo", "open-spiel", "rlcard", "numpy")
TABLES = 4096
PLAYED = {
    "tic-tac-toe": ("tictactoe_v3", "tic_tac_toe"),
    "connect-four": ("connect_four_v3", "connect_four"),
}


def agent_cycle(env: Any, masked_observation: bool) -> Callable[[int], float]:
    """Play whole games by PettingZoo's loop, the first legal action each turn; counts turns.

    Args:
        env: any AECEnv.
        masked_observation: whether the mask is in the observation, else in the info.
    """

    def play(count: int) -> float:
        turns = 0
        while turns < count:
            env.reset()
            for _ in env.agent_iter():
                observation, _, terminated, truncated, info = env.last()
                if terminated or truncated:
                    env.step(None)
                else:
                    mask = (observation if masked_observation else info)["action_mask"]
                    env.step(int(mask.argmax()))
                    turns += 1
        return turns

    env.reset(seed=1)
    return play


def open_spiel(name: str) -> Callable[[int], float]:
    """Play whole games by OpenSpiel's states; each turn reads observation and legal actions."""
    import pyspiel

    game = pyspiel.load_game(name)

    def play(count: int) -> float:
        turns = 0
        while turns < count:
            state = game.new_initial_state()
            while not state.is_terminal():
                state.observation_tensor(state.current_player())
                state.apply_action(state.legal_actions()[0])
                turns += 1
            state.returns()
        return turns

    return play


def open_spiel_environment(name: str) -> Callable[[int], float]:
    """Play whole games by OpenSpiel's rl_environment, its Python API for learning agents."""
    from open_spiel.python import rl_environment

    env = rl_environment.Environment(name)

    def play(count: int) -> float:
        turns = 0
        while turns < count:
            seen = env.reset()
            while not seen.last():
                actor = seen.observations["current_player"]
                seen = env.step([seen.observations["legal_actions"][actor][0]])
                turns += 1
        return turns

    return play


def rlcard_blackjack() -> Callable[[int], float]:
    """Play blackjack with three players by RLCard's step, each hitting once and then standing."""
    import rlcard

    env = rlcard.make("blackjack", config={"game_num_players": 3, "seed": 1})

    def play(count: int) -> float:
        turns = 0
        while turns < count:
            state, _ = env.reset()
            while not env.is_over():
                action = 0 if len(state["raw_obs"]["state"][0]) == 2 else 1
                state, _ = env.step(action)
                turns += 1
        return turns

    return play


def our_blackjack() -> Callable[[int], float]:
    """Play ours with three seats, one round an episode, hitting to 17 as nothing is simpler."""
    env = hypertoken.aec_env("casino-blackjack", agents=3)
    env.reset(seed=1)

    def play(count: int) -> float:
        turns = 0
        while turns < count:
            env.reset()
            for _ in env.agent_iter():
                observation, _, terminated, truncated, info = env.last()
                if terminated or truncated:
                    env.step(None)
                else:
                    env.step(0 if info["action_mask"][0] and observation[0] < 17 / 31 else 1)
                    turns += 1
        return turns

    return play


def openspiel(name: str) -> list[Contestant]:
    """OpenSpiel's two ways to play."""
    return [
        Contestant("OpenSpiel, rl_environment", open_spiel_environment(name)),
        Contestant("OpenSpiel, pyspiel.State", open_spiel(name)),
    ]


def turns(budget: Budget, write: bool) -> None:
    """Turns of one table, each game beside its peers."""
    texts, wanted = [], []
    for ours, (zoo, spiel) in PLAYED.items():
        module = import_module(f"pettingzoo.classic.{zoo}")
        envs = {
            "PettingZoo, raw_env": (module.raw_env(), True),
            "PettingZoo, env": (module.env(), True),
            "hypertoken.aec_env": (hypertoken.aec_env(ours), False),
            "hypertoken.aec_env(copy=False)": (hypertoken.aec_env(ours, copy=False), False),
        }
        contestants = [
            Contestant(name, agent_cycle(env, inside), env.close)
            for name, (env, inside) in envs.items()
        ]
        contestants += openspiel(spiel)
        race(contestants, budget)
        texts.append(_drawn(ours, contestants))
        if ours == "tic-tac-toe":
            base = contestants[0].rate
            wanted += [
                ("tic-tac-toe, copied, × PettingZoo's raw_env", contestants[2].rate / base, 6.0),
                ("tic-tac-toe, views, × PettingZoo's raw_env", contestants[3].rate / base, 9.0),
            ]
    cards = [
        Contestant("RLCard, env.step", rlcard_blackjack()),
        Contestant("hypertoken.aec_env (casino rules)", our_blackjack()),
    ]
    race(cards, budget)
    texts.append(_drawn("blackjack, three seats", cards))
    intro = (
        "Whole games with PettingZoo's loop (`agent_iter`, `last`, `step`), dead steps and resets "
        "included; the policy takes the first legal action of the mask. OpenSpiel and RLCard have "
        "interfaces of their own: there each turn reads the observation and the legal actions, "
        "and steps. RLCard's blackjack has hit and stand only."
    )
    report("peers.turns", "\n\n".join([intro, *texts]) + verdicts(wanted), PACKAGES, write=write)


def _drawn(game: str, contestants: list[Contestant]) -> str:
    base = contestants[0].rate
    return table(
        (game, "µs a turn", "spread", "×"),
        [
            (c.name, f"{1e6 / c.rate:.2f}", f"± {c.spread:.0%}", f"{c.rate / base:.1f}")
            for c in contestants
        ],
    )


# --- Thousands of tables ---


def tables(budget: Budget, write: bool) -> None:
    """Self-play on 4,096 tables of tic-tac-toe, from Python."""
    contestants = []
    for copy in (False, True):
        how = "copy=True" if copy else "copy=False"
        for name, player in (("recorded actions", recorded), ("numpy policy", first_legal)):
            env = hypertoken.make_multi_vec("tic-tac-toe", TABLES, copy=copy)
            contestants.append(
                Contestant(f"hypertoken.make_multi_vec({how}), {name}", player(env), env.close)
            )
    contestants += openspiel("tic_tac_toe")
    race(contestants, budget)
    base, states = contestants[-2].rate, contestants[-1].rate
    text = (
        f"{TABLES:,} tables of tic-tac-toe, one core; turns played, without autoreset's fillers. "
        "Recorded actions: random legal ones of one recorded stretch, so only the environment is "
        "measured. numpy policy: the first legal action of each acting agent's mask, by numpy "
        "within the time.\n\n"
        + table(
            ("self-play", "M turns/s", "spread", "× rl_environment"),
            [
                (c.name, f"{c.rate / 1e6:.2f}", f"± {c.spread:.0%}", f"{c.rate / base:.1f}")
                for c in contestants
            ],
        )
        + verdicts(
            [
                ("recorded actions, copied, M turns/s", contestants[2].rate / 1e6, 10.0),
                ("recorded actions, copied, × rl_environment", contestants[2].rate / base, 30.0),
                ("recorded actions, copied, × pyspiel.State", contestants[2].rate / states, 30.0),
            ]
        )
    )
    report("peers.tables", text, PACKAGES, write=write)


def first_legal(env: Any) -> Callable[[int], float]:
    """Step by the first legal action of whoever acts."""
    infos = env.reset(seed=1)[1]

    def play(count: int) -> float:
        nonlocal infos
        played = 0
        for _ in range(count):
            actions = env.acting(infos["action_mask"], infos).argmax(axis=1)
            played += int(np.count_nonzero(infos["turn"] >= 0))
            infos = env.step(actions)[-1]
        return played

    return play


def recorded(env: Any, length: int = 255) -> Callable[[int], float]:
    """Record random legal play from a seed, then repeat it; a repetition begins with a reset."""
    random = np.random.default_rng(1)
    stretch: list[tuple[NDArray[np.int64], int]] = []
    infos = env.reset(seed=1)[1]
    for _ in range(length):
        masks = env.acting(infos["action_mask"], infos)
        actions = (masks * random.random(masks.shape)).argmax(axis=1)
        stretch.append((actions, int(np.count_nonzero(infos["turn"] >= 0))))
        infos = env.step(actions)[-1]
    env.reset(seed=1)
    moves, left = cycle(stretch), length

    def play(count: int) -> float:
        nonlocal left
        played = 0
        for _ in range(count):
            if left == 0:
                env.reset(seed=1)
                left = length
            actions, turns = next(moves)
            env.step(actions)
            played += turns
            left -= 1
        return played

    return play
