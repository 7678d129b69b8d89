"""Ten seconds of the bundled film in a 1280x720 window off screen: pictures shown, skipped, out of order."""

import time
from collections.abc import Iterator
from itertools import pairwise

from bench.figures import Figure
from media.player import Player
from media.scenario_file import bundled_scenarios, find_scenario, load_scenario
from media.window import Window

SECONDS = 10.0


def measure() -> Iterator[Figure]:
    """Pictures that were due and not shown, and those whose media time did not follow the one before."""
    window = Window(mode="offscreen", size=(1280, 720))
    from media.wall import Wall

    wall = Wall(window.size)
    file = find_scenario(bundled_scenarios()[0])
    scenario = load_scenario(file)
    player = Player(scenario, file.parent)
    player.arm((scenario.start,))
    for reader in player.readers:
        reader.wait_until_ahead(10.0)
    player.cut(scenario.start)
    began = time.monotonic()
    shown: list[float] = []
    while time.monotonic() - began < SECONDS:
        picture = player.due(window.next_flip())
        if picture is None:
            player.flipped(window.wait())
            continue
        wall.show_picture(picture, player.shape)
        wall.draw(slate=False, caption="")
        player.flipped(window.flip())
        shown.append(picture.line)
    out_of_order = sum(after <= before for before, after in pairwise(shown))
    skipped = player.counts.skipped
    player.close()
    window.close()
    yield Figure("pictures skipped in 10 s of 720p30", float(skipped), "pictures", 0.0, len(shown))
    yield Figure("pictures repeated or out of order", float(out_of_order), "pictures", 0.0, len(shown))
