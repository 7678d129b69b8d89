// One line for the whole session: film, branches, cues, hits, acts, flags and notes, and when hits were not counted.

import { element, spoken, time } from "./words.js";

export const LANES = [
  { name: "Film", kinds: ["scene_shown"], height: 30 },
  { name: "Branches", kinds: ["branch", "operator"], height: 22 },
  { name: "Cues", kinds: ["cue"], height: 20 },
  { name: "Hits", kinds: ["hit"], height: 20 },
  { name: "Acts", kinds: ["act"], height: 20 },
  { name: "Flags, notes", kinds: ["flag", "note"], height: 20 },
  { name: "Devices", kinds: ["fault", "key"], height: 20 },
  { name: "", kinds: [], height: 18 },
];
export const COLOURS = {
  cue: "#e3b34f", hit: "#f0705c", act: "#7fb4e6", flag: "#c39bea", note: "#c39bea", branch: "#5cc2ad",
  operator: "#9fb0b8", fault: "#f09a4a", key: "#8c979d", scene_shown: "#6f8591", session_ended: "#9fb0b8",
};
const FILM = ["#33566b", "#3f5f4f", "#5a4a6b", "#6b5536", "#385f66", "#64464f"];
const SNAP = 7;
const EDGE = 8;

export class Timeline {
  constructor(parts, data, { onGo, onPick }) {
    Object.assign(this, parts, { data, onGo, onPick });
    this.from = 0;
    this.until = Math.max(data.seconds, 0.1);
    this.scenes = [...new Set(data.passages.map((passage) => passage.scene))];
    this.lanes.replaceChildren(...LANES.map((lane) => {
      const row = element("span", {}, lane.name);
      row.style.height = `${lane.height}px`;
      return row;
    }));
    this.laneOf = new Map(LANES.flatMap((lane, index) => lane.kinds.map((kind) => [kind, index])));
    this.plot.setAttribute("aria-valuemax", data.seconds.toFixed(2));
    new ResizeObserver(() => this.redraw()).observe(this.plot);
    this.listen();
  }

  listen() {
    let dragging = false;
    const go = (event) => {
      const found = this.eventAt(event);
      if (found && event.type === "pointerdown") {
        dragging = false;
        this.onPick(found);
      } else {
        this.onGo(this.clockAt(event.offsetX));
      }
    };
    this.plot.addEventListener("pointerdown", (event) => {
      dragging = true;
      this.plot.setPointerCapture(event.pointerId);
      go(event);
    });
    this.plot.addEventListener("pointermove", (event) => {
      if (dragging) go(event);
      this.hint(event);
    });
    for (const kind of ["pointerup", "pointercancel"]) this.plot.addEventListener(kind, () => { dragging = false; });
    this.plot.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    this.plot.addEventListener("wheel", (event) => {
      event.preventDefault();
      if (event.ctrlKey || Math.abs(event.deltaY) > Math.abs(event.deltaX)) this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.clockAt(event.offsetX));
      else this.pan(event.deltaX / this.width * (this.until - this.from));
    }, { passive: false });
  }

  get width() { return Math.max(this.plot.clientWidth - 2 * EDGE, 1); }
  x(clock) { return EDGE + (clock - this.from) / (this.until - this.from) * this.width; }
  clockAt(x) {
    const clock = this.from + (x - EDGE) / this.width * (this.until - this.from);
    return Math.min(Math.max(clock, 0), this.data.seconds);
  }

  zoom(factor, around) {
    const span = Math.min(Math.max((this.until - this.from) * factor, Math.min(2, this.data.seconds)), this.data.seconds);
    const share = (around - this.from) / (this.until - this.from);
    this.from = Math.min(Math.max(around - share * span, 0), Math.max(this.data.seconds - span, 0));
    this.until = this.from + Math.max(span, 0.1);
    this.redraw();
  }

  pan(seconds) {
    const span = this.until - this.from;
    this.from = Math.min(Math.max(this.from + seconds, 0), Math.max(this.data.seconds - span, 0));
    this.until = this.from + span;
    this.redraw();
  }

  eventAt(event) {
    let top = 0;
    const lane = LANES.findIndex(({ height }) => (top += height) > event.offsetY);
    if (lane < 1) return null;
    let best = null;
    let nearest = SNAP;
    for (const one of this.data.events) {
      const off = Math.abs(this.x(one.clock) - event.offsetX);
      if (this.laneOf.get(one.kind) === lane && off < nearest) [best, nearest] = [one, off];
    }
    return best;
  }

  hint(event) {
    const found = this.eventAt(event);
    const reason = this.data.uncounted.find((gap) => gap.clock <= this.clockAt(event.offsetX) && this.clockAt(event.offsetX) <= gap.until);
    const words = found ? `${time(found.clock, 2)}  ${found.words}` : reason && event.offsetY < 52 ? `Hits not counted: ${reason.reason}` : "";
    this.tip.hidden = !words;
    this.tip.textContent = words;
    const half = this.tip.offsetWidth / 2;
    this.tip.style.left = `${Math.min(Math.max(event.offsetX, half), this.plot.clientWidth - half)}px`;
  }

  cursorAt(clock, words) {
    const span = this.until - this.from;
    if (clock < this.from || clock > this.until) {
      this.from = Math.min(Math.max(clock - span / 3, 0), Math.max(this.data.seconds - span, 0));
      this.until = this.from + span;
      this.redraw();
    }
    this.cursor.style.transform = `translateX(${this.x(clock)}px)`;
    this.plot.setAttribute("aria-valuenow", clock.toFixed(2));
    this.plot.setAttribute("aria-valuetext", words);
  }

  redraw() {
    const ratio = window.devicePixelRatio || 1;
    const height = LANES.reduce((sum, lane) => sum + lane.height, 0);
    this.canvas.width = this.plot.clientWidth * ratio;
    this.canvas.height = height * ratio;
    this.canvas.style.height = `${height}px`;
    const pen = this.canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.font = '11.5px "Inter", system-ui, sans-serif';
    this.grid(pen, height);
    this.film(pen);
    this.gaps(pen);
    this.events(pen);
    if (this.last !== undefined) this.cursor.style.transform = `translateX(${this.x(this.last)}px)`;
  }

  grid(pen, height) {
    const steps = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
    const step = steps.find((one) => one / (this.until - this.from) * this.width > 70) ?? 7200;
    pen.strokeStyle = "#ffffff14";
    pen.fillStyle = "#8fa0a8";
    for (let clock = Math.ceil(this.from / step) * step; clock <= this.until; clock += step) {
      const x = Math.round(this.x(clock)) + 0.5;
      pen.beginPath();
      pen.moveTo(x, 30);
      pen.lineTo(x, height - 16);
      pen.stroke();
      pen.textBaseline = "alphabetic";
      pen.textAlign = clock === 0 ? "left" : x > this.plot.clientWidth - 30 ? "right" : "center";
      pen.fillText(time(clock, step < 1 ? 1 : 0), x, height - 3);
      pen.textAlign = "left";
    }
    let y = 0;
    for (const lane of LANES) {
      y += lane.height;
      pen.beginPath();
      pen.moveTo(0, y + 0.5);
      pen.lineTo(this.plot.clientWidth, y + 0.5);
      pen.stroke();
    }
  }

  film(pen) {
    for (const passage of this.data.passages) {
      const [left, right] = [this.x(passage.clock), this.x(passage.until)];
      if (right < 0 || left > this.plot.clientWidth) continue;
      pen.fillStyle = FILM[this.scenes.indexOf(passage.scene) % FILM.length];
      pen.globalAlpha = passage.abandoned ? 0.45 : 1;
      pen.fillRect(left, 3, Math.max(right - left - 1, 1), 22);
      pen.globalAlpha = 1;
      if (passage.abandoned) hatch(pen, left, 3, right - left - 1, 22);
    }
    for (const stretch of this.data.stretches) {
      if (stretch.wall === "playing") continue;
      const [left, right] = [this.x(stretch.clock), this.x(stretch.until)];
      pen.fillStyle = stretch.wall === "slate" ? "#22282cdd" : "#ffffff33";
      pen.fillRect(left, 3, Math.max(right - left, 1), 22);
      if (stretch.wall === "held" && right - left > 8) bars(pen, (left + right) / 2, 14);
    }
    pen.fillStyle = "#f1f4f5";
    pen.textBaseline = "middle";
    for (const passage of this.data.passages) {
      const [left, right] = [Math.max(this.x(passage.clock), EDGE), Math.min(this.x(passage.until), this.plot.clientWidth)];
      const words = spoken(passage.scene) + (passage.abandoned ? " (taken back)" : "");
      const short = pen.measureText(words).width + 12 < right - left ? words : spoken(passage.scene);
      if (pen.measureText(short).width + 12 < right - left) pen.fillText(short, left + 6, 14.5);
    }
  }

  gaps(pen) {
    pen.fillStyle = COLOURS.fault;
    for (const gap of this.data.uncounted) {
      pen.fillRect(this.x(gap.clock), 25, Math.max(this.x(gap.until) - this.x(gap.clock), 2), 4);
    }
  }

  events(pen) {
    const tops = [];
    LANES.reduce((top, lane, index) => { tops[index] = top + lane.height / 2; return top + lane.height; }, 0);
    for (const event of [...this.data.events, ...this.data.notes.map((note) => ({ kind: "note", clock: note.clock }))]) {
      const lane = this.laneOf.get(event.kind);
      const x = this.x(event.clock);
      if (!lane || x < -6 || x > this.plot.clientWidth + 6) continue;
      pen.fillStyle = COLOURS[event.kind];
      shape(pen, event.kind, x, tops[lane]);
    }
  }
}

function shape(pen, kind, x, y) {
  pen.beginPath();
  if (kind === "hit") {
    pen.arc(x, y, 4.5, 0, 7);
  } else if (kind === "branch") {
    pen.moveTo(x, y - 6.5); pen.lineTo(x + 6.5, y); pen.lineTo(x, y + 6.5); pen.lineTo(x - 6.5, y);
  } else if (kind === "cue") {
    pen.moveTo(x, y - 5.5); pen.lineTo(x + 5.5, y + 4.5); pen.lineTo(x - 5.5, y + 4.5);
  } else if (kind === "flag") {
    pen.rect(x - 1, y - 7, 2, 14); pen.moveTo(x + 1, y - 7); pen.lineTo(x + 9, y - 3.5); pen.lineTo(x + 1, y);
  } else if (kind === "operator" || kind === "key") {
    pen.rect(x - 1.5, y - 6, 3, 12);
  } else {
    pen.rect(x - 4, y - 4, 8, 8);
  }
  pen.fill();
}

function bars(pen, x, y) {
  pen.fillStyle = "#f1f4f5";
  pen.fillRect(x - 4, y - 5, 3, 10);
  pen.fillRect(x + 1, y - 5, 3, 10);
}

function hatch(pen, left, top, width, height) {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
  pen.strokeStyle = "#ffffff30";
  for (let x = left - height; x < left + width; x += 7) {
    pen.beginPath();
    pen.moveTo(x, top + height);
    pen.lineTo(x + height, top);
    pen.stroke();
  }
  pen.restore();
}
