"""The captions of the scenario's scenes in one language, read before the film starts."""

from pathlib import Path

from media.captions import Caption, caption_at, language_of, read_captions
from range.core.events import Visible
from range.core.scenario import Scenario


class CaptionTrack:
    """What is being said at a moment of a scene. Scenes without captions in the language are silent ones."""

    def __init__(self, scenario: Scenario, folder: Path, language: str) -> None:
        self._by_scene: dict[str, tuple[Caption, ...]] = {
            name: read_captions(folder / scene.captions[spoken])
            for name, scene in scenario.scenes.items()
            if (spoken := language_of(scene.captions, language)) is not None
        }

    def at(self, visible: Visible | None) -> str:
        """The line to show; empty for none."""
        if visible is None:
            return ""
        caption = caption_at(self._by_scene.get(visible.scene, ()), visible.media)
        return caption.text if caption is not None else ""


def why_no_captions(scenario: Scenario, language: str) -> str | None:
    """What to tell where captions are wanted in a language that no scene has; None where all is well."""
    written = sorted({tag for scene in scenario.scenes.values() for tag in scene.captions})
    if not language or language_of(written, language) is not None:
        return None
    there = f"it has {', '.join(written)}: choose one with --captions" if written else "it has none"
    return f"the scenario has no captions in {language}; {there}"
