"""Spoken lines by the espeak-ng program where it is there, and how far a mouth is open while they are heard."""

import io
import shutil
import subprocess
import wave
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media.animatic.looks import Look, look_of
from media.animatic.motion import chance
from media.animatic.script import Line, SceneScript, Voice

RATE = 48_000
STEP = 100  # mouth values a second
PROGRAM = "espeak-ng"
TIME_LIMIT = 20.0

# espeak-ng's variant, pitch (0-99) and words a minute.
VOICES: dict[Voice, tuple[str, int, int]] = {
    "low": ("en-gb+m3", 34, 158),
    "middle": ("en-gb+m7", 52, 164),
    "high": ("en-gb+f2", 56, 164),
    "old": ("en-gb+f4", 40, 146),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line as sound: where it starts, its samples (mono, 48 kHz; None where nothing could speak), its length."""

    line: Line
    samples: NDArray[np.float32] | None
    seconds: float


def speak(script: SceneScript) -> tuple[Spoken, ...]:
    """All lines of a scene; without espeak-ng each is silent, with the length that speaking it would take."""
    program = shutil.which(PROGRAM)
    looks = {figure.name: figure for view in (*script.perspectives.values(), script) for figure in view.figures}
    spoken = []
    for line in script.lines:
        figure = looks.get(line.who)
        voice = line.voice or usual_voice(line.who, look_of(figure) if figure else None)
        samples = None if program is None else said(program, line, voice)
        seconds = 0.25 + 0.064 * len(line.say) if samples is None else len(samples) / RATE
        spoken.append(Spoken(line, samples, seconds))
    return tuple(spoken)


def usual_voice(name: str, look: Look | None) -> Voice:
    if look is not None and look.aged:
        return "old"
    if look is not None and look.hair in ("long", "bun", "bob", "headscarf"):
        return "high"
    return "low" if chance(name, "voice") < 0.5 else "middle"


def said(program: str, line: Line, voice: Voice) -> NDArray[np.float32] | None:
    """One line spoken; None where the program fails."""
    variant, pitch, pace = VOICES[voice]
    pitch += round(8 * (chance(line.who, "pitch") - 0.5)) + {"quiet": -3, "normal": 0, "raised": 9}[line.tone]
    pace = round(pace * {"quiet": 0.93, "normal": 1.0, "raised": 1.08}[line.tone])
    try:
        result = subprocess.run(
            [program, "-v", variant, "-p", str(pitch), "-s", str(pace), "--stdin", "--stdout"],
            input=line.say.encode(),
            capture_output=True,
            timeout=TIME_LIMIT,
            check=True,
        )
        with wave.open(io.BytesIO(result.stdout)) as sound:
            rate = sound.getframerate()
            raw = sound.readframes(sound.getnframes())
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError):
        return None
    samples: NDArray[np.float64] = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2").astype(np.float64) / 32768
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    if len(loud) == 0:
        return None
    samples = samples[loud[0] : loud[-1] + 1]
    count = int(len(samples) * RATE / rate)
    resampled = np.interp(np.arange(count) * rate / RATE, np.arange(len(samples)), samples)
    level = {"quiet": 0.10, "normal": 0.15, "raised": 0.22}[line.tone]
    effective = float(np.sqrt(np.mean(resampled**2)))
    levelled: NDArray[np.float32] = (resampled * (level / max(effective, 1e-4))).astype(np.float32)
    return levelled


def mouths(spoken: Sequence[Spoken], seconds: float) -> dict[str, NDArray[np.float32]]:
    """How open each speaker's mouth is, 0-1, in steps of a hundredth of a second."""
    count = int(seconds * STEP) + 2
    curves: dict[str, NDArray[np.float32]] = {}
    for item in spoken:
        curve = curves.setdefault(item.line.who, np.zeros(count, np.float32))
        start = int(item.line.t * STEP)
        opening = from_text(item) if item.samples is None else from_sound(item.samples)
        end = min(count, start + len(opening))
        curve[start:end] = np.maximum(curve[start:end], opening[: end - start])
    smoothing = np.hanning(9)[1:-1].astype(np.float32)
    smoothing /= smoothing.sum()
    return {name: np.convolve(curve, smoothing, mode="same").astype(np.float32) for name, curve in curves.items()}


def from_sound(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    hop = RATE // STEP
    count = max(1, len(samples) // hop)
    power = np.sqrt(np.mean(samples[: count * hop].reshape(count, hop) ** 2, axis=1))
    opening: NDArray[np.float32] = np.clip((power / (np.percentile(power, 92) + 1e-6)) ** 0.8 - 0.08, 0, 1)
    return opening.astype(np.float32)


def from_text(item: Spoken) -> NDArray[np.float32]:
    """Without sound: a mouth opens on vowels and closes between words."""
    letters = item.line.say.lower()
    wide = {"a": 1.0, "o": 0.85, "e": 0.7, "i": 0.6, "u": 0.6, "y": 0.5, "m": 0.0, "b": 0.0, "p": 0.0}
    openings = [wide.get(letter, 0.0 if not letter.isalpha() else 0.25) for letter in letters]
    at = np.linspace(0, len(letters) - 1, max(2, int(item.seconds * STEP)))
    return np.interp(at, np.arange(len(letters)), openings).astype(np.float32)
