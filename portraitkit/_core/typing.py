"""Names for the arrays that cross a public boundary."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

ArrayLike: TypeAlias = npt.ArrayLike
Array: TypeAlias = npt.NDArray[Any]

Floats: TypeAlias = npt.NDArray[np.float64]
Floats32: TypeAlias = npt.NDArray[np.float32]
Bytes: TypeAlias = npt.NDArray[np.uint8]
Bools: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]
Ints32: TypeAlias = npt.NDArray[np.int32]
Words: TypeAlias = npt.NDArray[np.uint64]

ImageU8: TypeAlias = npt.NDArray[np.uint8]
"""(H, W, 3) RGB, 0..255."""
Mask: TypeAlias = npt.NDArray[np.bool_]
"""(H, W), True = person."""
Labels: TypeAlias = npt.NDArray[np.int32]
"""(H, W) label image."""
Probability: TypeAlias = npt.NDArray[np.float32]
"""(H, W), 0..1."""
Boxes: TypeAlias = npt.NDArray[np.float64]
"""(N, 4) xyxy pixels, right and bottom exclusive."""
