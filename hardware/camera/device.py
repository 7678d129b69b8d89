"""A camera or a stream through OpenCV."""

import time
from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np

from hardware.camera.messages import CameraSpec
from hardware.camera.modes import Mode, settle_mode
from hardware.camera.source import CameraFrame, SourceLostError, SourceUnavailableError
from hardware.camera_list import (
    AnotherCameraError,
    CameraIdentity,
    ListedCamera,
    SeveralCamerasError,
    find_camera,
    list_cameras,
)
from range.core.fault_table import told

OPEN_MILLISECONDS = 4000
READ_MILLISECONDS = 1500
"""How long a stream may be silent: below what counts as a hang, so that its process need not be replaced."""

# Setting and what turns its automatic counterpart off; 1 is V4L2's manual exposure.
CONTROLS: Mapping[str, tuple[int, tuple[int, float] | None]] = {
    "exposure": (cv2.CAP_PROP_EXPOSURE, (cv2.CAP_PROP_AUTO_EXPOSURE, 1.0)),
    "gain": (cv2.CAP_PROP_GAIN, None),
    "white_balance": (cv2.CAP_PROP_WB_TEMPERATURE, (cv2.CAP_PROP_AUTO_WB, 0.0)),
    "focus": (cv2.CAP_PROP_FOCUS, (cv2.CAP_PROP_AUTOFOCUS, 0.0)),
}


class DeviceSource:
    """`spec.device` is an index, a device path, an identity or a URL; `known` the camera it meant before.

    `identity` is the camera's, None of a stream; `rate` the pictures a second its driver promises, 0 where it promises
    none. Raises SourceUnavailableError.
    """

    def __init__(
        self,
        spec: CameraSpec,
        known: CameraIdentity | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._name = spec.device
        self.identity: CameraIdentity | None = None
        self.rate = 0.0
        if "://" in spec.device:
            patience = [
                cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                OPEN_MILLISECONDS,
                cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                READ_MILLISECONDS,
            ]
            self._capture = cv2.VideoCapture(spec.device, cv2.CAP_FFMPEG, patience)
            self._insist(told("camera.no_answer", name=spec.device), absent=True)
            return
        cameras = list_cameras()
        listed = _meant(spec.device, cameras, known)
        if listed is not None:
            self.identity = listed.identity
            self._name = f"{listed.name} ({listed.identity})"
            if not listed.usable:
                raise SourceUnavailableError(told("camera.denied", name=self._name))
            self._capture = cv2.VideoCapture(str(listed.device), cv2.CAP_V4L2)
            self._insist(told("camera.unopened", name=self._name))
        elif cameras or known is not None:
            raise SourceUnavailableError(told("camera.absent", name=spec.device), absent=True)
        else:
            # A system that lists no cameras may have some all the same; there an index or a path is all there is.
            self._capture = cv2.VideoCapture(int(spec.device) if spec.device.isdigit() else spec.device)
            self._insist(told("camera.absent", name=spec.device), absent=True)
        self.rate = settle_mode(self._capture, Mode(spec.width, spec.height, spec.fps)).rate
        # A driver's queue holds frames of the past; one is enough.
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def _insist(self, reason: str, *, absent: bool = False) -> None:
        if not self._capture.isOpened():
            self._capture.release()
            raise SourceUnavailableError(reason, absent=absent)

    def read(self) -> CameraFrame:
        """The next frame, stamped when the driver hands it over."""
        arrived, picture = self._capture.read()
        if not arrived:
            raise SourceLostError(told("camera.unplugged", name=self._name), returns=True)
        return CameraFrame(self._clock(), np.asarray(picture, dtype=np.uint8))

    def set_controls(self, values: Mapping[str, float]) -> dict[str, float]:
        """Fix the named settings, their automatic counterparts off; answers with what the driver reads back."""
        for name, value in values.items():
            setting, automatic = CONTROLS[name]
            if automatic is not None:
                self._capture.set(*automatic)
            self._capture.set(setting, value)
        read = {name: float(self._capture.get(setting)) for name, (setting, _) in CONTROLS.items()}
        # A driver answers 0 or -1 for what its camera has not.
        return {name: value for name, value in read.items() if value > 0}

    def close(self) -> None:
        """Let go of the device."""
        self._capture.release()


def _meant(device: str, cameras: Sequence[ListedCamera], known: CameraIdentity | None) -> ListedCamera | None:
    """The camera that is meant; None where it is not there. Raises SourceUnavailableError."""
    try:
        return find_camera(device, cameras, known)
    except AnotherCameraError as problem:
        raise SourceUnavailableError(told("camera.another", name=known, other=problem)) from problem
    except SeveralCamerasError as problem:
        raise SourceUnavailableError(told("camera.ambiguous", name=device, others=problem)) from problem
