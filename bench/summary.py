"""The README's measured numbers: what, ours, a peer's, and how many times as fast.

They are cells of the tables in RESULTS.md, where the aims and every other number stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tables import Cell, read, table


@dataclass(frozen=True)
class Headline:
    """A line of the README.

    Attributes:
        part: of RESULTS.md, which names the run.
        what: is measured, with its unit.
        ours: the cell of our number.
        peer: its name and the cell of its number; None without one.
        ratio: the cell that says how many times as fast we are; None without a peer.
    """

    part: str
    what: str
    ours: Cell
    peer: tuple[str, Cell] | None = None
    ratio: Cell | None = None


def _single(id: str) -> Headline:
    step = "µs a step"
    return Headline(
        "peers.single",
        f"one `{id}`, µs a step",
        (id, "hypertoken.make", step),
        ("Gymnasium", (id, "gymnasium.make", step)),
        (id, "hypertoken.make", "× gymnasium.make"),
    )


def _rows(rows: str, peer: str, row: str) -> Headline:
    ours = "hypertoken.make_vec"
    return Headline(
        "peers.vectors",
        f"`CartPole-v1`, {rows} rows, M steps/s",
        ("M steps/s", ours, rows),
        (peer, ("M steps/s", row, rows)),
        ("times", f"{ours} by {row}", rows),
    )


def _game(id: str) -> Headline:
    turn = "µs a turn"
    return Headline(
        "peers.turns",
        f"`{id}`, PettingZoo's loop, µs a turn",
        (id, "hypertoken.aec_env", turn),
        ("PettingZoo, raw_env", (id, "PettingZoo, raw_env", turn)),
        (id, "hypertoken.aec_env", "×"),
    )


SELF_PLAY = "hypertoken.make_multi_vec(copy=True), recorded actions"
TRAINED = "HyperToken's VecEnv, 64 rows, whole training"
PLAIN = "DummyVecEnv of Gymnasium's, 64 rows, whole training"
ZOO = "RL Zoo's (8 rows × 32 steps × 20 epochs)"
RLTOOLS = "RLtools, -Ofast -march=native, OpenBLAS"
HEADLINES = (
    _single("CartPole-v1"),
    _single("Blackjack-v1"),
    _rows("64", "Gymnasium's numpy vector", "Gymnasium, numpy vector"),
    _rows("4,096", "Gymnasium's numpy vector", "Gymnasium, numpy vector"),
    _rows("4,096", "EnvPool", "EnvPool, 1 thread"),
    _game("tic-tac-toe"),
    _game("connect-four"),
    Headline(
        "peers.tables",
        "`tic-tac-toe`, 4,096 tables of self-play, M turns/s",
        ("self-play", SELF_PLAY, "M turns/s"),
        ("OpenSpiel, rl_environment", ("self-play", "OpenSpiel, rl_environment", "M turns/s")),
        ("self-play", SELF_PLAY, "× rl_environment"),
    ),
    Headline(
        "peers.training",
        "Stable-Baselines3's PPO, `CartPole-v1`, 64 rows, steps/s",
        ("PPO", TRAINED, "steps/s"),
        ("its DummyVecEnv of Gymnasium's", ("PPO", PLAIN, "steps/s")),
        ("PPO", TRAINED, "×"),
    ),
    Headline(
        "learn.cartpole",
        "our PPO, `CartPole-v1`, RL Zoo's settings, one core, steps/s",
        ("CartPole-v1", f"ours, {ZOO}", "steps/s"),
        ("Stable-Baselines3", ("CartPole-v1", f"Stable-Baselines3, {ZOO}", "steps/s")),
        ("target", f"steps/s of ours over SB3's, {ZOO}", "measured"),
    ),
    Headline(
        "learn.pendulum",
        "our PPO, `Pendulum-v1`, 300 k steps, one core, s",
        ("Pendulum-v1", "ours, warm", "s"),
        ("RLtools in C++", ("Pendulum-v1", RLTOOLS, "s")),
        ("target", "RLtools' time over ours, warm", "measured"),
    ),
    Headline(
        "guests.python",
        "64 rows of Gymnasium's `CartPole-v1` in two processes, µs a row-step",
        ("CartPole, µs a row-step", "64 rows: gym: 2 × 32", "all"),
        ("its AsyncVectorEnv", ("CartPole, µs a row-step", "64 rows: AsyncVectorEnv(64)", "all")),
        ("target", "AsyncVectorEnv(64) / 2 × 32", "measured"),
    ),
    Headline(
        "ray",
        "1,024 rows of `CartPole-v1` in an actor on Ray, M steps/s",
        ("1,024 rows each", "1 actor", "M steps/s"),
        ("RLlib's sample()", ("1,024 rows each", "RLlib's sample()", "M steps/s")),
        ("target", "1 actor over RLlib's sample()", "measured"),
    ),
    Headline(
        "engine",
        "`casino-blackjack` in Java, 4,096 rows, M steps/s",
        ("target", "casino-blackjack, plain class, 4,096 rows, M steps/s", "measured"),
    ),
    Headline(
        "bridge.batches",
        "`casino-blackjack` over a WebSocket, 1,024 tables, rounds/s",
        ("binary vector", "1,024 tables", "rounds/s"),
    ),
)


def with_summary(readme: str, document: str) -> str:
    """Return the README with the measured numbers of a results document in their place.

    Raises:
        KeyError: a table of the document has no such row or column any more.
    """
    return re.sub(
        r"(?<=<!-- measured: written by \./hypertoken bench -->\n).*(?=<!-- end -->\n)",
        lambda _: f"\n{summary(document)}\n",
        readme,
        count=1,
        flags=re.DOTALL,
    )


def summary(document: str) -> str:
    """The machine, the plots and the headlines of the parts that the document has."""
    parts = dict(re.findall(r"<!-- part ([\w.-]+) -->\n(.*?)<!-- end -->", document, re.DOTALL))
    shown = [headline for headline in HEADLINES if headline.part in parts]
    if not shown:
        return "No run is recorded yet.\n"
    machines = dict.fromkeys(
        machine[1]
        for headline in shown
        if (machine := re.search(r"\. (.*?Python [\d.]*\d)", parts[headline.part]))
    )
    plots = [
        f"![{alt}](bench/{file})\n\n"
        for part in dict.fromkeys(headline.part for headline in shown)
        for alt, file in re.findall(r"^!\[(.*)\]\((.*)\)$", parts[part], re.MULTILINE)
    ]
    lines = [_line(headline, parts[headline.part]) for headline in shown]
    told = table(("", "HyperToken", "the peer", "times as fast"), lines)
    return f"Measured on {'; on '.join(machines)}.\n\n{''.join(plots)}{told}\n"


def _line(headline: Headline, part: str) -> tuple[str, ...]:
    what, ours = headline.what, read(part, headline.ours)
    if headline.peer is None or headline.ratio is None:
        return what, ours, "", ""
    peer, theirs = headline.peer
    return f"{what}, beside {peer}", ours, read(part, theirs), read(part, headline.ratio)
