"""Sessions: shared while in use, and bound to the device that computes."""

import gc
import threading

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from portraitkit.models import ModelCard, OnnxSegmenter, load_model
from portraitkit.models.binding import BoundSession, inspected
from portraitkit.models.sessions import _open

ort = pytest.importorskip("onnxruntime")
IMAGES = np.random.default_rng(1).integers(0, 256, (3, 9, 7, 3), np.uint8)
CARD = ModelCard.from_mapping(
    {
        "name": "t",
        "task": "segment",
        "input": {"size": [4, 6], "scale": 1 / 255},
        "output": {"kind": "softmax"},
    }
)


class TestReuse:
    def test_a_file_has_one_session(self, echo_file):
        path = echo_file()
        one, two = load_model(path, card=CARD), load_model(str(path), card=CARD)
        assert one.runtime is two.runtime

    def test_threads_and_devices_have_their_own(self, echo_file):
        path = echo_file()
        models = [
            load_model(path, card=CARD, device=device, threads=threads)
            for device, threads in (("auto", None), ("cpu", None), ("cpu", 1))
        ]
        assert len({id(model.runtime) for model in models}) == 3

    def test_a_file_that_changed_has_a_new_one(self, echo_file):
        one = load_model(echo_file(), card=CARD)
        two = load_model(echo_file(metadata={"a": "b"}), card=CARD)
        assert one.runtime is not two.runtime

    def test_it_goes_with_its_last_model(self, echo_file):
        model = load_model(echo_file(), card=CARD)
        keys = [key for key, value in _open.items() if value is model.runtime]
        assert len(keys) == 1
        del model
        gc.collect()
        assert keys[0] not in _open

    def test_many_threads_get_one(self, echo_file):
        path, models = echo_file(), []
        load = lambda: models.append(load_model(path, card=CARD))
        threads = [threading.Thread(target=load) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({id(model.runtime) for model in models}) == 1


def bound(model, device="cpu"):
    """The same model, its session bound."""
    return OnnxSegmenter(
        runtime=BoundSession(ort, inspected(model.runtime), device),
        card=model.card,
        provider=model.provider,
        sha256=model.sha256,
        batch=model.batch,
    )


class TestBinding:
    """On the CPU, where nothing is copied, binding changes no bit."""

    @pytest.mark.parametrize("n", [1, "n"])
    def test_the_answers_are_the_same(self, n, echo_file):
        model = load_model(echo_file((n, 3, 4, 6)), card=CARD, device="cpu")
        twin = bound(model)
        for workers in (1, 3):
            pairs = zip(
                model.many(IMAGES), twin.many(IMAGES, workers=workers), strict=True
            )
            for want, got in pairs:
                assert_array_equal(got, want)
        assert_array_equal(twin(IMAGES[0]), model(IMAGES[0]))

    def test_strided_inputs(self, echo_file):
        session = inspected(load_model(echo_file(), card=CARD, device="cpu").runtime)
        values = np.arange(144, dtype=np.float32).reshape(1, 3, 8, 6)[:, :, ::2]
        [got] = BoundSession(ort, session, "cpu").run(["y"], {"x": values})
        assert_array_equal(got, values)

    def test_all_outputs_without_names(self, graph_file, make_node):
        shape = (1, 3, 4, 6)
        nodes = [make_node("Neg", ["x"], ["z"]), make_node("Identity", ["x"], ["y"])]
        path = graph_file(nodes, [("x", 1, shape)], [("y", 1, shape), ("z", 1, shape)])
        session = inspected(load_model(path, card=CARD, device="cpu").runtime)
        values = np.ones(shape, np.float32)
        got = BoundSession(ort, session, "cpu").run(None, {"x": values})
        assert_array_equal(got, [values, -values])

    def test_the_copy_outlives_the_run(self, echo_file):
        """An output is the caller's: a later run does not write into it."""
        session = inspected(load_model(echo_file(), card=CARD, device="cpu").runtime)
        runtime = BoundSession(ort, session, "cpu")
        values = np.ones((1, 3, 4, 6), np.float32)
        [first] = runtime.run(["y"], {"x": values})
        kept = first.copy()
        values[:] = 7
        runtime.run(["y"], {"x": values})
        assert_array_equal(first, kept)


class Recorder:
    """Stands for onnxruntime, a session and a binding: notes what it is told."""

    def __init__(self):
        self.told = []

    def __getattr__(self, name):
        def note(*arguments):
            self.told.append((name, *arguments))
            return {"copy_outputs_to_cpu": ["copied"]}.get(name, self)

        return note


def test_everything_is_bound_on_the_device_that_was_asked_for():
    recorder = Recorder()
    recorder.OrtValue = recorder
    got = BoundSession(recorder, recorder, "cuda", 1).run(["y"], {"x": "pixels"})
    assert got == ["copied"]
    assert recorder.told == [
        ("io_binding",),
        ("ortvalue_from_numpy", "pixels", "cuda", 1),
        ("bind_ortvalue_input", "x", recorder),
        ("bind_output", "y", "cuda", 1),
        ("synchronize_inputs",),
        ("run_with_iobinding", recorder),
        ("synchronize_outputs",),
        ("copy_outputs_to_cpu",),
    ]


class TestCuda:
    """Where a CUDA device is at hand."""

    @pytest.fixture
    def cuda(self, echo_file):
        try:
            return load_model(echo_file(("n", 3, 4, 6)), card=CARD, device="cuda")
        except RuntimeError as error:
            pytest.skip(f"no CUDA: {error}")

    def test_it_is_bound(self, cuda):
        assert cuda.provider == "CUDAExecutionProvider"
        assert isinstance(cuda.runtime, BoundSession)
        assert inspected(cuda.runtime).get_providers()[0] == cuda.provider

    def test_masks_equal_the_cpus(self, cuda, echo_file):
        cpu = load_model(echo_file(("n", 3, 4, 6)), card=CARD, device="cpu")
        for want, got in zip(cpu.many(IMAGES), cuda.many(IMAGES), strict=True):
            np.testing.assert_allclose(got, want, atol=1e-3)
