"""Let numpy itself write the vectors that io.hypertoken.random is tested against.

Usage: python numpy_vectors.py [OUTPUT]     (numpy 2.4; deterministic)

The output is gzipped text. `S SEED` starts a script with the generator of that seed: an int, a list of ints, and
`/i` for the i-th spawned child. Every other line is one call and the CRC-32 of what it returned (and of nothing else),
as little-endian 64-bit integers or doubles. The last call of a script is `state`.

The bits are those of numpy on x86-64 Linux with fused multiply-add: the tails of the ziggurats take log1p from the C
library, and other platforms round it otherwise.
"""

import gzip
import random
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.random import Generator, SeedSequence
from numpy.typing import ArrayLike

OUTPUT = Path(__file__).parents[1] / "resources/io/hypertoken/random/numpy.txt.gz"

# How many values an integer draw may give: both sides of every border between two ways of drawing.
SPANS = [
    *(1, 2, 3, 5, 6, 7, 10, 38, 52, 100, 255, 256, 257, 1000, 65535, 65536, 65537),
    *(2**31 - 1, 2**31, 2**31 + 1, 3 * 2**30, 2**32 - 2, 2**32 - 1, 2**32, 2**32 + 1),
    *(2**33, 2**40 + 7, 2**62, 2**62 + 1, 3 * 2**61, 2**63 - 1, 2**63, 2**63 + 1, 3 * 2**62, 2**64 - 1, 2**64),
]
SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 52, 100, 312]
POPULATIONS = [1, 2, 3, 5, 10, 52, 100, 1000, 9999, 10_000, 10_001, 12_345]
NARROW = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-(2**15), 2**15 - 1), "uint16": (0, 2**16 - 1)}


def words(values: ArrayLike) -> bytes:
    """The values as little-endian int64 or float64 (uint64 by its bits)."""
    array = np.asarray(values)
    kind = "<f8" if array.dtype.kind == "f" else "<u8" if array.dtype == np.uint64 else "<i8"
    return bytes(array.astype(kind).tobytes())


def weights(size: int, salt: int) -> np.ndarray:
    """Probabilities with zeros among them, which the other side computes alike."""
    raw = np.array([(i * 7919 + salt) % 13 for i in range(size)], dtype=np.float64)
    raw[salt % size] += 1.0
    return np.asarray(raw / raw.sum())


def shuffled(rng: Generator, kind: str, size: int) -> np.ndarray:
    values = np.arange(size) * 3
    array = list(values) if kind == "object" else values.astype(kind)
    rng.shuffle(array)
    return np.asarray(array, dtype=np.int64)


def state(rng: Generator) -> np.ndarray:
    bits = rng.bit_generator.state
    numbers = [bits["state"][key] >> shift for key in ("state", "inc") for shift in (64, 0)]
    numbers.append(bits["has_uint32"] << 32 | bits["uinteger"])
    return np.array([number & (2**64 - 1) for number in numbers], dtype=np.uint64)


CALLS: dict[str, Callable[..., ArrayLike]] = {
    "random": lambda rng: rng.random(),
    "randoms": lambda rng, n: rng.random(n),
    "uniform": lambda rng, low, high: rng.uniform(low, high),
    "integers": lambda rng, low, high: rng.integers(low, high),
    "endpoint": lambda rng, low, high: rng.integers(low, high, endpoint=True),
    "array": lambda rng, low, high, n: rng.integers(low, high, n),
    "int32": lambda rng, low, high, n: rng.integers(low, high, n, dtype=np.int32),
    "int16": lambda rng, low, high, n: rng.integers(low, high, n, dtype=np.int16),
    "uint16": lambda rng, low, high, n: rng.integers(low, high, n, dtype=np.uint16),
    "int8": lambda rng, low, high, n: rng.integers(low, high, n, dtype=np.int8),
    "uint8": lambda rng, low, high, n: rng.integers(low, high, n, dtype=np.uint8),
    "bools": lambda rng, n: rng.integers(0, 2, n, dtype=bool),
    "bool": lambda rng: rng.integers(0, 2, dtype=bool),
    "raw": lambda rng: np.uint64(rng.bit_generator.random_raw()),
    "uint32": lambda rng: rng.integers(0, 2**32, dtype=np.uint32),
    "float": lambda rng: np.float64(rng.random(dtype=np.float32)),
    "bytes": lambda rng, n: np.frombuffer(rng.bytes(n), np.int8),
    "shuffle": shuffled,
    "permutation": lambda rng, n: rng.permutation(n),
    "choice": lambda rng, n: rng.choice(n),
    "choices": lambda rng, n, size: rng.choice(n, size),
    "sample": lambda rng, n, size, shuffle: rng.choice(n, size, replace=False, shuffle=bool(shuffle)),
    "weighted": lambda rng, n, salt: rng.choice(n, p=weights(n, salt)),
    "weighteds": lambda rng, n, salt, size: rng.choice(n, size, p=weights(n, salt)),
    "weightedsample": lambda rng, n, salt, size: rng.choice(n, size, replace=False, p=weights(n, salt)),
    "normal": lambda rng: rng.standard_normal(),
    "normals": lambda rng, n: rng.standard_normal(n),
    "located": lambda rng, loc, scale: rng.normal(loc, scale),
    "exponential": lambda rng: rng.standard_exponential(),
    "exponentials": lambda rng, n: rng.standard_exponential(n),
    "state": state,
}


def arguments(name: str, pick: random.Random) -> tuple[object, ...]:
    """Random arguments of the call."""
    size = pick.choice(SIZES)
    match name:
        case "integers" | "array":
            span = pick.choice([span for span in SPANS if span < 2**63])
            low = min(pick.choice([0, 1, -1, -span // 2, -(2**63), 2**63]), 2**63 - 1 - span)
            return (low, low + span) if name == "integers" else (low, low + span, size)
        case "endpoint":
            span = pick.choice(SPANS)
            low = -(2**63) if span > 2**62 else pick.choice([0, 17, -span])
            return (low, low + span - 1)
        case "int32":
            span = pick.choice([span for span in SPANS if span < 2**32])
            low = -(2**31) if span > 2**30 else pick.choice([0, 5, -span])
            return (low, min(low + span, 2**31 - 1), size)
        case "int16" | "uint16" | "int8" | "uint8":
            least, most = NARROW[name]
            low = pick.choice([least, 0, 3])
            return (low, low + pick.choice([1, 2, 6, 100, most - low, most - low + 1]), size)
        case "uniform":
            left = pick.choice([0.0, -1.0, -0.05, 1e-300, -1e300, 3.25])
            return (left, left + pick.choice([0.0, 1.0, 0.1, 2.5, 1e300]))
        case "located":
            return (pick.choice([0.0, -3.5, 1e6]), pick.choice([0.0, 1.0, 0.25, 1e3]))
        case "shuffle":
            return (pick.choice(["int32", "int64", "float64", "object"]), size)
        case "choice":
            return (pick.choice(POPULATIONS),)
        case "choices":
            return (pick.choice(POPULATIONS), size)
        case "sample":
            n = pick.choice(POPULATIONS)
            return (n, min(n, pick.choice([0, 1, 2, 3, 10, 52, n // 50 + 1, n // 20 + 1])), pick.randrange(2))
        case "weighted" | "weighteds" | "weightedsample":
            n, salt = pick.choice([1, 2, 3, 10, 52, 200]), pick.randrange(1000)
            positive = int(np.count_nonzero(weights(n, salt)))
            size = min(size, positive) if name == "weightedsample" else size
            return (n, salt) if name == "weighted" else (n, salt, size)
        case "randoms" | "bools" | "bytes" | "permutation" | "normals" | "exponentials":
            return (size,)
        case _:
            return ()


def seeds(pick: random.Random) -> Iterator[str]:
    yield from map(str, range(700))
    for power in (31, 32, 33, 48, 62, 63):
        yield from (str(2**power + offset) for offset in (-2, -1, 0, 1) if 2**power + offset < 2**63)
    yield from (str(pick.randrange(2**40)) for _ in range(350))
    yield from (str(pick.randrange(2**63)) for _ in range(350))
    yield "[]"
    yield from (f"[{seed},1]" for seed in (*range(300), *(pick.randrange(2**63) for _ in range(100))))
    for _ in range(250):
        bits = [pick.choice([0, 1, 16, 32, 33, 63]) for _ in range(pick.randint(1, 7))]
        yield "[" + ",".join(str(pick.getrandbits(count)) for count in bits) + "]"
    yield from (f"{seed}/{child}" for seed in (0, 5, 2**40) for child in range(10))
    yield from (f"[1,2,3,4,5,{seed}]/{child}/1" for seed in (0, 2**33) for child in range(3))


def generator(seed: str) -> Generator:
    entropy, *children = seed.split("/")
    sequence = SeedSequence([int(word) for word in entropy[1:-1].split(",") if word] if "[" in seed else int(entropy))
    for child in children:
        sequence = sequence.spawn(int(child) + 1)[-1]
    return np.random.default_rng(sequence)


def script(seed: str, calls: Sequence[tuple[object, ...]]) -> Iterator[str]:
    rng = generator(seed)
    yield f"S {seed}"
    for name, *args in [*calls, ("state",)]:
        crc = zlib.crc32(words(CALLS[str(name)](rng, *args)))
        yield " ".join([str(name), *map(str, args), f"{crc:08x}"])


def scripts() -> Iterator[str]:
    pick = random.Random(20260101)
    names = [name for name in CALLS if name != "state"]
    for seed in seeds(pick):
        chosen = [pick.choice(names) for _ in range(14)]
        yield from script(seed, [(name, *arguments(name, pick)) for name in chosen])
    for size in (0, 1, 2, 3, 52, 999, 1000, 1001, 9_999, 10_000):
        shuffles = [("shuffle", kind, size) for kind in ("int32", "int64", "float64", "object")]
        yield from script(str(size), [*shuffles, ("permutation", size), ("random",)])
    for n, size in ((10_000, 10_000), (10_001, 201), (10_001, 200), (10_001, 501), (10_001, 10_001), (10**6, 10**5)):
        samples = [("sample", n, size, 1), ("sample", n, size, 0), ("integers", 0, 6)]
        yield from script(f"[{n},{size}]", samples)
    for span in SPANS[:-5]:
        arrays = [("array", 0, span, 1000), ("integers", 0, span), ("array", -9, span - 9, 999)]
        yield from script(f"[7,{span}]", arrays)
    yield from script("2026", [("normals", 1_000_000), ("exponentials", 1_000_000)])
    yield from script("2027", [("weighteds", 10_000, 7, 10_000), ("weightedsample", 10_000, 8, 9_000)])


def main() -> None:
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    text = "\n".join([f"# numpy {np.__version__}", *scripts(), ""])
    with output.open("wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as zipped:
        zipped.write(text.encode("ascii"))


if __name__ == "__main__":
    main()
