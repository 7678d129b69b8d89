"""A clip's sound: the lines from where their speakers stand, over a very quiet room, and a soft beat where wanted."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from media.animatic.voice import RATE, Spoken

Stereo = NDArray[np.float32]
CEILING = 0.7  # what a lossy encoder makes of a peak may lie higher


def mixed(
    spoken: Sequence[Spoken],
    seconds: float,
    *,
    across: Mapping[str, float],
    music: float = 0.0,
    music_until: float | None = None,
) -> Stereo:
    """The clip's sound as (2, samples) at 48 kHz. `across` places a speaker from 0 (left) to 1 (right)."""
    count = round(seconds * RATE)
    sound = room_tone(count) * 0.0022
    if music > 0:
        sound += beat(count, music_until) * (0.12 * music)
    for item in spoken:
        if item.samples is None:
            continue
        start = round(item.line.t * RATE)
        samples = item.samples[: count - start].copy()
        fade = min(len(samples), RATE // 40)
        samples[len(samples) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
        place = 0.5 + 0.6 * (across.get(item.line.who, 0.5) - 0.5)
        angle = np.clip(place, 0, 1) * np.pi / 2
        add_echoed(sound, samples, start, float(np.cos(angle)), float(np.sin(angle)))
    peak = float(np.abs(sound).max())
    return sound if peak <= CEILING else sound * np.float32(CEILING / peak)


def add_echoed(sound: Stereo, samples: NDArray[np.float32], start: int, left: float, right: float) -> None:
    """Adds a voice and two early reflections, so that it stands in a place."""
    for delay, gain, l_gain, r_gain in (
        (0.0, 1.25, left, right),
        (0.011, 0.16, right, left),
        (0.023, 0.10, left, right),
    ):
        begin = start + round(delay * RATE)
        part = samples[: max(0, sound.shape[1] - begin)]
        sound[0, begin : begin + len(part)] += part * np.float32(gain * l_gain)
        sound[1, begin : begin + len(part)] += part * np.float32(gain * r_gain)


def room_tone(count: int) -> Stereo:
    """Soft low noise of effective value 1 whose end runs into its beginning: shaped in the frequency domain."""
    random = np.random.default_rng(20)
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    shape = np.where(frequency > 40, 1 / np.sqrt(np.maximum(frequency, 40) / 40), 0) * np.exp(-frequency / 900)
    tones = []
    for _ in range(2):
        spectrum = shape * np.exp(2j * np.pi * random.random(len(shape)))
        tone = np.fft.irfft(spectrum, count)
        tones.append(tone / np.sqrt(np.mean(tone**2)))
    return np.array(tones, np.float32)


def beat(count: int, until: float | None) -> Stereo:
    """A soft, slow beat as a small speaker gives it; a whole number of bars fits the clip, end to beginning."""
    seconds = count / RATE
    bars = max(1, round(seconds / 2.6))
    step = seconds / (bars * 8)
    t = np.arange(count) / RATE
    sound = np.zeros(count)
    notes = (55.0, 55.0, 65.4, 49.0)
    for bar in range(bars):
        for eighth in range(8):
            since = (t - (bar * 8 + eighth) * step) % seconds
            on = since < 1.2
            s = since[on]
            if eighth in (0, 3, 5):
                sound[on] += 0.8 * np.exp(-s * 9) * np.sin(2 * np.pi * (52 * s + 18 * (1 - np.exp(-s * 30)) / 30 * 30))
            if eighth in (0, 2, 3, 6):
                tone = notes[bar % 4] * 2
                sound[on] += 0.30 * np.exp(-s * 4) * (np.sin(2 * np.pi * tone * s) + 0.4 * np.sin(4 * np.pi * tone * s))
            if eighth in (2, 6):
                sound[on] += 0.10 * np.exp(-s * 40) * np.sin(2 * np.pi * 1250 * s)
            if eighth in (1, 4, 7):
                chord = notes[bar % 4] * 4
                sound[on] += 0.07 * np.exp(-s * 5) * sum(np.sin(2 * np.pi * chord * r * s) for r in (1.0, 1.189, 1.498))
    if until is not None:
        sound *= np.clip((until - t) / 0.08, 0, 1)
    return np.array([sound, sound], np.float32)
