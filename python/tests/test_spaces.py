"""Spaces: descriptions to Gymnasium, values to and from JSON."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium import spaces

from hypertoken import convert_space
from hypertoken.errors import BadActionError
from hypertoken.spaces import (
    assemble_value,
    convert_mask,
    encode_action,
    flatten_value,
    leaves,
    legal_actions,
    mask_size,
    observation_decoder,
    restore_numbers,
)

HAND = {"type": "box", "shape": [2], "low": [0, None], "high": [1, None], "dtype": "float32"}


def test_a_null_bound_is_infinite() -> None:
    box = convert_space(HAND)

    assert isinstance(box, spaces.Box)
    assert box.dtype == np.float32
    assert (box.low.tolist(), box.high.tolist()) == ([0.0, -np.inf], [1.0, np.inf])


def test_a_null_bound_of_an_integer_box_is_its_dtypes_end() -> None:
    box = convert_space({"type": "box", "shape": [1], "low": [None], "high": None, "dtype": "int8"})

    assert isinstance(box, spaces.Box)
    assert (box.low.tolist(), box.high.tolist()) == ([-128], [127])


def test_descriptions_without_a_type_are_those_of_older_servers() -> None:
    assert convert_space({"n": 5, "shape": []}) == spaces.Discrete(5)
    assert convert_space({"shape": [2], "low": [0, 0], "high": [1, 1]}) == spaces.Box(0, 1, (2,))


def test_every_kind_of_space_is_converted_and_dicts_keep_their_order() -> None:
    space = convert_space(
        {
            "type": "dict",
            "spaces": {
                "z": {"type": "discrete", "n": 3, "start": 1},
                "a": {
                    "type": "tuple",
                    "spaces": [
                        {"type": "multi_discrete", "nvec": [2, 3]},
                        {"type": "multi_binary", "n": 4},
                    ],
                },
            },
        }
    )

    assert isinstance(space, spaces.Dict)
    assert list(space.spaces) == ["z", "a"]
    assert space["z"] == spaces.Discrete(3, start=1)
    assert space["a"] == spaces.Tuple([spaces.MultiDiscrete([2, 3]), spaces.MultiBinary(4)])
    assert [leaf.name for leaf in leaves(space)] == ["z", "a.0", "a.1"]


def test_an_unknown_type_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="the space type 'graph' is unknown"):
        convert_space({"type": "graph"})


def test_json_observations_become_elements_of_the_space() -> None:
    space = spaces.Dict(
        {
            "hand": spaces.Box(-np.inf, np.inf, (2, 2), np.float32),
            "phase": spaces.Discrete(3),
            "pair": spaces.Tuple([spaces.MultiBinary(2), spaces.MultiDiscrete([2, 2])]),
        }
    )

    seen = observation_decoder(space)(
        {"hand": [[0, 1], [2, 3.5]], "phase": 2, "pair": [[1, 0], [0, 1]]}
    )

    assert space.contains(seen)
    assert seen["hand"].dtype == np.float32
    assert isinstance(seen["phase"], np.int64)


def test_non_finite_observations_travel_as_words() -> None:
    decode = observation_decoder(spaces.Box(-np.inf, np.inf, (3,), np.float64))

    seen = decode(["NaN", "-Infinity", 1])

    np.testing.assert_array_equal(seen, [np.nan, -np.inf, 1.0])
    assert restore_numbers({"a": ["Infinity", "text"]}) == {"a": [np.inf, "text"]}


@pytest.mark.parametrize(
    ("action", "sent"),
    [
        (3, 3),
        (np.int32(3), 3),
        (True, 1),
        (None, None),
        (0.5, 0.5),
        (np.array([1, 2]), [1, 2]),
        ({"aim": np.array([0.5]), "fire": np.int64(1)}, {"aim": [0.5], "fire": 1}),
        ((1, [2]), [1, [2]]),
    ],
)
def test_actions_become_plain_json(action: object, sent: object) -> None:
    assert encode_action(action) == sent


@pytest.mark.parametrize("action", [float("nan"), np.array([np.inf]), "hit", object()])
def test_what_is_no_finite_number_is_refused_before_it_is_sent(action: object) -> None:
    with pytest.raises(BadActionError, match="was refused"):
        encode_action(action)


def test_leaves_take_a_value_apart_and_put_it_together() -> None:
    space = spaces.Dict({"a": spaces.Discrete(3), "b": spaces.Tuple([spaces.Box(0, 1, (2,))])})
    value = {"a": np.int64(2), "b": (np.array([0.0, 1.0], dtype=np.float32),)}

    tensors = flatten_value(space, value)
    together = assemble_value(
        space, {leaf.name: tensor for leaf, tensor in zip(leaves(space), tensors, strict=True)}
    )

    assert [(t.dtype.name, t.shape) for t in tensors] == [("int64", ()), ("float32", (2,))]
    assert space.contains({"a": np.int64(together["a"]), "b": together["b"]})


def test_masks_become_what_sample_wants() -> None:
    discrete, several = spaces.Discrete(3), spaces.MultiDiscrete([2, 3])

    flat = convert_mask(discrete, [0, 1, 0])
    split = convert_mask(several, [1, 0, 0, 0, 1])

    assert discrete.sample(flat) == 1
    assert several.sample(split).tolist() == [0, 2]
    assert (mask_size(discrete), mask_size(several), mask_size(spaces.MultiBinary(3))) == (3, 5, 0)


def test_legal_actions_count_from_the_spaces_start() -> None:
    space = spaces.Discrete(3, start=5)

    assert legal_actions(space, None).tolist() == [5, 6, 7]
    assert legal_actions(space, np.array([1, 0, 1])).tolist() == [5, 7]
