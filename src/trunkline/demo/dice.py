"""Randomness that depends on the seed and on what is drawn, never on the order of drawing.

Every number is a hash of (seed, stream, key), so a person's day can be generated in any block and
in any process and still be the same, and no library's generator can change it between versions.
Only sums, products and comparisons are applied to it: no transcendental function, whose last bit
may differ between machines.
"""

from __future__ import annotations

import zlib
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

I64: TypeAlias = npt.NDArray[np.int64]
U64: TypeAlias = npt.NDArray[np.uint64]
F64: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

_STEP = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF


def _mix_one(value: int) -> int:
    """Finalises one number by splitmix64."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


class Dice:
    """Seeded, stateless random numbers.

    Attributes:
        seed: The seed; equal seeds give equal numbers.
    """

    def __init__(self, seed: int) -> None:
        """Creates the dice of one seed."""
        self.seed = seed

    def uniform(self, stream: str, keys: npt.NDArray[np.integer] | int) -> F64:
        """Draws one number in [0, 1) for each key.

        Args:
            stream: What is drawn; different streams are independent.
            keys: Whole numbers that identify what it is drawn for.

        Returns:
            As many numbers as keys.
        """
        salt = _mix_one((self.seed * _STEP + (zlib.crc32(stream.encode()) << 20) + 1) & _MASK)
        value: U64 = np.atleast_1d(np.asarray(keys)).astype(np.uint64)
        value += np.uint64(1)
        value *= np.uint64(_STEP)
        value ^= np.uint64(salt)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            value ^= value >> np.uint64(shift)
            value *= np.uint64(factor)
        value ^= value >> np.uint64(31)
        value >>= np.uint64(11)
        return value.astype(np.float64) * 2.0**-53

    def chance(self, stream: str, keys: npt.NDArray[np.integer], probability: F64 | float) -> Bools:
        """True with the given probability, for each key."""
        return np.asarray(self.uniform(stream, keys) < probability, dtype=np.bool_)

    def between(self, stream: str, keys: npt.NDArray[np.integer], low: float, high: float) -> I64:
        """A whole number in [low, high), for each key."""
        return np.asarray(low + self.uniform(stream, keys) * (high - low)).astype(np.int64)

    def pick(self, stream: str, keys: npt.NDArray[np.integer], weights: npt.ArrayLike) -> I64:
        """The index of a weighted choice, for each key."""
        shares = np.cumsum(np.asarray(weights, dtype=np.float64))
        chosen = np.searchsorted(shares / shares[-1], self.uniform(stream, keys), side="right")
        return np.minimum(chosen, len(shares) - 1).astype(np.int64)

    def curve(self, stream: str, keys: npt.NDArray[np.integer], points: npt.ArrayLike) -> F64:
        """A number drawn by a quantile curve.

        Args:
            stream: What is drawn.
            keys: What it is drawn for.
            points: Pairs (share, value); values between are interpolated.

        Returns:
            One value a key.
        """
        table = np.asarray(points, dtype=np.float64)
        return np.interp(self.uniform(stream, keys), table[:, 0], table[:, 1])
