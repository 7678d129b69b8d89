// The desk's page and the wall's page of one session follow each other.

const HEARTBEAT = 1000;
const LEAST_APART = 60;

export class Link {
  constructor(address, player, { onPress = () => {}, onLost = () => {} } = {}) {
    this.address = address;
    this.player = player;
    this.me = Math.random().toString(36).slice(2);
    this.known = "";
    this.sentAt = 0;
    this.mine = false; // who told last beats the time while playing
    this.stream = new EventSource(address);
    this.stream.addEventListener("open", () => { this.open = true; onLost(false); });
    this.stream.addEventListener("error", () => { this.open = false; onLost(true); });
    this.stream.addEventListener("message", ({ data }) => {
      const told = JSON.parse(data);
      if (told?.press) onPress(told.press);
      else if (told && told.from !== this.me) this.follow(told);
    });
  }

  get signature() {
    const { playing, clock, ...rest } = this.player.state;
    return JSON.stringify({ playing, clock: playing ? null : clock, ...rest });
  }

  follow(told) {
    clearTimeout(this.later);
    this.following = true;
    this.player.take(told);
    this.following = this.mine = false;
    this.known = this.signature;
  }

  // Ask after every change: what a person did here is told, what was followed is not told back.
  changed() {
    const now = performance.now();
    const news = this.signature !== this.known;
    const beat = this.mine && this.player.playing && now - this.sentAt > HEARTBEAT;
    if (!this.open || this.following || !(news || beat)) return;
    if (now - this.sentAt < LEAST_APART) {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.changed(), LEAST_APART);
      return;
    }
    this.mine = news || this.mine;
    this.known = this.signature;
    this.sentAt = now;
    const body = JSON.stringify({ ...this.player.state, from: this.me, at: Date.now() });
    fetch(this.address, { method: "POST", body }).catch(() => {});
  }
}
