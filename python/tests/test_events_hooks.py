"""Hooked methods are what they were to whoever calls them."""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
import logging
import pickle
from collections.abc import Callable
from types import MethodType
from typing import Any, ClassVar
from unittest.mock import MagicMock

import cloudpickle
import pytest

from hypertoken.events.hooks import hook


class Agent:
    def __init__(self) -> None:
        self.calls = 0

    def act(self, observation: int, *, greedy: bool = False) -> tuple[int, bool]:
        """Choose."""
        self.calls += 1
        if observation < 0:
            raise ValueError("negative")
        return observation, greedy

    async def consider(self, observation: int) -> int:
        await asyncio.sleep(0)
        return observation


class Slotted:
    __slots__ = ("calls",)

    def __init__(self) -> None:
        self.calls = 0

    def act(self, observation: int) -> int:
        self.calls += 1
        return observation

    def predict(self, observation: int) -> int:
        return -observation


class Listed:
    kinds: ClassVar[list[type]] = []

    def __init_subclass__(cls) -> None:
        Listed.kinds.append(cls)

    def act(self, observation: int) -> int:
        return observation


class Heard:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def returned(self, arguments: tuple[Any, ...], named: dict[str, Any], result: Any) -> None:
        self.told.append((arguments, named, result))

    def failed(self, failure: Exception) -> None:
        self.told.append(failure)


class Broken:
    """Always raises."""

    def returned(self, arguments: tuple[Any, ...], named: dict[str, Any], result: Any) -> None:
        raise RuntimeError("a fault of the listener's")

    def failed(self, failure: Exception) -> None:
        raise RuntimeError("a fault of the listener's")


def test_a_hooked_method_keeps_signature_result_and_exceptions() -> None:
    agent, heard = Agent(), Heard()
    before = inspect.signature(agent.act)
    hook(agent, "act", heard)

    assert inspect.signature(agent.act) == before
    assert (agent.act.__name__, agent.act.__doc__) == ("act", "Choose.")
    assert agent.act(3, greedy=True) == (3, True)
    with pytest.raises(ValueError, match="negative"):
        agent.act(-1)
    assert heard.told[0] == ((3,), {"greedy": True}, (3, True))
    assert str(heard.told[1]) == "negative"


def test_a_hooked_method_is_a_bound_method_and_unhooking_brings_the_original_back() -> None:
    agent: Any = Agent()
    original = agent.act
    end = hook(agent, "act", Heard())

    assert isinstance(agent.act, MethodType)
    assert agent.act.__func__ is not original.__func__
    assert id(agent.act.__self__) == id(agent)
    end()
    assert agent.act.__func__ is original.__func__
    assert vars(agent) == {"calls": 0}


def test_a_function_that_the_object_itself_has_comes_back_too() -> None:
    agent: Any = Agent()
    agent.act = own = lambda observation: observation + 1
    heard = Heard()
    end = hook(agent, "act", heard)

    assert agent.act(1) == 2
    assert str(inspect.signature(agent.act)) == "(observation)"
    end()
    assert agent.act is own


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_hooks_stack_and_come_off_in_any_order(order: tuple[int, ...]) -> None:
    agent: Any = Agent()
    original = agent.act.__func__
    heard = [Heard(), Heard(), Heard()]
    ends = [hook(agent, "act", one) for one in heard]
    agent.act(0)

    for count, which in enumerate(order, start=1):
        ends[which]()
        agent.act(count)

    assert agent.calls == 4, "each call of a hooked method is one of the original"
    assert agent.act.__func__ is original
    for which in range(3):
        assert len(heard[which].told) == order.index(which) + 1


def test_what_somebody_else_has_put_over_a_hook_stays() -> None:
    agent: Any = Agent()
    heard, later = Heard(), Heard()
    end = hook(agent, "act", heard)
    ours = agent.act

    @functools.wraps(ours)
    def doubled(*arguments: Any, **named: Any) -> Any:
        return 2 * ours(*arguments, **named)[0]

    agent.act = doubled
    end_later = hook(agent, "act", later)

    end()
    assert agent.act(3) == 6
    end_later()
    assert agent.act is doubled
    assert agent.act(4) == 8
    assert heard.told == []
    assert len(later.told) == 1


def test_a_listener_that_fails_is_logged_once_and_harms_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    agent, heard = Agent(), Heard()
    hook(agent, "act", Broken())
    hook(agent, "act", heard)

    with caplog.at_level(logging.WARNING, "hypertoken"):
        assert agent.act(3) == (3, False)
        with pytest.raises(ValueError, match="negative"):
            agent.act(-1)

    assert len(heard.told) == 2
    assert [record.getMessage() for record in caplog.records] == [
        'calls of Agent.act are not told: RuntimeError("a fault of the listener\'s")'
    ]


@pytest.mark.parametrize(
    "copied",
    [
        copy.copy,
        copy.deepcopy,
        lambda agent: pickle.loads(pickle.dumps(agent)),
        lambda agent: cloudpickle.loads(cloudpickle.dumps(agent)),
    ],
)
@pytest.mark.parametrize("kind", [Agent, Slotted])
def test_a_copy_is_not_hooked(copied: Callable[[Any], Any], kind: Callable[[], Any]) -> None:
    agent, heard = kind(), Heard()
    end = hook(agent, "act", heard)

    twin = copied(agent)

    assert twin.act(3) in (3, (3, False))
    assert (twin.calls, agent.calls) == (1, 0)
    assert heard.told == []
    end()
    assert twin.act(3) in (3, (3, False))


def test_an_object_without_attributes_of_its_own_can_be_hooked() -> None:
    agent, other, heard = Slotted(), Slotted(), Heard()
    ends = [hook(agent, name, heard) for name in ("act", "predict")]

    assert (agent.act(3), agent.predict(3)) == (3, -3)
    assert other.act(5) == 5
    assert isinstance(agent, Slotted)
    assert inspect.ismethod(agent.act)
    assert len(heard.told) == 2
    ends[0]()
    assert agent.act.__func__ is Slotted.act
    ends[1]()
    assert type(agent) is Slotted


def test_a_class_that_hears_of_its_subclasses_hears_of_none() -> None:
    agent, heard = Listed(), Heard()
    end = hook(agent, "act", heard)

    assert agent.act(3) == 3
    assert Listed.kinds == []
    assert type(agent) is Listed
    end()
    assert vars(agent) == {}


def test_a_mock_can_be_hooked() -> None:
    agent, heard = MagicMock(), Heard()
    agent.act.return_value = 4
    original = agent.act
    end = hook(agent, "act", heard)

    assert agent.act(3) == 4
    assert heard.told == [((3,), {}, 4)]
    end()
    assert agent.act(5) == 4
    assert original.call_count == 2


def test_an_object_whose_methods_cannot_be_replaced_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="append of a list was not hooked; its methods cannot be"):
        hook([], "append", Heard())


def test_a_coroutine_stays_one() -> None:
    agent, heard = Agent(), Heard()
    hook(agent, "consider", heard)

    assert inspect.iscoroutinefunction(agent.consider)
    assert asyncio.run(agent.consider(3)) == 3
    assert heard.told == [((3,), {}, 3)]
