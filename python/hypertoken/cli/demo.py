"""`./hypertoken demo`: play blackjack through PettingZoo, then learn it over the wire.

Read it as an example: a server, twenty rounds at a table of three, and a Monte-Carlo learner that
fills a table of action values from 256 tables played at once by binary frames.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.envs.aec import HyperTokenAECEnv
from hypertoken.envs.vector import HyperTokenVectorEnv
from hypertoken.remote.server import ServerManager
from hypertoken.transports.batches import WebSocketBatch

BASIC_STRATEGY = -0.004599356 * 10
"""Chips a round of basic strategy at 6 decks and bet 10, by exact calculation for these rules."""
ACTIONS = 5
Flags = NDArray[np.bool_]


def _flag(default: Any, told: str) -> Any:
    return field(default=default, metadata={"help": told})


@dataclass
class Args:
    """What the demo can be told; each is a flag of the command."""

    seed: int = _flag(1, "of the environments and of the learner")
    tables: int = _flag(256, "rows of the batch that the learner plays at once")
    rounds: int = _flag(2_500_000, "rounds to learn from")
    seconds: float = _flag(25.0, "longest time to learn, whatever the rounds")
    evaluation: int = _flag(200_000, "rounds to measure a policy by")
    sb3: bool = _flag(False, "train Stable-Baselines3's PPO instead; installs it when missing")
    timesteps: int = _flag(300_000, "environment steps of PPO, of all tables together")


# --- Twenty rounds through PettingZoo ---


def play_rounds(url: str, seed: int, rounds: int = 20) -> dict[str, float]:
    """Play legal random actions at a table of three; returns each seat's chips."""
    env = HyperTokenAECEnv(url, env="blackjack", options={"agents": 3})
    chips = dict.fromkeys(env.possible_agents, 0.0)
    for seat, agent in enumerate(env.possible_agents):
        env.action_space(agent).seed(seed + seat)
    for number in range(rounds):
        env.reset(seed=seed if number == 0 else None)
        for agent in env.agent_iter():
            _, _, terminated, truncated, info = env.last()
            over = terminated or truncated
            env.step(None if over else env.action_space(agent).sample(info["action_mask"]))
        for agent, reward in env.rewards().items():
            chips[agent] += reward
    env.close()
    return chips


# --- A tabular Monte-Carlo learner ---


class Table:
    """Mean returns by state and action, of every visit.

    A state is what blackjack's observation says but for the shoe: total (0-31), dealer's up card
    (0-11), and whether the hand is soft, may double, may split, may insure.
    """

    states = 32 * 12 * 16
    longest = 64
    """Actions of one round that are remembered; no round comes near."""

    def __init__(self, tables: int, seed: int) -> None:
        self.value = np.zeros((self.states, ACTIONS))
        self.visits = np.zeros((self.states, ACTIONS))
        self._random = np.random.default_rng(seed)
        self._path = np.zeros((tables, self.longest), dtype=np.int64)
        self._length = np.zeros(tables, dtype=np.int64)
        self._rows = np.arange(tables)

    @staticmethod
    def state(observation: NDArray[np.float32]) -> NDArray[np.int64]:
        """The state of each row of a (tables, 7) observation."""
        total = np.rint(observation[:, 0] * 31).astype(np.int64)
        dealer = np.rint(observation[:, 1] * 11).astype(np.int64)
        flags = observation[:, 2:6].astype(np.int64) @ np.array([8, 4, 2, 1])
        state: NDArray[np.int64] = (total * 12 + dealer) * 16 + flags
        return state

    def act(
        self, observation: NDArray[np.float32], legal: Flags, exploring: float
    ) -> NDArray[np.int64]:
        """Choose the best legal action of each row, or with this chance a random legal one."""
        state = self.state(observation)
        scores = self.value[state]
        if exploring > 0:
            explore = self._random.random(len(state)) < exploring
            scores[explore] = self._random.random((int(explore.sum()), ACTIONS))
        action: NDArray[np.int64] = np.where(legal, scores, -np.inf).argmax(axis=1)
        self._path[self._rows, self._length % self.longest] = state * ACTIONS + action
        self._length += 1
        return action

    def learn(self, over: Flags, rewards: NDArray[np.float64]) -> None:
        """Credit each finished round's reward to all its states and actions."""
        rows = np.flatnonzero(over)
        steps = np.minimum(self._length[rows], self.longest)
        visited = self._path[rows][np.arange(self.longest) < steps[:, None]]
        count = np.bincount(visited, minlength=self.value.size)
        gained = np.bincount(visited, np.repeat(rewards[rows], steps), self.value.size)
        value, visits = self.value.reshape(-1), self.visits.reshape(-1)
        seen = np.flatnonzero(count)
        # Old returns came from a worse policy: forget them slowly by capping the mean's weight.
        visits[seen] = np.minimum(visits[seen] + count[seen], 5_000)
        rate = np.minimum(1.0 / visits[seen], 1.0 / count[seen])
        value[seen] += rate * (gained[seen] - count[seen] * value[seen])
        self._length[rows] = 0

    def forget_rounds(self) -> None:
        """Drop the rounds under way; the values stay."""
        self._length[:] = 0


def play(
    batch: WebSocketBatch, table: Table, args: Args, *, rounds: int, learning: bool, what: str
) -> float:
    """Play so many rounds at all tables; returns the mean reward of a round, in chips."""
    table.forget_rounds()
    columns = batch.reset(args.seed if learning else args.seed + 2**32)
    played, gained, started = 0, 0.0, time.monotonic()
    bar = Progress(what, rounds)
    while played < rounds and (not learning or time.monotonic() - started < args.seconds):
        exploring = max(0.02, 0.3 * (1 - played / rounds)) if learning else 0.0
        legal = columns["action_mask"][:, 0].view(np.bool_)
        batch.actions["action"][:, 0] = table.act(columns["observation"][:, 0], legal, exploring)
        columns = batch.step()
        over = columns["terminated"][:, 0] != 0
        rewards = columns["reward"][:, 0]
        if learning:
            table.learn(over, rewards)
        played += int(over.sum())
        gained += float(rewards.sum())
        bar.show(played, played, gained)
    bar.end(played, played, gained)
    return gained / max(played, 1)


class Progress:
    """One line that fills up, redrawn ten times a second; a log file gets only its end."""

    def __init__(self, what: str, goal: int) -> None:
        self._what, self._goal = what, goal
        self._started = self._shown = time.monotonic()

    def show(self, done: int, rounds: int, gained: float) -> None:
        """Redraw, if it is time.

        Args:
            done: how much of the goal.
            rounds: rounds played until now.
            gained: chips gained in them.
        """
        now = time.monotonic()
        if now - self._shown > 0.1 and sys.stdout.isatty():
            self._shown = now
            print("\r" + self._line(done, rounds, gained), end="", flush=True)

    def end(self, done: int, rounds: int, gained: float) -> None:
        """Draw it for the last time."""
        start = "\r" if sys.stdout.isatty() else ""
        print(start + self._line(done, rounds, gained), flush=True)

    def _line(self, done: int, rounds: int, gained: float) -> str:
        share = min(done / self._goal, 1.0)
        filled = int(24 * share)
        rate = rounds / max(time.monotonic() - self._started, 1e-9)
        return (
            f"{self._what:<10} [{'#' * filled}{'.' * (24 - filled)}] {share:4.0%}  "
            f"{rounds:>9,} rounds  {rate:>8,.0f}/s  {gained / max(rounds, 1):+7.3f} chips a round"
        )


def learn_by_table(url: str, args: Args) -> None:
    """Measure, learn, measure again."""
    batch = WebSocketBatch(url, "blackjack", args.tables, autoreset="same_step")
    table = Table(args.tables, args.seed)
    before = play(batch, table, args, rounds=args.evaluation // 10, learning=False, what="before")
    play(batch, table, args, rounds=args.rounds, learning=True, what="learning")
    after = play(batch, table, args, rounds=args.evaluation, learning=False, what="after")
    batch.close()
    noise = 11.46 / np.sqrt(args.evaluation)
    print(
        f"\nMean reward of a round, bet 10:\n"
        f"  before learning  {before:+.3f}  (an empty table draws cards until it loses)\n"
        f"  after            {after:+.3f}  (standard error {noise:.3f})\n"
        f"  basic strategy   {BASIC_STRATEGY:+.3f}  (computed exactly: nobody does better "
        "without counting)\n"
    )


# --- The same with Stable-Baselines3 ---


def ensure_sb3() -> None:
    """Install Stable-Baselines3 into this Python when it is missing."""
    if importlib.util.find_spec("stable_baselines3") is not None:
        return
    print("Stable-Baselines3 is missing; installing it (about half a minute) ...", flush=True)
    uv = shutil.which("uv") or shutil.which("uv", path=str(sys.prefix) + "/bin")
    installer = (
        [uv, "pip", "install", "--quiet", "--python", sys.executable]
        if uv
        else [sys.executable, "-m", "pip", "install", "--quiet"]
    )
    subprocess.run([*installer, "stable-baselines3>=2.7"], check=True)
    importlib.invalidate_caches()


def learn_by_ppo(url: str, args: Args) -> None:
    """Train PPO on all tables through Gymnasium's vector, and measure it before and after."""
    ensure_sb3()
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.callbacks import BaseCallback
    from stable_baselines3.common.evaluation import evaluate_policy

    from hypertoken.sb3 import HyperTokenVecEnv

    class Watched(BaseCallback):
        """Shows the rounds and chips of each step."""

        played, gained = 0, 0.0

        def _on_step(self) -> bool:
            self.played += int(self.locals["dones"].sum())
            self.gained += float(self.locals["rewards"].sum())
            bar.show(self.num_timesteps, self.played, self.gained)
            return True

    torch.set_num_threads(1)  # two that wait for each other are slower for so small a network
    env = HyperTokenVecEnv(
        HyperTokenVectorEnv(url, args.tables, env="blackjack", autoreset_mode="SameStep")
    )
    model = PPO(
        "MlpPolicy",
        env,
        n_steps=max(4096 // args.tables, 1),
        batch_size=1024,
        n_epochs=4,
        learning_rate=2e-3,
        gamma=1.0,
        seed=args.seed,
        device="cpu",
    )
    rounds = args.evaluation // 10

    def measure() -> float:
        mean: Any = evaluate_policy(model, env, n_eval_episodes=rounds, warn=False)[0]
        return float(mean)

    before = measure()
    bar, watched = Progress("learning", args.timesteps), Watched()
    model.learn(args.timesteps, watched)
    bar.end(args.timesteps, watched.played, watched.gained)
    after = measure()
    env.close()
    print(
        f"\nMean reward of a round, bet 10:\n"
        f"  before learning  {before:+.3f}  (an untrained network)\n"
        f"  after            {after:+.3f}  (standard error {11.46 / np.sqrt(rounds):.3f})\n"
        f"  basic strategy   {BASIC_STRATEGY:+.3f}  (computed exactly: nobody does better "
        "without counting)\n"
    )


def parse(arguments: list[str] | None) -> Args:
    """Read the flags; each field of Args is one."""
    parser = argparse.ArgumentParser(
        prog="hypertoken demo",
        description="Play blackjack through PettingZoo, then learn it over the wire.",
    )
    for name, known in Args.__dataclass_fields__.items():
        flag, told = f"--{name}", known.metadata["help"]
        if known.type == "bool":
            parser.add_argument(flag, action="store_true", help=told)
        else:
            kind = float if known.type == "float" else int
            told += " (default: %(default)s)"
            parser.add_argument(flag, type=kind, default=known.default, metavar="N", help=told)
    args = parser.parse_args(arguments)
    for name, value in vars(args).items():
        if name not in ("seed", "sb3") and not value > 0:
            parser.error(
                f"--{name}={value} was refused; it must be above 0; leave it out, or pass more"
            )
    return Args(**vars(args))


def show_all(args: Args) -> None:
    """Start a server, play a few rounds, learn."""
    with ServerManager("blackjack") as server:
        print(f"A server runs on {server.url}.\n")
        print("20 rounds of 3-seat blackjack through PettingZoo's API, random legal actions:")
        for seat, chips in play_rounds(server.url, args.seed).items():
            print(f"  {seat}  {chips:+.0f} chips")
        print()
        if args.sb3:
            print(f"Stable-Baselines3's PPO at {args.tables} tables at once, by binary frames:")
            learn_by_ppo(server.url, args)
        else:
            print(f"A Monte-Carlo learner at {args.tables} tables at once, by binary frames:")
            learn_by_table(server.url, args)


def main(arguments: list[str] | None = None) -> None:
    """Run the demo."""
    args = parse(arguments)
    try:
        show_all(args)
    except KeyboardInterrupt:
        print("\nstopped", flush=True)
        raise SystemExit(130) from None
    print(
        "Next:\n"
        "  ./hypertoken play connect-four        play a game yourself\n"
        "  ./hypertoken demo --sb3               train Stable-Baselines3's PPO instead\n"
        "  ./hypertoken serve --env blackjack    a server for your own scripts: python/examples\n"
        "  examples/my-first-environment         write an environment in Java"
    )


if __name__ == "__main__":
    main()
