"""How much of each scene that can follow is kept ready: likeliest first, within a limit of memory. Arithmetic alone."""

from collections.abc import Mapping, Sequence

from media.decode import Ahead
from media.picture import BYTES_A_PIXEL, Size
from range.core.scenario import Scene

MEBIBYTE = 1 << 20
DEFAULT_LIMIT = 1024 * MEBIBYTE
# An open decoder keeps its reference pictures and tables: about so many pictures of the clip's own size (measured).
DECODER_PICTURES = 8
DECODED_SIZE = (1920, 1088)
PLAYING = Ahead(12)
# Long enough (0.27 s at 30 a second) to open a clip again behind them.
READY = 8
FIRST = 2

# What can happen at any moment comes before what announces itself, and that before what is rare.
_LIKELIHOOD = ("intent", "hit", "end", "timeout", "act", "operator")


def likeliest(scene: Scene, others: Sequence[str] = ()) -> tuple[str, ...]:
    """The scenes one trigger away, the likeliest first, then `others`; no repeats."""
    ranked = sorted(scene.branches, key=lambda branch: _LIKELIHOOD.index(branch.on))
    return tuple(dict.fromkeys([*(branch.to for branch in ranked), *others]))


def shares(names: Sequence[str], *, fit: Size, limit: int) -> Mapping[str, Ahead]:
    """What each scene may keep ready, for an output of size `fit` and `limit` bytes in all; none: not armed.

    First a scene's first pictures, of as many scenes as the limit allows; then pictures enough to open the clip again
    behind them; then the decoder itself, kept open. Each time the likeliest come first.
    """
    picture = fit[0] * fit[1] * BYTES_A_PIXEL
    decoder = DECODER_PICTURES * DECODED_SIZE[0] * DECODED_SIZE[1] * BYTES_A_PIXEL
    left = limit - decoder - PLAYING.pictures * picture
    steps = (Ahead(FIRST, open=False), Ahead(READY, open=False), Ahead(READY, open=True))
    costs = (FIRST * picture, (READY - FIRST) * picture, decoder)
    given: dict[str, Ahead] = {}
    for step, cost in zip(steps, costs, strict=True):
        for name in names:
            if left < cost:
                return given
            given[name] = step
            left -= cost
    return given
