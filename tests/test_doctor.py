"""`rangectl doctor`: it answers on any machine, whatever crashes, hangs or is not there."""

import io
import json
import os
from pathlib import Path

import pytest

from hardware.camera_list import list_cameras
from hardware.displays import Renderer, display_server
from hardware.question import ask
from range.app.decoder_trial import try_decoder
from range.app.doctor import doctor

PARTS = {"Python", "libraries", "displays", "drawing", "cameras", "serial ports", "sound", "decoder", "data directory"}


def test_every_part_is_told_to_programs_with_a_remedy_for_each_lack(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    code = doctor(tmp_path / "new", out=out, err=err, as_json=True)
    findings = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {finding["part"] for finding in findings} >= PARTS
    assert all(finding["found"] for finding in findings)
    assert all(finding["remedy"] for finding in findings if finding["state"] != "ok")
    cannot_draw = any(f["part"] == "drawing" and f["state"] == "lacking" for f in findings)
    assert code == (1 if cannot_draw else 0)
    assert not (tmp_path / "new").exists(), "to look is not to make"


def test_a_data_directory_that_cannot_be_written_keeps_a_range_from_running(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    out, err = io.StringIO(), io.StringIO()
    assert doctor(tmp_path / "file", out=out, err=err) == 1
    assert "cannot be written" in out.getvalue()
    assert "--data DIR" in err.getvalue()


def test_a_display_that_does_not_answer_is_told_and_no_range_is_refused_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":4093")
    out = io.StringIO()
    doctor(tmp_path, out=out, err=io.StringIO(), as_json=True)
    [displays] = [f for f in map(json.loads, out.getvalue().splitlines()) if f["part"] == "displays"]
    assert displays["state"] == "lacking"
    assert ":4093" in displays["found"]


@pytest.mark.parametrize(
    ("program", "trouble"),
    [
        ("import time; time.sleep(60)", "no answer within 1 s"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed"),
        ("raise OSError('no driver')", "no driver"),
        ("print('hello')", "cannot be read"),
        ("pass", "without an answer"),
    ],
    ids=["hangs", "crashes", "refuses", "babbles", "says nothing"],
)
def test_a_library_that_fails_in_any_way_is_told_in_words(program: str, trouble: str) -> None:
    answer = ask(program, seconds=1.0)
    assert answer.value is None
    assert trouble in answer.trouble


def test_an_answer_is_read_from_the_last_line_whatever_a_library_prints_before() -> None:
    assert ask("print('loading ...'); print('[1, 2]')", seconds=10.0).value == [1, 2]


def test_cameras_are_named_with_the_path_that_stays(tmp_path: Path) -> None:
    sysfs, dev = tmp_path / "sys", tmp_path / "dev"
    for number, name, index in ((2, "Desk camera", "0"), (3, "Desk camera", "1"), (0, "Wall camera", "0")):
        node = sysfs / f"video{number}"
        node.mkdir(parents=True)
        (node / "name").write_text(f"{name}\n")
        (node / "index").write_text(f"{index}\n")
        dev.mkdir(exist_ok=True)
        (dev / f"video{number}").write_bytes(b"")
    (dev / "v4l" / "by-id").mkdir(parents=True)
    link = dev / "v4l" / "by-id" / "usb-Maker_Wall_camera_77-video-index0"
    link.symlink_to(os.path.relpath(dev / "video0", link.parent))
    wall, desk = list_cameras(sysfs, dev)
    assert (wall.index, wall.name, wall.stable) == (0, "Wall camera", link)
    assert (desk.index, desk.name, desk.stable) == (2, "Desk camera", None)
    assert desk.usable


def test_a_machine_without_cameras_has_none(tmp_path: Path) -> None:
    assert list_cameras(tmp_path / "sys", tmp_path / "dev") == ()


def test_the_processor_drawing_is_told_from_a_graphics_card() -> None:
    assert Renderer("llvmpipe (LLVM 15.0.6, 256 bits)", "4.5").software
    assert not Renderer("Mesa Intel(R) UHD Graphics 620", "4.6").software


def test_the_display_server_is_the_one_the_environment_names() -> None:
    assert display_server({}) == ""
    assert display_server({"DISPLAY": ":0"}) == "X11 :0"
    assert display_server({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}) == "X11 :0, under Wayland"


def test_this_machine_decodes_a_film_that_it_made() -> None:
    assert try_decoder().trouble == ""
