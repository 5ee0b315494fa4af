"""`hypertoken.make`: Gymnasium's Env in this process, to the type."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any

import cloudpickle
import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.utils.env_match import check_environments_match
from gymnasium.wrappers import TimeLimit

import hypertoken
from hypertoken import NativeEnv, NativeVectorEnv
from hypertoken.envs.aec import NativeAECEnv
from hypertoken.errors import (
    BadActionError,
    BadFieldError,
    BadOptionError,
    EnvironmentFailedError,
    EpisodeOverError,
    HyperTokenError,
    IllegalActionError,
    NotResetError,
    UnknownEnvironmentError,
)


@pytest.fixture
def cartpole() -> Iterator[Any]:
    env = hypertoken.make("CartPole")
    yield env
    env.close()


@pytest.mark.parametrize("id", ["CartPole-v1", "casino-blackjack", "bandit"])
def test_gymnasiums_checker_passes(id: str) -> None:
    env = gymnasium.make(f"hypertoken/{id}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_env(env.unwrapped, skip_render_check=True)


@pytest.mark.parametrize("id", ["Cards-v1", "lever", "auction"])
def test_gymnasiums_checker_passes_for_your_own_jar(id: str, own_jar: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_env(hypertoken.make(id, jars=own_jar), skip_render_check=True)


def test_cartpole_is_gymnasiums_for_the_same_seed_and_actions() -> None:
    ours, theirs = gymnasium.make("hypertoken/CartPole-v1"), gymnasium.make("CartPole-v1")
    for seed in range(20):
        ours.action_space.seed(seed)
        mine, same = ours.reset(seed=seed), theirs.reset(seed=seed)
        over = False
        while not over:
            assert mine[0].tolist() == same[0].tolist()
            assert [type(value) for value in mine[1:]] == [type(value) for value in same[1:]]
            action = ours.action_space.sample()
            mine, same = ours.step(action), theirs.step(action)  # type: ignore[assignment]
            assert mine[1:] == same[1:]
            over = bool(mine[2] or mine[3])  # type: ignore[misc]


def test_gymnasiums_own_comparison_passes_against_a_copy_of_ourselves(own_jar: str) -> None:
    first, second = (hypertoken.make("cards", jars=[own_jar]) for _ in range(2))
    # It goes on after an episode's end, which we refuse: one episode is what it can compare.
    first.action_space = second.action_space = gymnasium.spaces.Discrete(2)
    check_environments_match(first, second, num_steps=0, seed=3)


def test_a_tuple_of_discrete_is_a_tuple_of_int_and_whole_rewards_are_int(own_jar: str) -> None:
    env = hypertoken.make("cards", jars=[own_jar])

    observation, info = env.reset(seed=5)
    told = env.step(1)
    last = env.step(0)

    assert [type(part) for part in observation] == [int, int, int]
    assert info == {"prob": 1}
    assert type(info["prob"]) is int
    assert told[1:] == (0, False, False, {"prob": 0.1})
    assert type(told[1]) is int
    assert last[1:] == (1, True, False, {"prob": 0.1, "busted": False})
    assert type(last[1]) is int


def test_a_replica_adds_no_key_to_info(cartpole: Any) -> None:
    assert cartpole.reset(seed=1)[1] == {}
    assert cartpole.step(1)[4] == {}


def test_masks_are_in_info_as_sample_wants_them(own_jar: str) -> None:
    blackjack = hypertoken.make("blackjack")
    dials = hypertoken.make("dials", jars=own_jar)

    _, info = blackjack.reset(seed=1)
    _, two = dials.reset(seed=1)

    assert info["action_mask"].dtype == np.int8
    assert info["action_mask"].shape == (5,)
    blackjack.step(blackjack.action_space.sample(info["action_mask"]))
    assert [part.tolist() for part in two["action_mask"]] == [[0, 1, 1], [0, 1, 1, 1, 1]]
    dials.step(dials.action_space.sample(two["action_mask"]))
    assert blackjack.action_masks().dtype == np.bool_  # type: ignore[attr-defined]


def test_observations_are_yours_unless_you_ask_for_views() -> None:
    copies, views = hypertoken.make("CartPole"), hypertoken.make("CartPole", copy=False)
    kept, _ = copies.reset(seed=1)
    live, _ = views.reset(seed=1)
    before = kept.tolist()

    copies.step(1)
    views.step(1)

    assert kept.tolist() == before
    assert live.tolist() != before


def test_an_episode_is_cut_off_by_the_engine_and_no_second_time_limit(own_jar: str) -> None:
    env = hypertoken.make("cards", jars=own_jar)
    env.reset(seed=0)
    told: Any = ()
    for _ in range(2):
        told = env.step(1)
    while not (told[2] or told[3]):
        told = env.step(1)

    assert told[2:4] == (True, False)
    assert not isinstance(gymnasium.make("hypertoken/CartPole-v1"), gymnasium.Wrapper)
    shorter = gymnasium.make("hypertoken/CartPole-v1", max_episode_steps=3)
    assert isinstance(shorter, TimeLimit)


@pytest.mark.parametrize("action", [2, -1, 10**30, 1.5, None, "left", np.array([0, 1])])
def test_a_bad_action_is_refused_and_nothing_moves(cartpole: Any, action: Any) -> None:
    cartpole.reset(seed=4)
    before = cartpole.snapshot()

    with pytest.raises(BadActionError):
        cartpole.step(action)

    assert cartpole.snapshot() == before


@pytest.mark.parametrize(
    "action", [[0.1], [0.1, 0.2, 0.3], [np.nan, 0], [np.inf, 0], "up", None, ["a", "b"]]
)
def test_a_bad_box_action_is_refused_and_nothing_moves(action: Any, own_jar: str) -> None:
    env = hypertoken.make("lever", jars=own_jar)
    other = hypertoken.make("lever", jars=own_jar)
    env.reset(seed=4)
    other.reset(seed=4)

    with pytest.raises(BadActionError):
        env.step(action)

    good = np.array([0.5, -0.25], dtype=np.float32)
    assert env.step(good)[1] == other.step(good)[1]


def test_errors_carry_the_engines_own_sentence(cartpole: Any, own_jar: str) -> None:
    with pytest.raises(NotResetError) as early:
        cartpole.step(0)
    with pytest.raises(UnknownEnvironmentError) as unknown:
        hypertoken.make("cartpol")
    with pytest.raises(BadOptionError) as option:
        hypertoken.make("blackjack", decks=0)
    with pytest.raises(BadOptionError) as odd:
        hypertoken.make("blackjack", decks=object)
    with pytest.raises(BadFieldError) as illegal:
        hypertoken.make("blackjack", illegal="maybe")  # type: ignore[arg-type]

    assert str(early.value) == (
        "CartPole-v1 has not been reset; an episode begins with a reset; reset it first"
    )
    assert str(unknown.value) == (
        "there is no environment cartpol; no jar on the class path declares it; did you mean "
        "CartPole or CartPole-v1?"
    )
    assert str(option.value) == (
        "casino-blackjack refused option decks=0; decks must be an integer from 1 to 8; pass "
        "decks=6, or leave it out for the default 6"
    )
    assert str(odd.value) == (
        "blackjack refused option decks=<class 'object'>; an option is a number, True or False, "
        "a text, or a list of these; pass one of these"
    )
    assert str(illegal.value) == (
        "refused illegal=maybe; it is none of fallback, strict, terminate; pass one of these"
    )


def test_an_environment_that_cannot_be_made_says_why(own_jar: str) -> None:
    with pytest.raises(EnvironmentFailedError, match="no reset today"):
        hypertoken.make("fuse", breaks="reset", jars=own_jar).reset()


def test_an_id_may_be_written_as_the_registries_have_it() -> None:
    env: Any = hypertoken.make("hypertoken/CartPole-v1")

    assert env.name == "CartPole-v1"


@pytest.mark.parametrize("id", [None, 7])
def test_an_id_that_is_no_text_is_refused(id: Any) -> None:
    with pytest.raises(UnknownEnvironmentError) as refused:
        hypertoken.make(id)

    assert str(refused.value) == (
        f"there is no environment {id}; ids are texts; pass one such as 'CartPole-v1'"
    )


def test_an_option_may_be_an_array() -> None:
    lake = hypertoken.make("FrozenLake-v1", desc=np.array(["SFF", "FHG"]))

    assert lake.observation_space == gymnasium.spaces.Discrete(6)


def test_reset_options_that_are_no_dict_are_refused(cartpole: Any) -> None:
    with pytest.raises(BadOptionError) as refused:
        cartpole.reset(options="low")

    assert str(refused.value) == (
        "CartPole-v1 refused the reset options 'low'; options have names; pass a dict"
    )


def test_debug_adds_javas_stack(cartpole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPERTOKEN_DEBUG", "1")

    with pytest.raises(NotResetError) as refused:
        cartpole.step(0)

    assert "at io.hypertoken.engine.VectorEnvironment" in refused.value.__notes__[0]


def test_strict_refuses_what_the_mask_forbids(own_jar: str) -> None:
    env = hypertoken.make("dials", illegal="strict", jars=own_jar)
    env.reset(seed=1)

    with pytest.raises(IllegalActionError):
        env.step([0, 0])


@pytest.mark.parametrize("seed", [-1, 2**53, 1.5, "x", True])
def test_a_bad_seed_is_refused(cartpole: Any, seed: Any) -> None:
    with pytest.raises(BadFieldError, match="seeds are integers from 0 to 9007199254740991"):
        cartpole.reset(seed=seed)


def test_a_seedless_start_can_be_replayed(cartpole: Any) -> None:
    first, _ = cartpole.reset()
    second, _ = cartpole.reset()
    assert first.tolist() != second.tolist()

    again, _ = cartpole.reset(seed=cartpole.np_random_seed)

    assert again.tolist() == first.tolist()


def test_episode_options_hold_for_one_episode_and_others_are_ignored(cartpole: Any) -> None:
    narrow, _ = cartpole.reset(seed=1, options={"low": 0.01, "high": 0.01})
    normal, _ = cartpole.reset(seed=1)
    with pytest.warns(UserWarning, match="the reset option 'colour' was ignored"):
        same, _ = cartpole.reset(seed=1, options={"colour": "red"})
    with pytest.raises(BadOptionError):
        cartpole.reset(options={"low": "far"})

    assert narrow.tolist() == pytest.approx([0.01] * 4)
    assert normal.tolist() == same.tolist() != narrow.tolist()


def test_a_snapshot_brings_an_episode_back(cartpole: Any) -> None:
    cartpole.reset(seed=9)
    cartpole.step(1)
    saved = cartpole.snapshot()
    expected = [cartpole.step(a)[0].tolist() for a in (0, 1, 1)]

    cartpole.restore(saved)

    assert [cartpole.step(a)[0].tolist() for a in (0, 1, 1)] == expected


def test_a_closed_environment_refuses_everything(cartpole: Any) -> None:
    cartpole.reset()
    step = cartpole.step
    cartpole.close()
    cartpole.close()

    for call in (lambda: step(0), lambda: cartpole.step(0), cartpole.reset, cartpole.snapshot):
        with pytest.raises(EpisodeOverError, match="cannot be used any more; it was closed"):
            call()


def test_a_learner_is_drawn_no_more_than_it_may_know() -> None:
    env = hypertoken.make("blackjack", render_mode="ansi")
    envs = hypertoken.make_vec("blackjack", 1, render_mode="ansi")
    table = hypertoken.aec_env("blackjack", render_mode="ansi")
    for made in (env, envs, table):
        made.reset(seed=1)

    (of_the_vector,) = envs.render() or ()
    assert env.render() == of_the_vector
    assert str(env.render()).splitlines()[0] == "  dealer    A♣ ??"
    assert str(table.render()).splitlines()[0] == "  dealer    A♣ 9♥ (20)"  # for spectators


def test_drawings(own_jar: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = hypertoken.make("cards", render_mode="ansi", jars=own_jar)
    pixels = hypertoken.make("cards", render_mode="rgb_array", jars=own_jar)
    human = hypertoken.make("cards", render_mode="human", jars=own_jar)
    for env in (text, pixels, human):
        env.reset(seed=0)
    human.step(0)

    assert text.render() == "sum 10"
    assert pixels.render().shape == (4, 6, 3)  # type: ignore[union-attr]
    assert (pixels.render() == 10).all()  # type: ignore[union-attr]
    assert capsys.readouterr().out == "sum 10\nsum 10\n"
    with pytest.raises(ValueError, match="render_mode='rgb_array' was refused"):
        hypertoken.make("lever", render_mode="rgb_array", jars=own_jar)


def test_what_stands_in_for_methods_shows_their_names_and_help() -> None:
    for made, kind, names in (
        (hypertoken.make("CartPole"), NativeEnv, ["reset", "step"]),
        (hypertoken.make_vec("CartPole", 2), NativeVectorEnv, ["reset", "step"]),
        (hypertoken.aec_env("tic-tac-toe"), NativeAECEnv, ["reset", "step", "last", "observe"]),
    ):
        for name in names:
            shown, method = getattr(made, name), getattr(kind, name)
            assert method.__doc__
            assert shown.__doc__ == method.__doc__
            with pytest.raises(TypeError, match=rf"^{method.__qualname__}\(\) "):
                shown(1, 2, 3, 4)


def test_a_subclass_may_wrap_step(own_jar: str) -> None:
    from hypertoken.making import _opening

    class Doubled(hypertoken.NativeEnv):
        def step(self, action: Any) -> Any:
            observation, reward, *rest = super().step(action)
            return (observation, 2 * reward, *rest)

    env = Doubled(_opening("CartPole", {}, ()))
    env.reset(seed=1)

    assert env.step(1)[1] == 2.0
    assert gymnasium.wrappers.TransformReward(env, lambda r: float(r) + 1).step(0)[1] == 3.0


@pytest.mark.parametrize("pickler", [pickle, cloudpickle])
def test_a_copy_by_pickle_is_another_environment_of_the_same_kind(pickler: Any) -> None:
    env = hypertoken.make("CartPole", copy=False, sutton_barto_reward=True)

    copy = pickler.loads(pickler.dumps(env))

    with pytest.raises(NotResetError):
        copy.step(0)
    copy.reset(seed=2)
    assert copy.step(1)[1] == 0.0
    assert pickler.loads(pickler.dumps(hypertoken.make("tic-tac-toe"))).reset(seed=1)


def test_another_thread_may_step(cartpole: Any) -> None:
    cartpole.reset(seed=1)
    told: list[Any] = []
    worker = threading.Thread(target=lambda: told.append(cartpole.step(1)))
    worker.start()
    worker.join()

    assert told[0][1] == 1.0


def test_several_seats_are_played_by_policies() -> None:
    env = hypertoken.make("tic-tac-toe", agent="player_2", others="first")
    _, info = env.reset(seed=1)

    assert info["action_mask"].tolist() == [0, 1, 1, 1, 1, 1, 1, 1, 1]


def test_control_c_interrupts_a_long_step_and_the_environment_goes_on(own_jar: str) -> None:
    env = hypertoken.make("snail", millis=3000, jars=own_jar)
    env.reset()
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()

    began = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        env.step(1)
    waited = time.perf_counter() - began
    observation = env.step(0)[0]

    assert waited < 1.5
    assert observation == 2, "the interrupted step was played to its end first"


def test_steps_that_grow_long_become_interruptible(own_jar: str) -> None:
    env = hypertoken.make("snail", millis=200, jars=own_jar)
    env.reset()
    for _ in range(5):
        env.step(0)
    env.step(1)  # the engine says that it was slow
    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()

    began = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        env.step(1)

    assert time.perf_counter() - began < 0.18


def test_control_c_works_when_closing_right_after(own_jar: str) -> None:
    env = hypertoken.make("snail", millis=2000, jars=own_jar)
    env.reset()
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        env.step(1)

    began = time.perf_counter()
    env.close()

    assert time.perf_counter() - began < 1.0


MEMORY_OF_A_THOUSAND = """
import os
import hypertoken

def resident():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def thousand():
    for _ in range(1000):
        env = hypertoken.make("CartPole")
        env.reset(seed=1)
        env.step(1)
        env.close()

thousand()  # the engine's own memory and compiled code settle
before = resident()
thousand()
print(resident() - before)
"""


def test_a_thousand_environments_leave_the_memory_as_it_was() -> None:
    # In a process of its own: what other tests have begun here grows on meanwhile.
    done = subprocess.run(
        [sys.executable, "-c", MEMORY_OF_A_THOUSAND],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 12e6


def test_an_environment_nobody_holds_is_freed() -> None:
    import gc

    from hypertoken.engine.runtime import runtime

    env = hypertoken.make("CartPole")
    end = env.session._end  # type: ignore[attr-defined]
    assert end.alive

    del env
    gc.collect()

    assert not end.alive
    assert not runtime()._closing


def test_every_error_is_a_hypertoken_error(cartpole: Any) -> None:
    with pytest.raises(HyperTokenError) as refused:
        cartpole.step(0)

    assert refused.value.code == "not_reset"
