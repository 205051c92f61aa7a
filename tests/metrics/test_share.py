"""Work in threads: order, laziness, errors, and who does it."""

import gc
import threading
import time
import weakref
from sys import gettrace, settrace

import pytest

from portraitkit.metrics import _share
from portraitkit.metrics._share import FEW, cores, share


@pytest.fixture(params=[1, 2, 4])
def threads(request, monkeypatch):
    monkeypatch.setattr(_share, "cores", lambda: request.param)
    return request.param


class Item:
    """Something that can be seen to be forgotten."""

    def __init__(self, number):
        self.number = number


@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW, FEW + 1, 50])
def test_answers_are_in_order(threads, count):
    def work(number):
        time.sleep(1e-4 * (number * 7 % 5))
        return number * 2

    got = share(work, iter(range(count)), most=9)
    assert list(got) == [2 * n for n in range(count)]


def test_items_are_taken_by_the_caller_and_only_some_are_held(threads):
    alive, most = weakref.WeakSet(), 0

    def items():
        nonlocal most
        for number in range(60):
            assert threading.current_thread() is threading.main_thread()
            item = Item(number)
            alive.add(item)
            most = max(most, len(alive))
            yield item
            del item

    assert list(share(lambda item: item.number, items(), most=9)) == list(range(60))
    assert most <= (2 if threads == 1 else 2 * threads + 1)
    assert not alive


def test_the_slow_first_item_holds_up_the_taking(threads):
    """Whoever has the first item, the others do not run away from it."""
    taken, gate = [], threading.Event()

    def items():
        for number in range(60):
            taken.append(number)
            if len(taken) == 2 * threads:
                gate.set()
            yield number

    def work(number):
        if number == 0 and threading.current_thread() is not threading.main_thread():
            gate.wait(10)
            time.sleep(0.05)
            assert len(taken) <= 2 * threads + 1
        return number

    assert list(share(work, items(), most=9)) == list(range(60))


def test_all_threads_work_and_end(threads):
    """Only once each has an item do all go on."""
    barrier = threading.Barrier(threads, timeout=10)
    seen = set()

    def work(number):
        if number < threads:
            barrier.wait()
        seen.add(threading.current_thread().name)

    before = threading.active_count()
    list(share(work, range(20), most=9))
    assert len(seen) == threads
    assert threading.active_count() == before


def test_most_is_a_limit(threads):
    seen = set()

    def work(number):
        time.sleep(1e-3)
        seen.add(threading.current_thread().name)

    list(share(work, range(20), most=2))
    assert len(seen) == min(threads, 2)


@pytest.mark.parametrize("bad", [0, 1, 7, 19])
def test_what_work_raises_is_raised(threads, bad):
    def work(number):
        if number == bad:
            raise LookupError(number)
        return number

    with pytest.raises(LookupError, match=str(bad)):
        list(share(work, range(20), most=9))


def test_an_error_holds_nothing_once_it_is_forgotten(threads):
    alive = weakref.WeakSet()

    def items():
        for number in range(20):
            item = Item(number)
            alive.add(item)
            yield item
            del item

    def work(item):
        assert item.number < 9

    gc.disable()
    try:
        with pytest.raises(AssertionError):
            list(share(work, items(), most=9))
        assert not alive
    finally:
        gc.enable()


def test_an_interrupt_is_raised_at_once(threads):
    """Before the answers that are there, and what they raise, and whatever is next."""
    main, done = threading.main_thread(), []

    def work(number):
        if threading.current_thread() is main and number:
            done.append(number)
            raise KeyboardInterrupt
        time.sleep(1e-2)
        raise LookupError

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt if threads > 1 else LookupError):
        list(share(work, range(20), most=9))
    assert len(done) == (threads > 1)
    assert threading.active_count() == before


def test_interrupted_anywhere_all_ends(monkeypatch):
    """Before any line of Python that the main thread comes to."""
    monkeypatch.setattr(_share, "cores", lambda: 2)
    join, before, usual = threading.Thread.join, threading.active_count(), gettrace()
    monkeypatch.setattr(threading.Thread, "join", lambda thread: join(thread, 5))

    def tracer(countdown):
        def trace(frame, event, _):
            """Count what runs on behalf of the call, and no returns."""
            nonlocal countdown
            if frame.f_code.co_filename not in (_share.__file__, threading.__file__):
                return None
            countdown -= event != "return"
            if countdown == 0:
                settrace(None)
                raise KeyboardInterrupt
            return trace

        return trace

    for countdown in range(1, 10000):
        answers = share(lambda _: time.sleep(1e-4), range(8), most=2)
        next(answers)
        settrace(tracer(countdown))
        try:
            assert list(answers) == [None] * 7
            break
        except KeyboardInterrupt:
            answers.close()
        finally:
            settrace(usual)
        end = time.monotonic() + 5
        while threading.active_count() > before and time.monotonic() < end:
            time.sleep(1e-3)
        assert threading.active_count() == before, threading.enumerate()
    assert countdown > 100


@pytest.mark.parametrize("bad", [0, 1, FEW, 12])
def test_what_the_items_raise_is_raised_and_threads_end(threads, bad):
    def items():
        yield from range(bad)
        raise LookupError(bad)

    before = threading.active_count()
    with pytest.raises(LookupError, match=str(bad)):
        list(share(lambda number: time.sleep(1e-3), items(), most=9))
    assert threading.active_count() == before


def test_a_reader_may_stop(threads):
    before = threading.active_count()
    answers = share(lambda number: number, range(100), most=9)
    assert [next(answers) for _ in range(3)] == [0, 1, 2]
    answers.close()
    assert threading.active_count() == before


def test_cores_are_those_of_the_process(monkeypatch):
    assert cores() >= 1
    monkeypatch.setattr(
        _share.os, "sched_getaffinity", lambda _: {3, 5, 8}, raising=False
    )
    assert cores() == 3
    monkeypatch.delattr(_share.os, "sched_getaffinity")
    monkeypatch.setattr(_share.os, "cpu_count", lambda: None)
    assert cores() == 1
