"""A simulated projection room: what a camera records of what a projector shows, and where each camera pixel looks.

Nothing is resampled: every camera pixel is cut into parts, each part's ray is followed through the lens to the wall,
and the projector pixel it meets gives its light. Light adds up in linear light; blur, exposure, noise, the camera's
gamma and rounding follow, as in a camera. The same seed sees the same noise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Geometry:
    """Where everything stands. The screen is 1 wide; angles in degrees; `radius` of a curved screen in screen widths.

    `fill` is how much of the picture's width the screen takes when seen from in front; `lens` is k1, k2 of the ray
    at the picture's side edge; `keystone` moves the projected picture's corners on the wall (top left, top right,
    bottom right, bottom left; x, y in screen widths); `overscan` is the share of the picture
    lost at each edge of the wall's frame; `pushed` turns the camera where it stands, to the right and down.
    """

    screen: tuple[int, int] = (1920, 1080)
    camera: tuple[int, int] = (640, 480)
    fill: float = 0.8
    yaw: float = 8.0
    pitch: float = -5.0
    roll: float = 1.0
    distance: float = 1.3
    aside: tuple[float, float] = (0.0, 0.0)
    lens: tuple[float, float] = (-0.08, 0.02)
    lens_centre: tuple[float, float] = (0.01, -0.012)
    radius: float | None = None
    keystone: tuple[tuple[float, float], ...] = ()
    overscan: float = 0.0
    mirrored: bool = False
    turned: int = 0
    pushed: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Conditions:
    """Light and camera. Brightness is in grey levels of a linear camera whose white wall reaches `white`."""

    white: float = 165.0
    leak: float = 0.004
    ambient: float = 0.01
    lamp: float = 0.0
    projector_gamma: float = 2.2
    camera_gamma: float = 2.2
    vignette: float = 0.25
    blur: float = 0.7
    noise: float = 1.5
    jpeg: int | None = None
    exposures: tuple[float, ...] = ()
    person: tuple[float, float, float, float] | None = None
    cut: tuple[float, float] | None = None
    seed: int = 1


@dataclass(frozen=True)
class Room:
    """A geometry and its conditions."""

    geometry: Geometry = field(default_factory=Geometry)
    conditions: Conditions = field(default_factory=Conditions)

    def with_(self, **changes: object) -> "Room":
        """The room with fields of its geometry or its conditions changed."""
        geometry = {k: v for k, v in changes.items() if k in Geometry.__dataclass_fields__}
        conditions = {k: v for k, v in changes.items() if k in Conditions.__dataclass_fields__}
        assert len(geometry) + len(conditions) == len(changes)
        return Room(
            replace(self.geometry, **geometry),  # type: ignore[arg-type]
            replace(self.conditions, **conditions),  # type: ignore[arg-type]
        )

    def truth(self, points: Array) -> Array:
        """The screen pixel each camera pixel (n, 2) looks at; nan beside the projected picture."""
        columns, rows = looks_at(self.geometry, points[:, 0], points[:, 1])
        return np.column_stack([columns, rows])

    def seen(self, spacing: float = 5.0) -> Array:
        """Camera pixels, about a `spacing` apart, that look at the projected picture."""
        width, height = self.geometry.camera
        xs, ys = np.meshgrid(np.arange(0.3, width - 1, spacing), np.arange(0.4, height - 1, spacing))
        points = np.column_stack([xs.ravel(), ys.ravel()])
        return points[np.isfinite(self.truth(points)).all(axis=1)]

    def capture(self, shown: Picture, number: int = 0) -> Picture:
        """The camera's picture (height, width, 3) while a grey picture is shown; `number` picks noise and exposure."""
        return _capture(self, shown, number)

    def captures(self, pictures: Mapping[str, Picture]) -> dict[str, Picture]:
        """The camera's picture of each."""
        return {name: self.capture(shown, number) for number, (name, shown) in enumerate(pictures.items())}


def looks_at(geometry: Geometry, x: Array, y: Array) -> tuple[Array, Array]:
    """Screen columns and rows that camera pixels look at, nan beside the projected picture."""
    x_in_wall, y_in_wall = _on_wall(geometry, x, y)
    width, height = geometry.screen
    shape = height / width
    corners = np.array([(-0.5, -shape / 2), (0.5, -shape / 2), (0.5, shape / 2), (-0.5, shape / 2)])
    moved = corners + np.array(geometry.keystone) if geometry.keystone else corners
    to_screen = cv2.getPerspectiveTransform(
        moved.astype(np.float32), np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    )
    depth = to_screen[2, 0] * x_in_wall + to_screen[2, 1] * y_in_wall + to_screen[2, 2]
    column = (to_screen[0, 0] * x_in_wall + to_screen[0, 1] * y_in_wall + to_screen[0, 2]) / depth
    row = (to_screen[1, 0] * x_in_wall + to_screen[1, 1] * y_in_wall + to_screen[1, 2]) / depth
    left, top = geometry.overscan * width, geometry.overscan * height
    with np.errstate(invalid="ignore"):
        on = (column >= left) & (column < width - left) & (row >= top) & (row < height - top)
    return np.where(on, column, np.nan), np.where(on, row, np.nan)


def _on_wall(geometry: Geometry, x: Array, y: Array) -> tuple[Array, Array]:
    """Where rays meet the wall: along it from the screen's middle (to the right, down), in screen widths."""
    width, height = geometry.camera
    x, y = np.asarray(x, float), np.asarray(y, float)
    if geometry.turned == 180:
        x, y = width - 1 - x, height - 1 - y
    if geometry.mirrored:
        x = width - 1 - x
    focal = geometry.fill * width * geometry.distance
    across = (x - (width - 1) / 2) / focal - geometry.lens_centre[0]
    down = (y - (height - 1) / 2) / focal - geometry.lens_centre[1]
    edge = width / 2 / focal
    bent = np.hypot(across, down)
    straight = np.linspace(0, 4 * edge, 40001)
    k1, k2 = geometry.lens
    seen_at = straight * (1 + k1 * (straight / edge) ** 2 + k2 * (straight / edge) ** 4)
    rising = np.argmax(np.diff(seen_at) <= 0) or len(seen_at) - 1
    factor = np.interp(bent, seen_at[: rising + 1], straight[: rising + 1], right=np.nan) / np.maximum(bent, 1e-12)
    across, down = across * factor + geometry.lens_centre[0], down * factor + geometry.lens_centre[1]
    # The camera stands at (aside, distance) turned off the axis by yaw and pitch, and looks at the screen's middle.
    yaw, pitch, roll = np.radians([geometry.yaw, geometry.pitch, geometry.roll])
    place = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)]) * geometry.distance
    forward = -place / geometry.distance
    right = np.cross([0.0, -1.0, 0.0], forward)
    right /= np.linalg.norm(right)
    below = np.cross(right, forward)
    right, below = np.cos(roll) * right + np.sin(roll) * below, np.cos(roll) * below - np.sin(roll) * right
    place = place + np.array([*geometry.aside, 0.0])
    if geometry.pushed != (0.0, 0.0):
        aside, low = np.tan(np.radians(geometry.pushed))
        forward = forward + aside * right + low * below
        forward /= np.linalg.norm(forward)
        right = right - (right @ forward) * forward
        right /= np.linalg.norm(right)
        below = np.cross(forward, right) * np.sign(np.cross(forward, right) @ below)
    ray = [forward[i] + across * right[i] + down * below[i] for i in range(3)]
    if geometry.radius is None:
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.where(ray[2] < 0, -place[2] / ray[2], np.nan)
        return place[0] + reach * ray[0], place[1] + reach * ray[1]
    # A cylinder that opens towards the camera: its axis is upright at z = radius.
    radius = geometry.radius
    from_axis = place[2] - radius
    a = ray[0] ** 2 + ray[2] ** 2
    b = place[0] * ray[0] + from_axis * ray[2]
    c = place[0] ** 2 + from_axis**2 - radius**2
    with np.errstate(invalid="ignore"):
        reach = (-b + np.sqrt(b * b - a * c)) / a
    along = radius * np.arctan2(place[0] + reach * ray[0], radius - (place[2] + reach * ray[2]))
    return along, place[1] + reach * ray[1]


@lru_cache(maxsize=4)
def _parts(geometry: Geometry) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where every part of every camera pixel looks, as indices of the projector's picture; far off for nowhere."""
    width, height = geometry.camera
    count = 4 if width <= 800 else 3 if width <= 1400 else 2
    xs = (np.arange(width * count) + 0.5) / count - 0.5
    looks = np.empty((2, height * count, width * count), np.float32)
    for top in range(0, height * count, 256):
        ys = (np.arange(top, min(top + 256, height * count)) + 0.5) / count - 0.5
        columns, rows = looks_at(geometry, *np.meshgrid(xs, ys))
        looks[:, top : top + len(ys)] = np.nan_to_num(np.stack([columns, rows]), nan=-100.0) - 0.5
    return looks[0], looks[1]


def _capture(room: Room, shown: Picture, number: int) -> Picture:
    geometry, light = room.geometry, room.conditions
    width, height = geometry.camera
    assert shown.shape == (geometry.screen[1], geometry.screen[0])
    noise = np.random.default_rng((light.seed, number))
    tones = ((np.arange(256) / 255) ** light.projector_gamma * (1 - light.leak) + light.leak).astype(np.float32)
    # A part of a pixel is about a screen pixel large: between two screen pixels it gets light of both.
    lights, at = tones[shown], _parts(geometry)
    parts = cv2.remap(lights, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    wall = np.asarray(cv2.resize(parts, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    from_middle = np.hypot((xs - width / 2) / width, (ys - height / 2) / width)
    fall_off = 1 - light.vignette * (from_middle / 0.5) ** 2 * 0.5
    if light.cut is not None:
        # Beyond a slanted line across the top right corner there is no wall, only a dark hall.
        wall = wall * ((width - xs) / light.cut[0] + ys / light.cut[1] > 1)
    wall = wall + np.float32(light.ambient)
    if light.lamp:
        wall = wall + light.lamp * np.exp(-((xs - 0.3 * width) ** 2 + (ys - 0.4 * height) ** 2) / (0.15 * width) ** 2)
    if light.person is not None:
        left, top, right, bottom = light.person
        body = (xs > left * width) & (xs < right * width) & (ys > top * height) & (ys < bottom * height)
        wall = np.where(body, 0.06 + light.ambient + 0.03 * np.sin(xs / 7), wall)
    linear = np.asarray(wall * fall_off, np.float32)
    if light.blur:
        linear = np.asarray(cv2.GaussianBlur(linear, (0, 0), light.blur), np.float32)
    exposure = light.exposures[number % len(light.exposures)] if light.exposures else 1.0
    bright = (light.white / 255) ** light.camera_gamma * exposure
    grey = 255 * np.clip(linear * bright, 0, 1) ** (1 / light.camera_gamma)
    colour = grey[:, :, None] * np.array([0.93, 1.0, 0.97]) + noise.normal(0, light.noise, (height, width, 3))
    picture: Picture = np.clip(np.rint(colour), 0, 255).astype(np.uint8)
    if light.jpeg is not None:
        coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, light.jpeg])[1]
        picture = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    return picture


def errors(mapped: Array, truth: Array) -> Array:
    """Distances in screen pixels where both are known."""
    distance: Array = np.hypot(*(mapped - truth).T)
    return distance[np.isfinite(distance)]


def late(captures: Mapping[str, Picture], names: Iterable[str]) -> dict[str, Picture]:
    """The captures with each of the names given holding the picture before its own."""
    order = list(captures)
    chosen = set(names)
    return {
        name: captures[order[max(place - 1, 0)]] if name in chosen else picture
        for place, (name, picture) in enumerate(captures.items())
    }


def swapped(captures: Mapping[str, Picture], one: str, other: str) -> dict[str, Picture]:
    """The captures with two of them changed for each other."""
    return {**captures, one: captures[other], other: captures[one]}


def moved_after(before: Room, after: Room, pictures: Mapping[str, Picture], count: int) -> dict[str, Picture]:
    """Captures of which the first `count` were taken in one room, the others in another (the camera was pushed)."""
    rooms: Sequence[Room] = [before if number < count else after for number in range(len(pictures))]
    return {
        name: room.capture(shown, number)
        for number, (room, (name, shown)) in enumerate(zip(rooms, pictures.items(), strict=True))
    }
