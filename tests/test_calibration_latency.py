"""Latency from flashes, finer than a frame, and the first frame that can be trusted after a change."""

from itertools import pairwise

import numpy as np
import pytest

from calibration.latency import (
    Flip,
    MeasuredLatency,
    NoLatency,
    Sample,
    measure_latency,
)

PERIOD = 1 / 30


def flashes(spacing: float = 0.317) -> list[Flip]:
    return [Flip(1.0 + spacing * number, white=number % 2 == 0) for number in range(12)]


def seen(
    flips: list[Flip], delay: float, *, rate: float = 30.0, rise: float = 0.0, noise: float = 0.5, drop: float = 0.0
) -> list[Sample]:
    """What a camera whose frames hold the light of the period before their stamp reports of the flashes."""
    chance = np.random.default_rng(1)
    fine = np.arange(0.0, flips[-1].time + delay + 1.0, 1e-4)
    level = np.zeros_like(fine)
    for flip, after in pairwise([*flips, Flip(1e9, white=False)]):
        begun = (fine >= flip.time + delay) & (fine < after.time + delay)
        share = np.clip((fine[begun] - flip.time - delay) / rise, 0, 1) if rise else 1.0
        level[begun] = share if flip.white else 1 - share
    total = np.concatenate([[0.0], np.cumsum(level)]) * 1e-4
    stamps = np.arange(0.5, fine[-1], 1 / rate) + 0.0037
    samples = []
    for stamp in stamps:
        begin, end = round((stamp - 1 / rate) / 1e-4), round(stamp / 1e-4)
        lit = (total[end] - total[begin]) * rate
        if chance.random() >= drop:
            samples.append(Sample(float(stamp), float(20 + 130 * lit + chance.normal(0, noise))))
    return samples


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.094, 0.12, 0.25])
def test_the_latency_is_found_finer_than_a_frame(delay: float) -> None:
    measured = measure_latency(seen(flashes(0.317 + delay), delay), flashes(0.317 + delay))
    assert measured.seconds == pytest.approx(delay, abs=0.003)
    assert measured.spread < 0.004
    assert measured.count == 12
    assert measured.period == pytest.approx(PERIOD, abs=1e-4)


def test_a_slow_projector_is_late_by_half_its_rise() -> None:
    measured = measure_latency(seen(flashes(), 0.1, rise=0.03), flashes())
    assert measured.seconds == pytest.approx(0.115, abs=0.005)


def test_a_faster_camera_finds_the_same() -> None:
    assert measure_latency(seen(flashes(), 0.1, rate=120.0), flashes()).seconds == pytest.approx(0.1, abs=0.002)


def test_dropped_frames_are_borne() -> None:
    assert measure_latency(seen(flashes(), 0.1, drop=0.15), flashes()).seconds == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        ([], "no pictures"),
        ([Sample(0.5 + PERIOD * n, 90.0) for n in range(200)], "does not see the flashes"),
    ],
)
def test_a_camera_that_sees_no_flash_is_told(samples: list[Sample], says: str) -> None:
    with pytest.raises(NoLatency, match=says):
        measure_latency(samples, flashes())


def test_scattered_flashes_have_no_latency() -> None:
    chance = np.random.default_rng(3)
    shown = flashes(0.6)
    late = [Flip(flip.time + float(chance.uniform(0, 0.25)), flip.white) for flip in shown]
    with pytest.raises(NoLatency, match="no one latency is true"):
        measure_latency(seen(late, 0.05), shown)


def test_a_picture_stays_until_a_frame_of_it_alone_is_sure() -> None:
    latency = MeasuredLatency(seconds=0.12, spread=0.005, count=12, period=PERIOD)
    refresh, flip = 1 / 60, 0.4
    next_flip = flip + latency.until_next(refresh)
    for phase in np.linspace(0, PERIOD, 20):
        frames = [phase + PERIOD * number for number in range(40)]
        stamp = next(frame for frame in frames if frame >= flip + latency.until_whole(refresh))
        assert stamp - PERIOD >= flip + latency.seconds + latency.spread
        assert latency.untouched(stamp, next_flip)


def test_a_frame_that_comes_late_has_seen_the_next_picture_too() -> None:
    latency = MeasuredLatency(seconds=0.12, spread=0.005, count=12, period=PERIOD)
    assert not latency.untouched(0.4 + latency.seconds, 0.4)
