"""The film's sound: real libVLC, its output written to a file; and silence, said aloud, where there is none."""

import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from bench.null_sink import RATE, can_record, null_sink, recording
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


with_a_sink = pytest.mark.skipif(not (has_libvlc() and can_record()), reason="needs libVLC and PulseAudio")

TURN = """
import sys, time
from pathlib import Path
from media.sound import Sound, Source
loud, quiet = map(Path, sys.argv[1:3])
troubles = []
sound = Sound(on=True, volume=100, device=sys.argv[3], on_trouble=troubles.append)
print(troubles, flush=True)
sources = {name: Source(film, 0.0, None, False) for name, film in (("loud", loud), ("quiet", quiet))}
sound.arm(sources)
sound.cut("loud", sources["loud"])
input()
sound.cut("quiet", sources["quiet"])
input()
sound.close()
"""


@with_a_sink
def test_a_cut_takes_the_old_sound_away_without_a_click(tmp_path: Path) -> None:
    loud = write_film(tmp_path / "loud.mp4", seconds=20, sound=True)
    quiet = write_film(tmp_path / "quiet.mp4", seconds=3)
    with null_sink() as environment, recording(environment) as heard:
        words = [sys.executable, "-P", "-c", TURN, str(loud), str(quiet), ""]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as player:
            assert player.stdin is not None
            heard.wait_for(
                lambda samples: np.abs(samples[-RATE // 2 :].reshape(-1, RATE // 200)).max(axis=1).min() > 0.05
            )
            player.stdin.write(b"\n")
            player.stdin.flush()
            heard.wait_for(lambda samples: np.abs(samples[-RATE // 4 :]).max() < 0.01)
            player.stdin.write(b"\n")
            player.stdin.close()
        samples, _ = heard.end()
    # A peak of 0.1 goes down in small steps; a sound cut off jumps by up to the peak.
    end = np.flatnonzero(np.abs(samples) > 0.01)[-1]
    ending = samples[end - RATE // 5 : end + RATE // 10]
    tone = 0.1 * 2 * np.pi * 440 / RATE
    assert np.abs(np.diff(ending)).max() < 3 * tone


@with_a_sink
def test_a_sound_device_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    film = write_film(tmp_path / "talk.mp4", seconds=1)
    with null_sink() as environment:
        words = [sys.executable, "-P", "-c", TURN, str(film), str(film), "the moon"]
        done = subprocess.run(words, input="\n\n", capture_output=True, text=True, env=environment, check=True)
    assert "no sound device the moon, only" in done.stdout
    assert "range" in done.stdout


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
