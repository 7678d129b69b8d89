// Words over the film: what was said, and what must be known of this moment.

export function overlay({ banner, caption }, data, stage, player, now, clip) {
  const gap = data.uncounted.find((one) => one.clock <= player.clock && player.clock < one.until);
  const words = [];
  if (clip === -1 || (clip !== null && !stage.framesOf(clip))) words.push("This clip is no longer where it was.");
  if (now.passage?.abandoned) words.push("This path was taken back.");
  if (gap && now.wall !== "slate") words.push(`Hits not counted: ${gap.reason}.`);
  banner.hidden = !words.length;
  banner.textContent = words.join(" ");
  const line = clip === null || !now.scene ? null : now.scene.captions.find(([start, end]) => start <= now.media && now.media < end);
  caption.hidden = !line;
  caption.textContent = line ? line[2] : "";
}
