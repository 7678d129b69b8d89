"""The captions of the scenario's scenes in one language, read before the film starts."""

from pathlib import Path

from media.captions import Caption, caption_at, read_captions
from range.core.events import Visible
from range.core.scenario import Scenario


class CaptionTrack:
    """What is being said at a moment of a scene. Scenes without captions in the language are silent ones."""

    def __init__(self, scenario: Scenario, folder: Path, language: str) -> None:
        self._by_scene: dict[str, tuple[Caption, ...]] = {
            name: read_captions(folder / scene.captions[language])
            for name, scene in scenario.scenes.items()
            if language and language in scene.captions
        }

    def at(self, visible: Visible | None) -> str:
        """The line to show; empty for none."""
        if visible is None:
            return ""
        caption = caption_at(self._by_scene.get(visible.scene, ()), visible.media)
        return caption.text if caption is not None else ""
