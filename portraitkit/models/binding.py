"""Run a session with its inputs and outputs bound on the device that computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._core.typing import Array


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class BoundSession:
    """An onnxruntime session fed through arrays that already lie on `device`.

    Inputs are laid there, outputs come into being there, and all that waits for the
    device does so once for each run. `device` is "cuda", or "cpu".
    """

    ort: Any
    session: Any
    device: str
    number: int = 0

    def run(
        self, output_names: Sequence[str] | None, input_feed: Mapping[str, Any], /
    ) -> Sequence[Array]:
        """See `Runtime`."""
        if output_names is None:
            output_names = [node.name for node in self.session.get_outputs()]
        binding = self.session.io_binding()
        for name, values in input_feed.items():
            there = self.ort.OrtValue.ortvalue_from_numpy(
                values, self.device, self.number
            )
            binding.bind_ortvalue_input(name, there)
        for name in output_names:
            binding.bind_output(name, self.device, self.number)
        binding.synchronize_inputs()
        self.session.run_with_iobinding(binding)
        binding.synchronize_outputs()
        answers: list[Array] = binding.copy_outputs_to_cpu()
        return answers


def inspected(runtime: Any) -> Any:
    """Return the onnxruntime session behind `runtime`, to ask it of its graph."""
    return runtime.session if isinstance(runtime, BoundSession) else runtime
