"""What an AEC or Parallel environment keeps: assigned values, copies, calls that fail."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from pettingzoo.utils.wrappers import TerminateIllegalWrapper

import hypertoken
from hypertoken import HyperTokenAECEnv, HyperTokenParallelEnv, ServerManager
from hypertoken.errors import (
    BadActionError,
    BadOptionError,
    EnvironmentFailedError,
    EpisodeOverError,
    NotYourTurnError,
    UnknownAgentError,
)
from tests.local_games import Countdown, Matching

Maker = Callable[..., Any]
WHERE = ["in process", "over the wire"]


@pytest.fixture(params=WHERE)
def make(request: pytest.FixtureRequest) -> Maker:
    """Makes "aec" or "parallel" of an id, with options."""
    if request.param == "in process":
        return lambda kind, id, **words: getattr(hypertoken, f"{kind}_env")(id, **words)
    server: ServerManager = request.getfixturevalue("server")
    kinds: dict[str, Any] = {"aec": HyperTokenAECEnv, "parallel": HyperTokenParallelEnv}
    return lambda kind, id, **words: kinds[kind](server.url, env=id, **words)


def state_of(env: HyperTokenAECEnv) -> list[Any]:
    """All that an AEC environment says of its agents."""
    values: list[Any] = [env.rewards, env.terminations, env.truncations, env.infos]
    values.append(env._cumulative_rewards)
    seen = [env.observe(agent).tolist() for agent in env.agents]
    return copy.deepcopy(
        [list(env.agents), env.agent_selection, *(dict(each) for each in values), seen]
    )


def same(one: list[Any], other: list[Any]) -> bool:
    return str(one) == str(other)


# --- What somebody assigns ---


def test_an_assigned_dict_is_the_one_its_owner_goes_on_changing(make: Maker) -> None:
    values = {"rewards": 2.5, "terminations": True, "truncations": True, "infos": {"mine": 7}}
    with closing(make("aec", "tic-tac-toe")) as env:
        env.reset(seed=1)
        for name, value in values.items():
            mine: dict[str, Any] = dict(getattr(env, name))
            setattr(env, name, mine)
            mine["player_2"] = value

            assigned: Any = getattr(env, name)
            assert isinstance(assigned, dict)
            assert assigned == mine
            assert mine == assigned
            assert dict(assigned) == {**assigned} == getattr(env, name)() == mine
            assert len(assigned) == 2
            if name != "infos":
                assert json.loads(json.dumps(assigned)) == mine
                assert pickle.loads(pickle.dumps(assigned)) == copy.deepcopy(assigned) == mine
            getattr(env, name)["player_1"] = value
            assert mine["player_1"] == value
        env.step(None)
        assert env.agents == ["player_2"]
        assert env.last()[1:] == (
            0,
            True,
            True,
            {"mine": 7, "action_mask": env.last()[4]["action_mask"]},
        )


def test_values_still_answer_as_functions_when_they_were_assigned(make: Maker) -> None:
    with closing(make("aec", "tic-tac-toe")) as env:
        ended = TerminateIllegalWrapper(env, illegal_reward=-1)
        env.reset(seed=1)
        env.rewards = {"player_1": 2.5, "player_2": 0}
        assert env.rewards() == {"player_1": 2.5, "player_2": 0}

        ended.reset(seed=1)
        for agent in ended.agent_iter():
            ended.observe(agent)
            ended.step(None if ended.last()[2] else 4)

        assert env.rewards() == {"player_1": 0, "player_2": -1}
        assert env.terminations() == env.truncations() == {"player_1": True, "player_2": True}
        assert env.rewards == {}
        env.reset(seed=1)
        assert env.rewards() == env.rewards == {"player_1": 0, "player_2": 0}


def test_changes_after_the_end_are_what_agents_are_told_last(make: Maker) -> None:
    with closing(make("aec", "tic-tac-toe")) as env:
        env.reset(seed=1)
        for cell in (0, 3, 1, 4, 2):
            env.step(cell)
        env.rewards["player_1"] += 3.5
        env.infos["player_2"]["lost"] = True
        env.step(None)
        env.step(None)

        assert env.rewards() == {"player_1": 4.5, "player_2": -1}
        assert env.infos()["player_2"]["lost"]


def test_a_shaped_reward_counts_until_its_agent_has_acted(make: Maker) -> None:
    with closing(make("aec", "tic-tac-toe")) as env:
        env.reset(seed=1)
        env.rewards = {"player_1": 0.5, "player_2": 0.25}
        env._accumulate_rewards()
        env.step(4)

        assert env.last()[1] == 0.25
        env.truncations["player_2"] = True
        assert env.last()[3]
        env.step(None)
        assert env.agents == ["player_1"]


def test_an_agent_selected_out_of_turn_is_refused_and_nothing_moves(make: Maker) -> None:
    with closing(make("aec", "tic-tac-toe")) as env:
        env.reset(seed=1)
        env.agent_selection = "player_2"
        assert env.last()[0].shape == (3, 3, 2)
        with pytest.raises(NotYourTurnError, match="but it is player_1's turn in tic-tac-toe"):
            env.step(4)
        env.agent_selection = "player_1"
        env.step(4)

        assert env.agent_selection == "player_2"
        assert not env.last()[4]["action_mask"][4]


def test_what_was_held_of_one_episode_is_not_the_nexts(make: Maker) -> None:
    with closing(make("aec", "tic-tac-toe")) as env:
        env.reset(seed=1)
        ends, agents = env.terminations, env.agents
        env.reset(seed=1)
        ends["player_1"] = True
        agents.clear()

        env.step(4)
        env.step(0)
        assert env.last()[2] is False
        assert env.agents == ["player_1", "player_2"]


# --- What is shown is the caller's own ---


@pytest.mark.parametrize("id", ["tic-tac-toe", "connect-four"])
@pytest.mark.parametrize("inside", [False, True])
def test_what_was_seen_stays_and_changing_it_changes_nothing(
    id: str, inside: bool, make: Maker
) -> None:
    def arrays(agent: str) -> list[Any]:
        seen = [env.observe(agent), env.observe(agent)]
        if agent == env.agent_selection:
            seen.append(env.last()[0])
        return [part for one in seen for part in (one.values() if inside else [one])]

    shown: list[Any] = []
    with closing(make("aec", id, mask_in_observation=inside)) as env:
        env.reset(seed=1)
        for agent in env.agent_iter():
            for who in env.possible_agents:
                for array in arrays(who):
                    shown.append((array, array.copy()))
                mine = arrays(who)
                expected = [array.copy() for array in mine]
                for array in mine:
                    array.fill(7)
                again = arrays(who)
                assert all(map(np.array_equal, again, expected))
            over = env.terminations[agent]
            mask = env.last()[4]["action_mask"]
            shown.append((mask, mask.copy()))
            env.step(None if over else int(mask.argmax()))

    assert all(np.array_equal(array, before) for array, before in shown)


def test_what_all_were_shown_stays(make: Maker) -> None:
    shown: list[Any] = []
    with closing(make("parallel", "connect-four", mask_in_observation=True)) as env:
        seen, infos = env.reset(seed=1)
        while env.agents:
            arrays = [part for one in seen.values() for part in one.values()]
            arrays += [info["action_mask"] for info in infos.values()]
            shown += [(array, array.copy()) for array in arrays]
            move = int(infos[env.active_agent]["action_mask"].argmax())
            seen, *_, infos = env.step(dict.fromkeys(env.agents, move))

    assert len({id(array) for array, _ in shown}) == len(shown)
    assert all(np.array_equal(array, before) for array, before in shown)


# --- A failed call leaves nothing behind ---


def test_a_refused_call_leaves_an_environment_as_it_was(make: Maker) -> None:
    with closing(make("aec", "tic-tac-toe", illegal="strict")) as env:
        env.reset(seed=1)
        env.step(4)
        before = state_of(env)
        refused: list[tuple[type[Exception], Callable[[], Any]]] = [
            (BadActionError, lambda: env.step("left")),
            (BadActionError, lambda: env.step(9)),
            (hypertoken.HyperTokenError, lambda: env.step(4)),
            (hypertoken.HyperTokenError, lambda: env.reset(seed=-1)),
            (UnknownAgentError, lambda: env.observe("player_9")),
            (UnknownAgentError, lambda: env.action_mask("player_9")),
        ]
        for kind, call in refused:
            with pytest.raises(kind):
                call()
            assert same(state_of(env), before), call
        env.step(0)
        assert env.agent_selection == "player_1"
        for cell in (1, 3, 7):
            env.step(cell)
        before = state_of(env)
        with pytest.raises(ValueError, match="the only valid action is None"):
            env.step(3)
        assert same(state_of(env), before)


def test_a_refused_step_of_all_leaves_an_environment_as_it_was(make: Maker) -> None:
    actions = {"player_0": 0, "player_1": 1}
    with closing(make("parallel", "iterated-prisoners-dilemma")) as env:
        untroubled = env.reset(seed=1)[0]
        expected = env.step(actions)
        env.reset(seed=1)
        for bad in ({}, {"player_1": 5}, {"player_1": "c"}):
            with pytest.raises(hypertoken.HyperTokenError):
                env.step({"player_0": 1, **bad})
            assert env.agents == list(untroubled)

        assert str(env.step(actions)) == str(expected)


def test_a_failed_reset_leaves_the_state_and_the_next_starts_anew(own_jar: str) -> None:
    with closing(hypertoken.aec_env("door", jars=own_jar)) as env:
        env.reset(seed=0)
        agents, selected = list(env.agents), env.agent_selection
        with pytest.raises(EnvironmentFailedError):
            env.reset(seed=1)
        assert (env.agents, env.agent_selection) == (agents, selected)
        env.reset(seed=2)
        assert env.last()[0] == 1


class Fails(Countdown):
    """Raises what it is told to, once, before it moves."""

    failure: BaseException | None = None

    def _fail(self) -> None:
        failure, self.failure = self.failure, None
        if failure:
            raise failure

    def step(self, action: Any) -> Any:
        self._fail()
        return super().step(action)

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> Any:
        self._fail()
        return super().reset(seed, options)


@pytest.mark.parametrize("call", ["step", "reset"])
def test_a_transports_error_leaves_the_state_and_the_call_can_be_made_again(call: str) -> None:
    game = Fails()
    env = HyperTokenAECEnv(game)
    env.reset(seed=4)
    env.step(1)
    before = state_of(env)
    game.failure = EpisodeOverError("no", "episode_over")

    with pytest.raises(EpisodeOverError, match="no"):
        env.step(1) if call == "step" else env.reset(seed=4)

    assert same(state_of(env), before)
    env.step(1)
    assert env.agent_selection == "player_2"


def test_after_ctrl_c_in_a_step_elsewhere_nothing_but_a_reset_is_played() -> None:
    game = Fails()
    env = HyperTokenAECEnv(game)
    env.reset(seed=1)
    env.step(1)
    game.failure = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        env.step(2)
    for again in (lambda: env.step(2), env.last, lambda: env.observe("player_1")):
        with pytest.raises(EpisodeOverError, match="the step before it was interrupted"):
            again()
    env.reset(seed=1)
    env.step(1)

    assert env.agent_selection == "player_1"


def test_after_ctrl_c_before_a_step_in_this_process_it_is_played_when_asked_again() -> None:
    def ctrl_c() -> int:
        raise KeyboardInterrupt

    env = hypertoken.aec_env("tic-tac-toe")
    env.reset(seed=1)
    env.step(4)
    before = state_of(env)
    caller = env.transport.session.caller  # type: ignore[attr-defined]
    direct = caller.call
    caller.exchange(ctrl_c)

    with pytest.raises(KeyboardInterrupt) as pressed:
        env.step(0)
    caller.exchange(direct)

    assert pressed.value.__notes__ == ["tic-tac-toe has not played this step"]
    assert same(state_of(env), before)
    env.step(0)
    assert env.agent_selection == "player_1"


def test_after_ctrl_c_in_a_step_of_all_nothing_but_a_reset_is_played() -> None:
    class Interrupted(Matching):  # somewhere else
        pressed = False

        def step_parallel(self, actions: dict[str, Any]) -> Any:
            if not self.pressed:
                self.pressed = True
                raise KeyboardInterrupt
            return super().step_parallel(actions)

    env = HyperTokenParallelEnv(Interrupted())
    env.reset(seed=1)
    actions = dict.fromkeys(env.agents, 1)
    with pytest.raises(KeyboardInterrupt):
        env.step(actions)
    with pytest.raises(EpisodeOverError, match="the step before it was interrupted"):
        env.step(actions)
    env.reset(seed=1)
    assert env.step(actions)[1] == {"player_0": 1, "player_1": 1}


# --- The same words, here and over the wire ---


@pytest.mark.parametrize("kind", ["aec", "parallel"])
def test_options_are_named_alike_everywhere(kind: str, make: Maker) -> None:
    for words in (
        {"agents": 3},
        {"options": {"agents": 3}},
        {"options": {"decks": 2}, "agents": 3},
    ):
        with closing(make(kind, "blackjack", **words)) as env:
            assert len(env.possible_agents) == 3
            assert str(env) == "casino-blackjack"
            assert repr(env) == f"<{type(env).__name__}<casino-blackjack>>"
    with pytest.raises(BadOptionError, match="did you mean agents"):
        make(kind, "blackjack", agent=3)
    with pytest.raises(TypeError, match="the option agents was given twice"):
        make(kind, "blackjack", options={"agents": 3}, agents=2)


def test_an_option_alone_is_of_the_servers_own_environment(server: ServerManager) -> None:
    with closing(HyperTokenAECEnv(server.url, agents=2)) as env:
        assert env.possible_agents == ["player_0", "player_1"]


@pytest.mark.parametrize("kind", [HyperTokenAECEnv, HyperTokenParallelEnv])
def test_what_opens_a_server_is_refused_beside_a_transport(kind: Any) -> None:
    with pytest.raises(TypeError, match=r"env, agents was refused; countdown is open already"):
        kind(Countdown(), env="x", agents=3)


@pytest.mark.parametrize("kind", [HyperTokenAECEnv, HyperTokenParallelEnv])
def test_a_refused_render_mode_leaves_no_connection(kind: Any, server: ServerManager) -> None:
    with pytest.raises(ValueError, match="render_mode='rgb_array' was refused"):
        kind(server.url, "rgb_array", env="tic-tac-toe")


@pytest.mark.parametrize("id", ["tic-tac-toe", "iterated-prisoners-dilemma", "casino-blackjack"])
def test_a_copy_in_this_process_plays_on_alike(id: str) -> None:
    def play(env: Any, turns: int) -> list[str]:
        told = []
        for agent in env.agent_iter(turns):
            *rest, info = env.last()
            told.append(str((agent, rest, info, env.rewards())))
            mask = info.get("action_mask", np.ones(2))
            env.step(None if rest[2] or rest[3] else int(mask.argmax()))
        return told

    env = hypertoken.aec_env(id, mask_in_observation=id == "tic-tac-toe")
    env.note = "kept"
    for turns in range(9):
        env.reset(seed=4)
        play(env, turns)
        twins: list[Any] = [copy.deepcopy(env), pickle.loads(pickle.dumps(env))]
        expected = play(env, 30)
        for twin in twins:
            assert twin.note == "kept"
            assert play(twin, 30) == expected
            twin.close()
    env.close()


def test_a_copy_of_all_at_once_plays_on_alike() -> None:
    env = hypertoken.parallel_env("iterated-prisoners-dilemma")
    env.reset(seed=1)
    actions = {"player_0": 0, "player_1": 1}
    env.step(actions)

    twins: list[Any] = [copy.deepcopy(env), pickle.loads(pickle.dumps(env))]

    expected = [str(env.step(actions)) for _ in range(3)]
    for twin in twins:
        assert [str(twin.step(actions)) for _ in range(3)] == expected


@pytest.mark.parametrize("kind", [HyperTokenAECEnv, HyperTokenParallelEnv])
def test_a_copy_elsewhere_is_another_environment_not_yet_reset(
    kind: Any, server: ServerManager
) -> None:
    with closing(kind(server.url, env="tic-tac-toe", mask_in_observation=True)) as env:
        env.reset(seed=1)
        env.note = "kept"
        for twin in (pickle.loads(pickle.dumps(env)), copy.deepcopy(env)):
            with closing(twin):
                assert (twin.agents, twin.note) == ([], "kept")
                assert twin.observation_space("player_1") == env.observation_space("player_1")
                with pytest.raises(EpisodeOverError, match=r"call reset\(\) first"):
                    twin.step({} if kind is HyperTokenParallelEnv else 4)
                twin.reset(seed=1)
                assert twin.agents == ["player_1", "player_2"]
        assert env.agents == ["player_1", "player_2"]
