"""A training step by TorchRL and by Tianshou over our ids, as each of them makes environments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
import pytest

import hypertoken  # registers the ids

torch = pytest.importorskip("torch")
ID = "hypertoken/CartPole-v1"
pytestmark = pytest.mark.filterwarnings("ignore")


def parameters(module: Any) -> list[Any]:
    return [parameter.detach().clone() for parameter in module.parameters()]


def changed(module: Any, before: list[Any]) -> bool:
    pairs = zip(module.parameters(), before, strict=True)
    return any(not torch.equal(now, then) for now, then in pairs)


def test_torchrl_makes_collects_and_takes_a_ppo_step() -> None:
    from tensordict.nn import TensorDictModule
    from torchrl.collectors import Collector
    from torchrl.envs import GymEnv
    from torchrl.modules import ProbabilisticActor, ValueOperator
    from torchrl.objectives import ClipPPOLoss

    torch.manual_seed(1)
    env = GymEnv(ID, categorical_action_encoding=True, device="cpu")
    env.set_seed(3)
    net = torch.nn.Linear(4, 2)
    actor = ProbabilisticActor(
        TensorDictModule(net, in_keys=["observation"], out_keys=["logits"]),
        in_keys=["logits"],
        spec=env.action_spec,
        distribution_class=torch.distributions.Categorical,
        return_log_prob=True,
    )
    critic = ValueOperator(torch.nn.Linear(4, 1), in_keys=["observation"])
    loss = ClipPPOLoss(actor, critic)
    optimizer = torch.optim.Adam(loss.parameters(), lr=0.01)
    collector = Collector(env, actor, frames_per_batch=64, total_frames=64)

    (batch,) = list(collector)
    before = parameters(net)
    loss.make_value_estimator(gamma=0.99)
    loss.value_estimator(batch)
    told = loss(batch.reshape(-1))
    (told["loss_objective"] + told["loss_critic"] + told["loss_entropy"]).backward()
    optimizer.step()

    assert batch["next", "reward"].sum() == 64
    assert batch["next", "done"].any()
    assert changed(net, before)
    collector.shutdown()


def test_torchrl_sees_what_it_sees_of_gymnasiums_own() -> None:
    from torchrl.envs import GymEnv, set_gym_backend

    with set_gym_backend("gymnasium"):
        ours, theirs = GymEnv(ID), GymEnv("CartPole-v1")
    seen = []
    for env in (ours, theirs):
        env.set_seed(5)
        torch.manual_seed(2)
        seen.append(
            env.rollout(40, env.rand_action, auto_cast_to_device=True, break_when_any_done=False)
        )

    assert ours.action_spec == theirs.action_spec
    assert torch.equal(seen[0]["observation"], seen[1]["observation"])
    assert torch.equal(seen[0]["next", "reward"], seen[1]["next", "reward"])
    ours.close()
    theirs.close()


def test_tianshou_collects_and_takes_a_dqn_step() -> None:
    from tianshou.algorithm import DQN
    from tianshou.algorithm.modelfree.dqn import DiscreteQLearningPolicy
    from tianshou.algorithm.optim import AdamOptimizerFactory
    from tianshou.data import Collector, VectorReplayBuffer
    from tianshou.env import DummyVectorEnv
    from tianshou.utils.net.common import Net
    from tianshou.utils.torch_utils import policy_within_training_step

    torch.manual_seed(1)
    np.random.seed(1)
    envs = DummyVectorEnv([lambda: gymnasium.make(ID)] * 2)
    net = Net(state_shape=(4,), action_shape=2, hidden_sizes=[16])
    policy = DiscreteQLearningPolicy(
        model=net, action_space=gymnasium.spaces.Discrete(2), eps_training=1.0
    )
    algorithm = DQN(policy=policy, optim=AdamOptimizerFactory(lr=0.01), target_update_freq=10)
    buffer = VectorReplayBuffer(512, 2)
    collector: Any = Collector(algorithm, envs, buffer, exploration_noise=True)

    collector.reset()
    stats = collector.collect(n_step=100)
    before = parameters(net)
    with policy_within_training_step(policy):
        algorithm.update(buffer=buffer, sample_size=32)

    assert stats.n_collected_steps == 100
    assert buffer.rew[:10].tolist() == [1.0] * 10
    assert changed(net, before)
    envs.close()


def test_an_unknown_keyword_is_pythons_own_words_and_ours() -> None:
    makers: dict[str, Callable[[], Any]] = {
        "gymnasium.make": lambda: gymnasium.make(ID, frameskip=1),
        "gymnasium.make_vec": lambda: gymnasium.make_vec(ID, 2, frameskip=1),
        "hypertoken.make": lambda: hypertoken.make("CartPole", frameskip=1),
        "hypertoken.make_vec": lambda: hypertoken.make_vec("CartPole", 2, frameskip=object()),
        "hypertoken.make_multi_vec": lambda: hypertoken.make_multi_vec("tic-tac-toe", frameskip=1),
        "hypertoken.aec_env": lambda: hypertoken.aec_env("tic-tac-toe", frameskip=None),
        "hypertoken.parallel_env": lambda: hypertoken.parallel_env("tic-tac-toe", frameskip=1),
    }
    for name, make in makers.items():
        with pytest.raises(TypeError, match="unexpected keyword argument 'frameskip'") as refused:
            make()
        assert isinstance(refused.value, hypertoken.errors.BadOptionError), name
        assert refused.value.code == "bad_option", name


def test_an_unknown_keyword_is_answered_with_the_nearest() -> None:
    with pytest.raises(hypertoken.errors.UnknownOptionError) as refused:
        hypertoken.make("blackjack", agents=2, deks=6)
    with pytest.raises(TypeError, match="unexpected keyword argument 'low'"):
        hypertoken.make("CartPole", low=0.1)  # an option of episodes
    with pytest.raises(hypertoken.errors.BadOptionError) as value:
        hypertoken.make("blackjack", decks=0)

    assert str(refused.value) == (
        "make() got an unexpected keyword argument 'deks'; casino-blackjack refused option deks; "
        "it is not among the options declared for open; did you mean decks?"
    )
    assert not isinstance(value.value, TypeError)
