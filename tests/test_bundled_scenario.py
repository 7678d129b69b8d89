"""The scenario that comes with the program: whole, playable, and able to end well from anywhere."""

import tomllib
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import pytest

from media.animatic.outline import Part, outline
from media.animatic.stage import Stage
from media.captions import read_captions
from media.scenario_file import BUNDLED, ScenarioDocument, graph_of, read_document, read_scenario
from range.core.scenario import Scenario, Zone

FOLDER = BUNDLED / "noise-after-ten"
DOCUMENT: ScenarioDocument = read_document(FOLDER / "scenario.toml")
STORY: Scenario = graph_of(DOCUMENT)
CLIPS = sorted({clip for scene in STORY.scenes.values() for clip in (scene.clip, *scene.perspectives.values())})


PARTS: dict[str, Part] = {"person": "person", "hand": "left_hand", "phone": "held", "bottle": "held"}


@cache
def length(clip: str) -> float:
    with av.open(str(FOLDER / clip)) as container:
        stream = container.streams.video[0]
        return stream.frames / 30


def reaches_well(name: str) -> bool:
    seen, todo = {name}, [name]
    while todo:
        scene = STORY.scenes[todo.pop()]
        if scene.ending == "well":
            return True
        todo += [branch.to for branch in scene.branches if branch.to not in seen]
        seen.update(todo)
    return False


def centre(zone: Zone, t: float) -> tuple[float, float]:
    corners = zone.polygon_at(t)
    return sum(u for u, _ in corners) / len(corners), sum(v for _, v in corners) / len(corners)


# --- the story --------------------------------------------------------------------------------------------------------


def test_the_scenario_has_no_faults() -> None:
    reading = read_scenario(FOLDER / "scenario.toml")
    assert [str(fault) for fault in (*reading.misfits, *reading.told(reading.graph_faults({})))] == []


def test_it_is_six_to_eight_scenes_with_two_good_endings_and_a_bad_one() -> None:
    endings = [scene.ending for scene in STORY.scenes.values() if scene.ending]
    assert 6 <= len(STORY.scenes) <= 8
    assert endings.count("well") >= 2
    assert endings.count("badly") >= 1


@pytest.mark.parametrize("name", [name for name, scene in STORY.scenes.items() if scene.ending is None])
def test_every_scene_can_still_end_well(name: str) -> None:
    assert reaches_well(name)


def test_every_intent_of_the_keys_moves_the_story_somewhere() -> None:
    used = {branch.intent for scene in STORY.scenes.values() for branch in scene.branches if branch.on == "intent"}
    assert used == {"calm", "comply", "argue", "flee", "threaten", "attack", "end"}


def test_acts_hits_and_time_lead_on_too_and_every_way_is_described() -> None:
    branches = [branch for scene in STORY.scenes.values() for branch in scene.branches]
    assert {branch.on for branch in branches} >= {"intent", "hit", "timeout", "act"}
    assert all(branch.label for branch in branches)


def test_acts_are_ones_that_the_configuration_has_keys_for() -> None:
    keys = tomllib.loads((BUNDLED.parents[1] / "config.toml").read_text(encoding="utf-8"))["keys"]["acts"]
    acts = {branch.act for scene in STORY.scenes.values() for branch in scene.branches if branch.on == "act"}
    assert acts <= set(keys.values())


def test_nobody_has_to_fire_to_reach_any_ending_but_the_bad_one() -> None:
    seen, todo = {STORY.start}, [STORY.start]
    while todo:
        for branch in STORY.scenes[todo.pop()].branches:
            if branch.on != "hit" and branch.to not in seen:
                seen.add(branch.to)
                todo.append(branch.to)
    assert {name for name in STORY.scenes if name not in seen} == {
        name for name, scene in STORY.scenes.items() if scene.ending == "badly"
    }


def test_people_are_told_before_what_they_will_see() -> None:
    assert STORY.warnings


# --- the files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clip", CLIPS)
def test_every_clip_decodes_to_its_last_frame(clip: str) -> None:
    with av.open(str(FOLDER / clip)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        context.thread_type = "AUTO"
        assert (context.name, context.pix_fmt, context.width, context.height) == ("h264", "yuv420p", 1280, 720)
        assert stream.time_base is not None
        count, keys = 0, []
        for frame in container.decode(stream):
            assert frame.pts is not None
            assert frame.pts * stream.time_base == Fraction(count, 30)
            keys += [count] if frame.key_frame else []
            count += 1
        assert count == stream.frames
        assert keys == list(range(0, count, 30))
        assert 6 <= count / 30 <= 14
        assert len(container.streams.audio) == 1


def test_all_clips_together_are_small_enough_to_carry() -> None:
    assert sum((FOLDER / clip).stat().st_size for clip in CLIPS) < 12_000_000


def test_a_perspective_shows_the_same_moments_on_the_same_clock() -> None:
    pairs = [(scene.clip, clip) for scene in STORY.scenes.values() for clip in scene.perspectives.values()]
    assert pairs
    assert all(length(ours) == length(theirs) for ours, theirs in pairs)


def test_clips_are_as_long_as_their_texts_say() -> None:
    for scene in DOCUMENT.scenes.values():
        assert scene.script is not None
        assert length(scene.clip) == scene.script.seconds


def test_every_line_is_captioned_within_its_clip() -> None:
    for scene in DOCUMENT.scenes.values():
        assert scene.script is not None
        captions = read_captions(FOLDER / scene.captions["en"])
        assert [c.text for c in captions] == [f"{line.who}: {line.say}" for line in scene.script.lines]
        assert all(0 <= c.start < c.end <= length(scene.clip) for c in captions)


def test_captions_stay_long_enough_to_be_read() -> None:
    for scene in STORY.scenes.values():
        for caption in read_captions(FOLDER / scene.captions["en"]):
            assert len(caption.text) / (caption.end - caption.start) < 22, caption.text  # characters a second


def test_the_licence_of_the_story_is_named_beside_it() -> None:
    assert "https://creativecommons.org/licenses/by/4.0/" in (FOLDER / "LICENSE").read_text(encoding="utf-8")


# --- zones and cues ---------------------------------------------------------------------------------------------------


def test_zones_and_cues_lie_within_picture_and_clip() -> None:
    for scene in STORY.scenes.values():
        for zone in scene.zones:
            times = [key.t for key in zone.keyframes]
            assert times == sorted(set(times))
            assert times[-1] <= length(scene.clip)
            assert len({len(key.polygon) for key in zone.keyframes}) == 1
            assert all(0 <= u <= 1 and 0 <= v <= 1 for key in zone.keyframes for u, v in key.polygon)
        assert all(0 <= cue.t < length(scene.clip) for cue in scene.cues)


@pytest.mark.parametrize("name", [name for name, scene in STORY.scenes.items() if scene.zones])
def test_zones_hold_what_the_film_shows_there(name: str) -> None:
    script = DOCUMENT.scenes[name].script
    assert script is not None
    loop = DOCUMENT.scenes[name].at_end == "loop"
    stage = Stage(script, script.seconds, (320, 180), loop=loop, mouth=lambda _name, _t: 0.0)
    for zone in STORY.scenes[name].zones:
        part = PARTS[zone.name]
        for n in range(int(zone.keyframes[0].t * 4) + 2, int(script.seconds * 4)):
            drawn = outline(stage, "Alex", part, n / 4)
            meant = zone.polygon_at(n / 4)
            worst = max(abs(a - b) for p, q in zip(drawn, meant, strict=True) for a, b in zip(p, q, strict=True))
            assert worst < 0.03, (zone.name, n / 4)


def test_a_raised_bottle_and_a_phone_are_announced_when_they_can_be_seen() -> None:
    phone = STORY.scenes["phone"]
    seen = next(cue.t for cue in phone.cues if cue.kind == "object_visible")
    zone = next(zone for zone in phone.zones if zone.name == "phone")
    assert zone.keyframes[0].t <= seen
    assert phone.zones_at(*centre(zone, seen), seen)
    kinds = [cue.kind for scene in STORY.scenes.values() for cue in scene.cues]
    assert set(kinds) >= {"threat_visible", "weapon_visible", "object_visible", "complies", "stop"}


def test_a_shot_at_the_person_counts_only_while_the_bottle_is_up() -> None:
    bottle = STORY.scenes["bottle"]
    shot = next(branch for branch in bottle.branches if branch.on == "hit")
    raised = next(cue.t for cue in bottle.cues if cue.kind == "threat_visible")
    assert shot.until is not None
    assert shot.since <= raised < shot.until


def test_the_folder_holds_nothing_that_is_not_needed() -> None:
    expected = {*CLIPS, "scenario.toml", "README.md", "LICENSE", "demo.toml"}
    expected |= {name for scene in STORY.scenes.values() for name in scene.captions.values()}
    assert {path.name for path in Path(FOLDER).iterdir() if not path.name.startswith(".")} <= expected
