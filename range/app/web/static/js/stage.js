// The picture: one video element a clip, the hits and zones over it.

import { Frames, polygonAt } from "./film.js";

const SVG = "http://www.w3.org/2000/svg";
const DRIFT = 0.08;
const SHOWN_FOR = 1.5;
const AGAIN = 400;

export class Stage {
  constructor(root, data, { muted = false } = {}) {
    this.root = root;
    this.muted = muted;
    this.data = data;
    this.videos = new Map();
    this.frames = new Map();
    this.current = null;
    this.over = document.createElementNS(SVG, "svg");
    this.over.setAttribute("viewBox", "0 0 1600 900");
    this.over.setAttribute("preserveAspectRatio", "none");
    this.over.setAttribute("class", "over");
    this.over.setAttribute("aria-hidden", "true");
    this.zones = node("g", {});
    this.hits = node("g", {});
    this.over.append(cross(), this.zones, this.hits);
    this.placed = []; // the hits that are marked, in the order of their clock
    root.append(this.over);
  }

  framesOf(clip) {
    const frames = this.data.clips[clip]?.frames;
    if (!frames) return null;
    if (!this.frames.has(clip)) this.frames.set(clip, new Frames(frames));
    return this.frames.get(clip);
  }

  video(clip) {
    if (this.videos.has(clip) || !this.framesOf(clip)) return this.videos.get(clip) ?? null;
    const video = document.createElement("video");
    video.preload = "auto";
    video.playsInline = true;
    video.muted = this.muted;
    video.src = this.data.clips[clip].src;
    video.hidden = true;
    this.videos.set(clip, video);
    this.root.prepend(video);
    return video;
  }

  // Show a clip at a media time; `rate` 0 holds exactly that frame. A clip of null shows the slate.
  show(clip, media, rate) {
    const video = clip === null ? null : this.video(clip);
    if (this.current !== video) {
      if (this.current) {
        this.current.pause();
        this.current.hidden = true;
      }
      this.current = video;
      this.root.classList.toggle("slate", clip === null);
      this.root.classList.toggle("missing", clip !== null && !video);
      if (video) {
        video.hidden = false;
        this.root.parentElement.style.setProperty("--shape", this.data.clips[clip].shape);
      }
    }
    if (!video) return;
    const frames = this.framesOf(clip);
    const index = frames.at(media);
    this.root.dataset.frame = String(index);
    if (rate > 0) {
      video.playbackRate = rate;
      const off = Math.abs(video.currentTime - media);
      if (off > DRIFT * Math.max(1, rate) && !video.seeking) video.currentTime = media;
      if (video.paused) video.play().catch(() => { video.muted = true; video.play().catch(() => {}); });
    } else {
      video.pause();
      this.wanted = frames.inside(index);
      this.hold(video);
    }
  }

  // Seek to the frame that is wanted; while one seek is on its way only the last wish is kept.
  hold(video) {
    if (video !== this.current || !video.paused || Math.abs(video.currentTime - this.wanted) < 2e-4) return;
    if (video.seeking || video.readyState < 1) {
      video.addEventListener(video.readyState < 1 ? "loadedmetadata" : "seeked", () => this.hold(video), { once: true });
      return;
    }
    this.seek(video, this.wanted, 3);
  }

  // A browser under load can end a seek and leave the old picture standing: where it paints no other, ask again.
  seek(video, time, tries) {
    video.currentTime = time;
    if (!video.requestVideoFrameCallback) return;
    let painted = false;
    video.requestVideoFrameCallback(() => { painted = true; });
    setTimeout(() => {
      const still = !painted && tries > 0 && video === this.current && video.paused && !video.seeking;
      if (still && Math.abs(time - this.wanted) < 1e-3) this.seek(video, this.wanted + (tries % 2 ? 1e-4 : 0), tries - 1);
    }, AGAIN);
  }

  get settled() {
    const video = this.current;
    return !video || (!video.seeking && video.readyState >= 2 && (!video.paused || Math.abs(video.currentTime - this.wanted) < 1e-3));
  }

  draw(hits, clock, zones, media, accumulated) {
    this.zones.replaceChildren(...zones.map((zone) => polygon(zone, media)));
    const wanted = accumulated ? hits : hits.filter((hit) => clock - hit.clock <= SHOWN_FOR);
    // Thousands of hits are told one by one only where they change.
    let same = 0;
    while (same < wanted.length && this.placed[same] === wanted[same]) same += 1;
    while (this.placed.length > same) {
      this.placed.pop();
      this.hits.lastChild.remove();
    }
    this.placed.push(...wanted.slice(same));
    this.hits.append(...wanted.slice(same).map(mark));
    if (wanted.length < 100) {
      wanted.forEach((hit, index) => {
        this.hits.children[index].setAttribute("opacity", accumulated ? 1 : 1 - 0.7 * (clock - hit.clock) / SHOWN_FOR);
      });
    }
  }
}

function node(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function mark(hit) {
  return node("use", { href: "#hit", class: `hit ${hit.colour}`, transform: `translate(${hit.u * 1600} ${hit.v * 900})`, "data-hit": hit.id });
}

function cross() {
  const kept = node("defs", {});
  const group = node("g", { id: "hit" });
  const lines = "M-40 0H-13M13 0H40M0 -40V-13M0 13V40M26 0A26 26 0 1 1 -26 0A26 26 0 1 1 26 0";
  group.append(node("path", { d: lines, class: "under" }), node("path", { d: lines, class: "ring" }), node("circle", { r: 4.5, class: "dot" }));
  kept.append(group);
  return kept;
}

function polygon(zone, media) {
  const corners = polygonAt(zone.keyframes, media);
  const group = node("g", { class: "zone" });
  const [u, v] = corners.reduce((top, corner) => (corner[1] < top[1] ? corner : top));
  const name = node("text", { x: u * 1600 + 8, y: v * 900 - 10 });
  name.textContent = zone.name.replaceAll("_", " ");
  group.append(node("polygon", { points: corners.map(([a, b]) => `${a * 1600},${b * 900}`).join(" ") }), name);
  return group;
}
