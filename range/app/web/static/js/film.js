// Where the film stood at each moment of the session. Times are seconds.

export function lastAtOrBefore(items, clock) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].clock <= clock) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class Film {
  constructor(data) {
    this.data = data;
    this.seconds = data.seconds;
  }

  // What the wall did at a moment: {wall, passage, scene, media, until}.
  at(clock) {
    const index = lastAtOrBefore(this.data.stretches, clock);
    const stretch = this.data.stretches[Math.max(index, 0)];
    if (!stretch) return { wall: "slate", passage: null, scene: null, media: null, until: this.seconds };
    const passage = this.data.passages[stretch.passage] ?? null;
    const scene = passage ? this.data.scenes[passage.scene] ?? null : null;
    return { wall: stretch.wall, passage, scene, media: mediaAt(stretch, scene, clock), until: stretch.until };
  }
}

function mediaAt(stretch, scene, clock) {
  if (stretch.media === null || stretch.wall !== "playing") return stretch.media;
  const media = stretch.media + clock - stretch.clock;
  if (!scene || !scene.length) return media;
  if (scene.loops) return scene.start + ((media - scene.start) % scene.length);
  return Math.min(media, scene.start + scene.length);
}

// The frame that is shown at a media time, and the times of frames.
export class Frames {
  constructor(frames) {
    this.frames = frames;
    this.count = frames.times ? frames.times.length : frames.count;
  }

  time(index) {
    return this.frames.times ? this.frames.times[index] : this.frames.first + index * this.frames.step;
  }

  at(media) {
    const near = 1e-4; // the record keeps microseconds: a frame's own time must never fall to the one before
    if (!this.frames.times) {
      const index = Math.floor((media - this.frames.first + near) / this.frames.step);
      return Math.min(Math.max(index, 0), this.count - 1);
    }
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.frames.times[middle] <= media + near) low = middle + 1;
      else high = middle;
    }
    return Math.max(low - 1, 0);
  }

  // A media time well inside a frame, where a browser can only show that frame.
  inside(index) {
    const next = index + 1 < this.count ? this.time(index + 1) : this.time(index) + 0.02;
    return this.time(index) + (next - this.time(index)) / 2;
  }
}

export function polygonAt(keyframes, media) {
  const after = keyframes.findIndex((key) => key.t > media);
  if (after === 0) return keyframes[0].polygon;
  if (after < 0) return keyframes[keyframes.length - 1].polygon;
  const before = keyframes[after - 1];
  const share = (media - before.t) / (keyframes[after].t - before.t);
  return before.polygon.map(([u, v], index) => {
    const [toU, toV] = keyframes[after].polygon[index];
    return [u + (toU - u) * share, v + (toV - v) * share];
  });
}
