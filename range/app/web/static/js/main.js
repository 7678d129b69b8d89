// The debrief: puts the parts together.

import { Link } from "./link.js";
import { overlay } from "./overlay.js";
import { EventList, Notes, showDecisions, showMeasures } from "./panels.js";
import { Player } from "./player.js";
import { Stage } from "./stage.js";
import { Timeline } from "./timeline.js";
import { element, spoken, time } from "./words.js";

const by = (id) => document.getElementById(id);

async function load() {
  if (window.DEBRIEF) return window.DEBRIEF;
  const answer = await fetch(document.body.dataset.source);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

function open(data) {
  by("people").textContent = data.people.map((person) => [person.name, person.role, person.body].filter(Boolean).join(", ")).join(" · ") || "No participants named";
  by("length").textContent = time(data.seconds);
  by("report").href = data.report;
  const stage = new Stage(by("picture"), data, { muted: Boolean(data.link) }); // the sound comes from the wall
  const player = new Player(data, stage, shown);
  const timeline = new Timeline(
    { plot: by("plot"), canvas: by("canvas"), cursor: by("cursor"), lanes: by("lanes"), tip: by("tip") },
    data, { onGo: (clock) => player.go(clock), onPick: (event) => player.pick(event) });
  const onLost = (lost) => { by("wall").textContent = lost ? "The wall is not connected" : "On the wall too"; };
  const link = data.link ? new Link(data.link, player, { onLost }) : null;
  const byId = new Map(data.events.map((event) => [event.id, event]));
  const list = new EventList(by("events"), data.events, (id) => player.pick(byId.get(id)));
  showDecisions(by("decisions"), data, (clock) => player.go(clock + 1e-3));
  showMeasures(by("measures"), data, (clock) => player.go(clock));
  const notes = new Notes(by("notes"), data, { now: () => player.clock, onGo: (clock) => player.go(clock), onChange: () => timeline.redraw() });
  by("view").replaceChildren(...player.views.map((view) => element("option", { value: view }, view ? spoken(view) : "As played")));

  function shown(now, clip) {
    by("clock").textContent = time(player.clock, 2);
    by("scene").textContent = now.passage ? spoken(now.passage.scene) : "Before the first scene";
    const view = clip !== null && clip !== now.scene?.clip && player.view ? `, seen by ${spoken(player.view)}` : "";
    const film = now.media === null || now.wall === "slate" ? "" : `film ${now.media.toFixed(2)} s${view}`;
    by("state").textContent = { slate: "slate", held: `paused, ${film}`, playing: film }[now.wall];
    by("play").textContent = player.playing ? "Hold" : "Play";
    by("speed").value = String(player.speed);
    by("marks").value = player.marks;
    by("view").value = player.view;
    by("zones").checked = player.zones;
    by("skip").checked = player.skip;
    overlay({ banner: by("banner"), caption: by("caption") }, data, stage, player, now, clip);
    link?.changed();
    timeline.last = player.clock;
    timeline.cursorAt(player.clock, `${time(player.clock, 1)}, ${by("scene").textContent}`);
    list.mark(player.event?.id ?? latest(player.clock));
  }

  function latest(clock) {
    let found = null;
    for (const event of data.events) {
      if (event.clock > clock + 1e-6) break;
      found = event.id;
    }
    return found;
  }

  const click = (id, does) => by(id).addEventListener("click", does);
  click("play", () => player.toggle());
  click("previous", () => player.step(-1));
  click("next", () => player.step(1));
  click("frame-back", () => player.frame(-1));
  click("frame-on", () => player.frame(1));
  click("zoom-in", () => timeline.zoom(0.5, player.clock));
  click("zoom-out", () => timeline.zoom(2, player.clock));
  click("help-button", () => by("help").showModal());
  const change = (id, does) => by(id).addEventListener("change", (event) => { does(event.target); player.render(); });
  change("speed", (select) => { player.speed = Number(select.value); });
  change("marks", (select) => { player.marks = select.value; });
  change("view", (select) => { player.view = select.value; });
  change("zones", (box) => { player.zones = box.checked; });
  change("skip", (box) => { player.skip = box.checked; });

  const tabs = [...document.querySelectorAll("[role=tab]")];
  function choose(tab) {
    for (const one of tabs) {
      const chosen = one === tab;
      one.setAttribute("aria-selected", String(chosen));
      one.tabIndex = chosen ? 0 : -1;
      by(one.getAttribute("aria-controls")).hidden = !chosen;
    }
  }
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.stopPropagation();
      event.preventDefault();
      const next = tabs[(index + step + tabs.length) % tabs.length];
      choose(next);
      next.focus();
    });
  }

  const keys = {
    " ": () => player.toggle(),
    ArrowLeft: (event) => (event.shiftKey ? player.go(player.clock - 1) : player.frame(-1)),
    ArrowRight: (event) => (event.shiftKey ? player.go(player.clock + 1) : player.frame(1)),
    ArrowUp: () => player.step(-1),
    ArrowDown: () => player.step(1),
    "[": () => player.decision(-1),
    "]": () => player.decision(1),
    Home: () => player.go(0),
    End: () => player.go(data.seconds),
    ",": () => player.faster(-1),
    ".": () => player.faster(1),
    v: () => player.nextView(),
    m: () => player.nextMarks(),
    z: () => { player.zones = !player.zones; player.render(); },
    "+": () => timeline.zoom(0.5, player.clock),
    "-": () => timeline.zoom(2, player.clock),
    n: () => { if (notes.text) { choose(by("tab-notes")); notes.text.focus(); } },
    h: () => by("help").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("textarea, input:not([type=checkbox]), select");
    const pressing = event.target.matches("button, a, input") && [" ", "Enter"].includes(event.key);
    if (typing || pressing || event.ctrlKey || event.altKey || event.metaKey || by("help").open) return;
    const does = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!does) return;
    event.preventDefault();
    does(event);
  });
  player.render();
  document.body.dataset.ready = "yes";
  window.debrief = { player, stage, timeline, data };
}

load().then(open).catch((problem) => {
  by("trouble").hidden = false;
  by("trouble").textContent = `This debrief cannot be shown: ${problem.message}`;
});
