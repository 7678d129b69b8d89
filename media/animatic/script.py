"""What an author writes under `[scenes.NAME.script]`: a scene in words that can be drawn.

Everything has a default; a place, one figure and one line are a scene. A figure whose looks are not written gets
looks from its name, so that the same person looks the same in every scene. Times are seconds in the clip.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Place = Literal["youth_centre", "street", "hall", "room", "park"]
TimeOfDay = Literal["day", "evening", "night"]
Shot = Literal["wide", "medium", "close"]
CameraMove = Literal["still", "push_in", "pull_back", "drift_left", "drift_right", "handheld"]
Age = Literal["child", "teen", "adult", "older"]
Facing = Literal["us", "left", "right", "half_left", "half_right", "away"]
Mood = Literal["calm", "friendly", "worried", "angry", "afraid", "sad"]
Pose = Literal[
    "relaxed",
    "open_hands",
    "arms_crossed",
    "hands_in_pockets",
    "hands_on_hips",
    "agitated",
    "pointing",
    "explaining",
    "hands_raised",
    "stop_gesture",
    "reaching_into_jacket",
    "reaching_into_pocket",
    "holding_up",
    "arm_raised",
    "phone_at_ear",
    "comforting",
    "crouching",
    "sitting",
    "head_down",
    "walking",
]
Thing = Literal["nothing", "phone", "bottle", "cup", "bag", "speaker", "paper", "torch"]
Standing = Literal["speaker", "bottle", "phone", "bag", "bench", "bicycle", "bin", "car", "planter"]
Top = Literal["hoodie", "jacket", "coat", "shirt", "cardigan", "t_shirt", "uniform"]
Legs = Literal["jeans", "trousers", "skirt"]
Hair = Literal["short", "curly", "long", "bun", "bald", "headscarf", "beanie", "cap", "hood", "locs", "bob"]
Build = Literal["slim", "average", "broad"]
Colour = Literal[
    "white", "sand", "ochre", "orange", "rust", "rose", "wine", "plum", "blue", "navy", "teal", "green", "olive",
    "grey", "charcoal", "black",
]  # fmt: skip
Skin = Literal["1", "2", "3", "4", "5", "6"]
HairColour = Literal["black", "brown", "auburn", "blond", "grey", "white"]
Tone = Literal["normal", "quiet", "raised"]
Voice = Literal["low", "middle", "high", "old"]

Seconds = Annotated[float, Field(ge=0)]
Across = Annotated[float, Field(ge=-0.5, le=1.5)]
Distance = Literal["near", "middle", "far"] | Annotated[float, Field(ge=1.5, le=20)]


class Words(BaseModel):
    """Base of all parts: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(Words):
    """A change of a figure from `t` on, eased in over `over` seconds. What is not written stays as it was."""

    t: Seconds
    over: Annotated[float, Field(gt=0)] = 0.9
    pose: Pose | None = None
    mood: Mood | None = None
    facing: Facing | None = None
    look: str | None = None  # "us", another figure's name, "down", "left", "right", or "ahead"
    holding: Thing | None = None
    x: Across | None = None  # walks there
    distance: Distance | None = None


class Figure(Words):
    """A person: how they look, where they stand, and what they do over time."""

    name: str
    age: Age = "adult"
    build: Build | None = None
    top: Top | None = None
    colour: Colour | None = None
    legs: Legs | None = None
    legs_colour: Colour | None = None
    hair: Hair | None = None
    hair_colour: HairColour | None = None
    skin: Skin | None = None  # from light to dark
    glasses: bool = False
    beard: bool = False
    x: Across = 0.5  # 0 left, 1 right, as in the wide shot
    distance: Distance = "middle"  # or metres
    pose: Pose = "relaxed"
    mood: Mood = "calm"
    facing: Facing = "us"
    look: str = "us"
    holding: Thing = "nothing"
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def steps_in_order(self) -> Self:
        if any(b.t < a.t for a, b in zip(self.steps, self.steps[1:], strict=False)):
            raise ValueError(f"the steps of {self.name} are not in the order of their times")
        return self


class Prop(Words):
    """A thing that stands or lies in the place, from `start` to `until` seconds where given."""

    what: Standing
    x: Across = 0.5
    distance: Distance = "middle"
    start: Seconds = 0.0
    until: Seconds | None = None


class Line(Words):
    """Something said at `t`: spoken, shown by the speaker's mouth where they are in the picture, and captioned."""

    t: Seconds
    who: str
    say: Annotated[str, Field(min_length=1)]
    tone: Tone = "normal"
    voice: Voice | None = None


class View(Words):
    """A place as seen from one point: what one clip shows."""

    place: Place = "street"
    time: TimeOfDay = "evening"
    framing: Shot = "medium"
    focus: str | None = None  # the figure that the framing is about; default: the first
    move: CameraMove = "push_in"
    blue_light: bool = False  # a police car's light, out of the picture, slow and soft
    figures: tuple[Figure, ...] = ()
    props: tuple[Prop, ...] = ()

    @model_validator(mode="after")
    def names_are_known(self) -> Self:
        names = [figure.name for figure in self.figures]
        if len(set(names)) < len(names):
            raise ValueError("two figures of one picture have the same name")
        if self.focus is not None and self.focus not in names:
            raise ValueError(f"`focus` names {self.focus!r}, who is not among the figures")
        return self


class SceneScript(View):
    """A whole scene: its main view, what is said, how long it lasts, and the same moments from other places."""

    seconds: Annotated[float, Field(gt=0, le=120)] = 8.0
    lines: tuple[Line, ...] = ()
    music: Annotated[float, Field(ge=0, le=1)] = 0.0  # how loud a soft beat from a small speaker is
    music_until: Seconds | None = None  # when it is turned off
    perspectives: dict[str, View] = Field(default_factory=dict)

    @model_validator(mode="after")
    def lines_within(self) -> Self:
        for line in self.lines:
            if line.t >= self.seconds:
                raise ValueError(f"a line of {line.who} begins at {line.t} s, past the scene's {self.seconds} s")
        return self

    def view(self, perspective: str | None = None) -> View:
        """The main view, or a perspective's. Raises KeyError for a perspective that is not written."""
        return self if perspective is None else self.perspectives[perspective]
