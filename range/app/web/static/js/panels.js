// The side's panels: events, decisions, measures, notes.

import { element, spoken, time } from "./words.js";

const FILTERS = [
  ["cue", "Cues", ["cue"]], ["hit", "Hits", ["hit"]], ["act", "Acts", ["act"]], ["flag", "Flags", ["flag"]],
  ["branch", "Branches", ["branch", "scene_shown", "operator", "session_ended"]], ["fault", "Devices, keys", ["fault", "key"]],
];

export class EventList {
  constructor(root, events, onPick) {
    this.rows = new Map();
    this.list = element("ol", { class: "events" });
    const bits = document.createDocumentFragment();
    for (const event of events) {
      const button = element("button", { type: "button", class: `event ${event.kind}`, "data-event": event.id },
        element("span", { class: "at" }, time(event.clock, 2)),
        element("span", { class: "sign", "aria-hidden": "true" }),
        element("span", { class: "words" }, event.words));
      const row = element("li", { "data-kind": event.kind }, button);
      this.rows.set(event.id, row);
      bits.append(row);
    }
    this.list.append(bits);
    this.list.addEventListener("click", (click) => {
      const button = click.target.closest("button[data-event]");
      if (button) onPick(Number(button.dataset.event));
    });
    const present = new Set(events.map((event) => event.kind));
    const filters = FILTERS.filter(([, , kinds]) => kinds.some((kind) => present.has(kind))).map(([name, words, kinds]) => {
      const button = element("button", { type: "button", class: `filter ${name}`, "aria-pressed": "true" }, words);
      button.addEventListener("click", () => {
        const on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        for (const kind of kinds) this.list.classList.toggle(`no-${kind}`, !on);
      });
      return button;
    });
    root.replaceChildren(element("div", { class: "filters", role: "group", "aria-label": "Show" }, ...filters), this.list);
  }

  mark(id) {
    if (this.marked === id) return;
    this.rows.get(this.marked)?.firstChild.removeAttribute("aria-current");
    this.marked = id;
    const row = this.rows.get(id);
    if (!row) return;
    row.firstChild.setAttribute("aria-current", "true");
    const box = this.list.parentElement;
    const [top, bottom] = [row.offsetTop - box.offsetTop, row.offsetTop - box.offsetTop + row.offsetHeight];
    if (top < box.scrollTop + 40 || bottom > box.scrollTop + box.clientHeight) box.scrollTop = top - box.clientHeight / 2;
  }
}

export function showDecisions(root, data, onGo) {
  const cards = data.passages.map((passage, index) => {
    const offers = passage.offers.map((offer) => element("li", { class: offer.taken ? "taken" : "" },
      element("span", { class: "way" }, offer.label || `To ${offer.to.replaceAll("_", " ")}`),
      element("span", { class: "by" }, offer.taken ? `Taken: ${offer.by}, by ${passage.left.by}` : offer.by)));
    const left = passage.left ? "" : passage.offers.length ? "No branch was taken." : "An ending: no branches.";
    return element("section", { class: passage.abandoned ? "card abandoned" : "card" },
      element("h2", {},
        element("button", { type: "button", class: "link", onclick: () => onGo(passage.clock) }, `${index + 1}. ${spoken(passage.scene)}`),
        element("span", { class: "at" }, time(passage.clock, 1))),
      passage.abandoned ? element("p", { class: "quiet" }, "Taken back: the path went another way.") : null,
      offers.length ? element("ul", { class: "offers" }, ...offers) : null,
      left ? element("p", { class: "quiet" }, left) : null);
  });
  root.replaceChildren(...(cards.length ? cards : [element("p", { class: "quiet" }, "No scene was shown.")]));
}

export function showMeasures(root, data, onGo) {
  const { measures } = data;
  const seconds = (value) => (value === null ? "–" : `${value.toFixed(2)} s`);
  const moment = (clock) => element("button", { type: "button", class: "link", onclick: () => onGo(clock) }, time(clock, 1));
  const unit = data.screen ? (data.wide ? (px) => `${Math.round(px / data.screen[0] * data.wide)} mm` : (px) => `${(100 * px / data.screen[0]).toFixed(1)} % of the width`) : (px) => `${px.toFixed(0)} px`;
  root.replaceChildren(
    element("dl", { class: "counts" }, ...[["Hits", measures.hits], ["in a zone", measures.in_zones], ["in no zone", measures.in_no_zone], ["on the slate", measures.on_slate]]
      .flatMap(([name, value]) => [element("div", {}, element("dt", {}, name), element("dd", {}, String(value)))])),
    table("After each cue", ["At", "Cue", "First act", "First hit"], measures.reactions.map((one) => [
      moment(one.clock), spoken(one.cue), one.act ? `${one.act}, ${seconds(one.to_act)}` : "–", seconds(one.to_hit)])),
    table("First hit in each scene", ["At", "Scene", "Hits", "First after"], measures.first_hits.map((one) => [
      moment(one.clock), spoken(one.scene), String(one.hits), seconds(one.seconds)])),
    table("Around a cue to stop", ["At", "Cue", "Hits before", "Hits after"], measures.stops.map((one) => [
      moment(one.clock), `${spoken(one.cue)} in ${one.scene.replaceAll("_", " ")}`, String(one.before), String(one.after)])),
    table("Groups of hits", ["At", "Who", "n", "Largest distance", "Mean from centre"], measures.groups.map((one) => [
      moment(one.clock), one.participant ?? one.colour, String(one.n), unit(one.extreme), unit(one.radius)])),
    element("p", { class: "quiet" }, "Times run from the picture in which the cue was shown. Facts only: what they mean is for the group to say."));
}

function table(title, headings, rows) {
  if (!rows.length) return element("p", { class: "quiet" }, `${title}: none.`);
  return element("table", {}, element("caption", {}, title),
    element("thead", {}, element("tr", {}, ...headings.map((heading) => element("th", { scope: "col" }, heading)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell))))));
}

export class Notes {
  constructor(root, data, { now, onGo, onChange }) {
    Object.assign(this, { data, onGo, onChange });
    this.list = element("ol", { class: "notes" });
    const parts = [this.list];
    if (data.notes_to) {
      this.text = element("textarea", { id: "note", rows: "3", maxlength: "2000" });
      this.form = element("form", {}, element("label", { for: "note" }, "A note at this moment"), this.text,
        element("button", { class: "main" }, "Keep the note"), element("p", { class: "quiet", role: "status", id: "note-said" }));
      this.form.addEventListener("submit", (event) => { event.preventDefault(); this.keep(now()); });
      parts.unshift(this.form);
    }
    root.replaceChildren(...parts);
    this.show();
  }

  show() {
    const notes = this.data.notes.map((note) => element("li", {},
      element("button", { type: "button", class: "link", onclick: () => this.onGo(note.clock) }, time(note.clock, 1)), element("p", {}, note.note)));
    this.list.replaceChildren(...(notes.length ? notes : [element("li", { class: "quiet" }, "No notes yet.")]));
  }

  async keep(clock) {
    const note = this.text.value.trim();
    const said = this.form.querySelector("[role=status]");
    if (!note) return;
    try {
      const answer = await fetch(this.data.notes_to, { method: "POST", body: JSON.stringify({ clock, note }) });
      if (!answer.ok) throw new Error(await answer.text());
      this.data.notes.push(await answer.json());
      this.data.notes.sort((a, b) => a.clock - b.clock);
      this.text.value = "";
      said.textContent = "Kept.";
      this.show();
      this.onChange();
    } catch (problem) {
      said.textContent = `Not kept: ${problem.message}`;
    }
  }
}
