"""The film's sound: real libVLC, its output written to a file; and silence, said aloud, where there is none."""

import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from tests.numbered_films import write_film

PLAY = """
import sys, time
from pathlib import Path
from media.sound import Sound, Source
film, out = map(Path, sys.argv[1:])
troubles = []
options = ("--aout=afile", f"--audiofile-file={out}", "--audiofile-format=s16")
sound = Sound(on=True, volume=100, device="", on_trouble=troubles.append, options=options)
print(sound.fault, flush=True)
source = Source(film, 0.0, None, False)
sound.arm({"talk": source})
sound.cut("talk", source)
while sound.fault is None and (not out.exists() or out.stat().st_size < 40000):
    time.sleep(0.01)
sound.close()
print(troubles, flush=True)
"""


def has_libvlc() -> bool:
    probe = "import vlc; vlc.Instance('--quiet').release()"
    return subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False).returncode == 0


def play(film: Path, out: Path, **environment: str) -> list[str]:
    words = [sys.executable, "-P", "-c", PLAY, str(film), str(out)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True, env=environment or None)
    return done.stdout.splitlines()


@pytest.mark.skipif(not has_libvlc(), reason="libVLC is not installed")
def test_a_cut_lets_the_scenes_own_sound_go(tmp_path: Path) -> None:
    film = write_film(tmp_path / "talk.mp4", seconds=3, sound=True)
    out = tmp_path / "heard.wav"
    assert play(film, out) == ["None", "[]"]
    with wave.open(str(out)) as heard:
        rate = heard.getframerate()
        samples = np.frombuffer(heard.readframes(1 << 20), np.int16)[:: heard.getnchannels()].astype(float)
    strongest = np.argmax(np.abs(np.fft.rfft(samples)))
    assert strongest * rate / len(samples) == pytest.approx(440, abs=15)


def test_a_broken_libvlc_means_a_silent_film_and_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "libvlc.so.5").write_bytes(b"not a library")
    (tmp_path / "libvlc.so").write_bytes(b"not a library")
    film = write_film(tmp_path / "talk.mp4", seconds=1, sound=True)
    path = str(Path(__file__).parents[1])
    said = play(film, tmp_path / "heard.wav", LD_LIBRARY_PATH=str(tmp_path), PYTHONPATH=path, PATH="/usr/bin:/bin")
    assert said[0].startswith("the sound is off: install libVLC")
    assert len(said) == 2
