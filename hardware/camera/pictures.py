"""What a calibration asks of a camera: single pictures at known times, and each frame's brightness."""

import cv2

from hardware.camera.messages import (
    Asked,
    BrightnessSeen,
    BrightnessWanted,
    CameraMessage,
    ControlsRead,
    ControlsWanted,
    PictureTaken,
    PictureWanted,
)
from hardware.camera.source import CameraFrame, Source

EVERY = 4
"""Every how many pixels each way brightness is sampled."""


class Pictures:
    """Answers what was asked of one source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wanted: list[PictureWanted] = []
        self._brightness = False

    @property
    def measuring(self) -> bool:
        """Whether the screen flashes for a calibration: no time then to look for lasers, nor sense in it."""
        return self._brightness

    def ask(self, asked: Asked) -> list[CameraMessage]:
        """Take a request; what can be answered at once is."""
        match asked:
            case PictureWanted():
                self._wanted.append(asked)
            case BrightnessWanted(on):
                self._brightness = on
            case ControlsWanted(values):
                return [ControlsRead(self._source.set_controls(values))]
        return []

    def see(self, frame: CameraFrame) -> list[CameraMessage]:
        """What the newest frame answers."""
        answers: list[CameraMessage] = []
        if self._brightness:
            answers.append(
                BrightnessSeen(
                    frame.clock, cv2.mean(frame.picture[::EVERY, ::EVERY])[1 if frame.picture.ndim == 3 else 0]
                )
            )
        due = [wanted for wanted in self._wanted if frame.clock >= wanted.after]
        answers += [PictureTaken(wanted.number, frame.clock, frame.picture) for wanted in due]
        self._wanted = [wanted for wanted in self._wanted if frame.clock < wanted.after]
        return answers
