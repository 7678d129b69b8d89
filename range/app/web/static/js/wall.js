// The debrief on the projector: the film alone, steered from the desk's page, the keypad or this page's keyboard.

import { Link } from "./link.js";
import { Player } from "./player.js";
import { Stage } from "./stage.js";
import { overlay } from "./overlay.js";

const by = (id) => document.getElementById(id);

function open(data) {
  const stage = new Stage(by("picture"), data);
  const parts = { banner: by("banner"), caption: by("caption") };
  let link = null;
  const player = new Player(data, stage, (now, clip) => {
    overlay(parts, data, stage, player, now, clip);
    link?.changed();
  });
  const keys = {
    5: () => player.toggle(), enter: () => player.toggle(), "+": () => player.toggle(), " ": () => player.toggle(),
    4: () => player.frame(-1), 6: () => player.frame(1), 8: () => player.step(-1), 2: () => player.step(1),
    7: () => player.faster(-1), 9: () => player.faster(1), "-": () => player.decision(-1), "/": () => player.decision(1),
    1: () => player.nextMarks(), 3: () => player.nextView(), "*": () => { player.zones = !player.zones; player.render(); },
    0: () => player.pause(), arrowleft: () => player.frame(-1), arrowright: () => player.frame(1), arrowup: () => player.step(-1), arrowdown: () => player.step(1),
  };
  const press = (key) => keys[key]?.();
  link = new Link(data.link, player, { onPress: press });
  document.addEventListener("keydown", (event) => press(event.key.toLowerCase()));
  player.render();
  document.body.dataset.ready = "yes";
  window.debrief = { player, stage, data, link };
}

const answer = await fetch(document.body.dataset.source);
if (answer.ok) open(await answer.json());
else {
  by("banner").hidden = false;
  by("banner").textContent = await answer.text();
}
