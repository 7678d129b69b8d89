// Playing a session: one clock, moved by time, by hand, or by jumping to an event.

import { Film, lastAtOrBefore } from "./film.js";

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4];
const MARKS = ["moment", "all", "none"];
const FOLLOWS = 0.15;
const STEPS = ["branch", "scene_shown"];

export class Player {
  constructor(data, stage, onChange) {
    this.data = data;
    this.stage = stage;
    this.film = new Film(data);
    this.onChange = onChange;
    this.clock = data.passages[0]?.clock ?? 0;
    this.playing = false;
    this.speed = 1;
    this.view = "";
    this.marks = "moment";
    this.zones = false;
    this.skip = true;
    this.event = null; // the one that was jumped to,
    this.shift = null; // and how far its own picture is from the film's place at that clock
    this.byScene = new Map();
    for (const event of data.events) {
      if (event.kind === "hit" && event.u !== null && event.scene) {
        this.byScene.set(event.scene, [...(this.byScene.get(event.scene) ?? []), event]);
      }
    }
  }

  // What is shown now: where the record says which frame it was, that frame.
  get now() {
    const now = this.film.at(this.clock);
    if (this.shift === null || now.media === null) return now;
    return { ...now, media: now.media + this.shift, wall: now.wall === "slate" ? "held" : now.wall };
  }

  clipOf(now) {
    if (now.wall === "slate" || !now.passage) return null;
    if (!now.scene) return -1;
    return now.scene.perspectives[this.view] ?? now.scene.clip;
  }

  render() {
    const now = this.now;
    const clip = this.clipOf(now);
    const moving = this.playing && now.wall === "playing";
    this.stage.show(clip, now.media ?? 0, moving ? this.speed : 0);
    const front = clip !== null && clip === now.scene?.clip;
    const hits = front && this.marks !== "none" ? (this.byScene.get(now.passage.scene) ?? []).filter((hit) => hit.clock <= this.clock + 1e-6) : [];
    this.stage.draw(hits, this.clock, front && this.zones ? now.scene.zones : [], now.media ?? 0, this.marks === "all");
    this.onChange(now, clip);
  }

  go(clock) {
    this.event = this.shift = null;
    this.clock = Math.min(Math.max(clock, 0), this.film.seconds);
    this.render();
  }

  pick(event) {
    this.pause();
    this.event = event;
    this.clock = event.clock;
    this.shift = null;
    if (event.media !== null) {
      // A hit is told by the camera a little after the picture that it struck, sometimes after the film has turned.
      let now = this.film.at(this.clock);
      if (now.passage?.scene !== event.scene) {
        const left = this.data.passages.findLast((passage) => passage.scene === event.scene && passage.clock <= event.clock);
        if (left) this.clock = Math.max(left.until - 1e-3, left.clock);
        now = this.film.at(this.clock);
      }
      this.shift = event.media - now.media;
    }
    this.render();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (this.clock >= this.film.seconds - 0.01) this.go(0);
    this.event = this.shift = null;
    this.playing = true;
    let before = performance.now();
    const tick = (instant) => {
      if (!this.playing) return;
      this.clock += Math.max(instant - before, 0) / 1000 * this.speed;
      before = instant;
      const now = this.film.at(this.clock);
      if (this.skip && now.wall !== "playing") this.clock = now.until + 1e-4;
      if (this.clock >= this.film.seconds) {
        this.clock = this.film.seconds;
        this.playing = false;
      }
      this.render();
      if (this.playing) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    this.render();
  }

  pause() {
    this.playing = false;
    this.render();
  }

  // One frame on (1) or back (-1): to the middle of the neighbour's time on the wall.
  frame(direction) {
    this.pause();
    const now = this.now;
    const clip = this.clipOf(now);
    const frames = clip === null || clip < 0 ? null : this.stage.framesOf(clip);
    if (!frames || now.wall !== "playing") {
      this.go(this.clock + direction / 30);
      return;
    }
    const index = frames.at(now.media);
    const next = index + direction;
    const off = next < 0 ? -0.02 : next >= frames.count ? frames.inside(index) - now.media + 0.03 : frames.inside(next) - now.media;
    const shift = this.shift;
    this.go(this.clock + off);
    this.shift = shift;
    this.render();
  }

  step(direction, kinds = null) {
    const events = kinds ? this.data.events.filter((event) => kinds.includes(event.kind)) : this.data.events;
    const at = this.event ? events.findIndex((event) => event.id === this.event.id) : -1;
    let index;
    if (at >= 0) index = at + direction;
    else index = direction > 0 ? lastAtOrBefore(events, this.clock) + 1 : lastAtOrBefore(events, this.clock - 1e-6);
    if (events[index]) this.pick(events[index]);
  }

  decision(direction) { this.step(direction, STEPS); }

  faster(direction) {
    this.speed = SPEEDS[Math.min(Math.max(SPEEDS.indexOf(this.speed) + direction, 0), SPEEDS.length - 1)];
    this.render();
  }

  nextMarks() {
    this.marks = MARKS[(MARKS.indexOf(this.marks) + 1) % MARKS.length];
    this.render();
  }

  // What another page needs to show the same.
  get state() {
    const { clock, shift, playing, speed, view, marks, zones, skip } = this;
    return { clock, shift, event: this.event?.id ?? null, playing, speed, view, marks, zones, skip };
  }

  take({ clock, shift, event, playing, speed, view, marks, zones, skip, at }) {
    Object.assign(this, { speed, view, marks, zones, skip });
    if (playing) {
      const there = clock + Math.max(Date.now() - at, 0) / 1000 * speed;
      if (!this.playing || Math.abs(this.clock - there) > FOLLOWS) this.clock = there;
      if (!this.playing) this.play();
      return;
    }
    this.playing = false;
    this.clock = clock;
    this.shift = shift;
    this.event = event === null ? null : this.data.events.find((one) => one.id === event) ?? null;
    this.render();
  }

  get views() { return ["", ...new Set(Object.values(this.data.scenes).flatMap((scene) => Object.keys(scene.perspectives)))]; }

  nextView() {
    const here = ["", ...Object.keys(this.now.scene?.perspectives ?? {})];
    this.view = here[(here.indexOf(this.view) + 1) % here.length];
    this.render();
  }
}
