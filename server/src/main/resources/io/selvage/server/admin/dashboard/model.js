// What the page shows, made of what the admin API sends. Pure functions and two small memories; nothing here touches the page.
import {age, counted, duration, number, percent} from "./format.js";

const millis = text => Date.parse(text);

/** Fifteen minutes, and the interval that is still going on. */
const MOST_INTERVALS = 91;

/** The seconds that the small curves show. */
const RECENT = 120;

/**
 * Remembers the snapshots of the last two minutes and computes rates between them. Rates of a server that has been started anew
 * begin again.
 */
export class Recent {
  #snapshots = [];

  /** @return the rates since the snapshot before, or undefined if there is none */
  add(snapshot) {
    const before = this.#snapshots.at(-1);
    if (before !== undefined && before.status.started !== snapshot.status.started) {
      this.#snapshots = [];
    }
    this.#snapshots.push(snapshot);
    if (this.#snapshots.length > RECENT + 1) {
      this.#snapshots.shift();
    }
  }

  get last() {
    return this.#snapshots.at(-1);
  }

  /** Whether there are two snapshots, so that rates are known. */
  get hasRates() {
    return this.#snapshots.length > 1;
  }

  /** A rate per second over the last seconds, of what a function counts in a snapshot. */
  rate(count, seconds = 5) {
    const last = this.last;
    const first = this.#since(seconds);
    return first === last ? NaN : (count(last) - count(first)) / this.#elapsed(first, last);
  }

  /** A share over the last seconds, of two counts. */
  share(part, whole, seconds = 60) {
    const first = this.#since(seconds);
    const all = whole(this.last) - whole(first);
    return all > 0 ? (part(this.last) - part(first)) / all : NaN;
  }

  /** Says which time shares and growths are about, which is less than a minute while the page is young. */
  get lately() {
    const seconds = this.#elapsed(this.#since(60), this.last);
    return seconds >= 59 ? "the last minute" : `the last ${Math.max(1, Math.round(seconds))} s`;
  }

  /** How much a count has grown over the last seconds. */
  growth(count, seconds = 60) {
    return count(this.last) - count(this.#since(seconds));
  }

  /** The rates between all snapshots, oldest first. */
  rates(count) {
    return this.#snapshots.slice(1).map((snapshot, i) =>
      (count(snapshot) - count(this.#snapshots[i])) / this.#elapsed(this.#snapshots[i], snapshot));
  }

  /** The values of all snapshots, oldest first. */
  values(value) {
    return this.#snapshots.map(value);
  }

  #since(seconds) {
    const from = millis(this.last.status.now) - seconds * 1000 - 500;
    return this.#snapshots.find(snapshot => millis(snapshot.status.now) >= from);
  }

  #elapsed(from, to) {
    return Math.max(0.001, (millis(to.status.now) - millis(from.status.now)) / 1000);
  }
}

export const requests = snapshot => sum(snapshot.traffic.classes);
export const statusClass = digit => snapshot => snapshot.traffic.classes[digit];
export const sentBytes = snapshot => snapshot.traffic.sent_bytes;
export const receivedBytes = snapshot => snapshot.traffic.received_bytes;
export const cacheHits = snapshot => sum(snapshot.status.caches.map(cache => cache.hits));
export const cacheLookups = snapshot => cacheHits(snapshot) + sum(snapshot.status.caches.map(cache => cache.misses));
export const cacheBytes = snapshot => sum(snapshot.status.caches.map(cache => cache.bytes));
export const queued = snapshot => sum(snapshot.upstreams.map(upstream => upstream.queue.length));
export const gcSeconds = snapshot => snapshot.status.jvm.gc_seconds;

export const sum = numbers => numbers.reduce((total, each) => total + each, 0);

const seriesByName = new WeakMap();

/** The latencies of the last minute: of everything, of a location or of a peer; undefined if there were no requests. */
export function latency(snapshot, subject, name = "") {
  let series = seriesByName.get(snapshot);
  if (series === undefined) {
    series = new Map(snapshot.latency.map(each => [`${each.subject} ${each.name}`, each]));
    seriesByName.set(snapshot, series);
  }
  return series.get(`${subject} ${name}`);
}

/** The state of a peer: its word, its sign, and how bad it is (0 good, 1 by intent, 2 bad). */
export function peerState(peer) {
  const known = {
    up: ["up", "●", 0],
    busy: ["busy", "■", 1],
    draining: ["draining", "◐", 1],
    down: ["down", "○", 1],
    unhealthy: ["unhealthy", "▲", 2],
    unavailable: ["unavailable", "▲", 2],
    ejected: ["ejected", "▲", 2],
    checking: ["checking", "◌", 1],
  };
  const [word, sign, badness] = known[peer.state] ?? [peer.state, "◌", 1];
  return {word, sign, badness};
}

/**
 * The intervals of the last fifteen minutes: those of /api/history, kept until they are too old. The newest is still going on and
 * is replaced by the next answer.
 */
export class History {
  #intervals = [];
  bounds = [];

  /** The time after which the next answer is wanted, as the API takes it. */
  get after() {
    return this.#intervals.at(-2)?.to ?? "";
  }

  add(answer) {
    this.bounds = answer.bounds_seconds;
    if (answer.intervals.length === 0) {
      return;
    }
    const first = answer.intervals[0].from;
    const known = this.#intervals.filter(interval => interval.from < first);
    this.#intervals = [...known, ...answer.intervals].slice(-MOST_INTERVALS);
  }

  clear() {
    this.#intervals = [];
  }

  /** Oldest first. One that has just started is left out, because its rates say nothing yet. */
  get intervals() {
    const last = this.#intervals.at(-1);
    const young = last !== undefined && millis(last.to) - millis(last.from) < 2_000;
    return young && this.#intervals.length > 1 ? this.#intervals.slice(0, -1) : this.#intervals;
  }

  /** The locations and peers with requests, the busiest first. */
  subjects() {
    const counts = new Map();
    for (const interval of this.intervals) {
      for (const {subject, name, count} of interval.series) {
        const key = `${subject} ${name}`;
        const known = counts.get(key) ?? {subject, name, count: 0};
        known.count += count;
        counts.set(key, known);
      }
    }
    const busiest = [...counts.values()].filter(each => each.subject !== "all").sort((a, b) => b.count - a.count);
    return busiest;
  }

  /** The series of a subject in each interval; undefined where it has no requests. */
  series(subject, name) {
    return this.intervals.map(interval => interval.series.find(each => each.subject === subject && each.name === name));
  }
}

/** A list of {level, text}: what an operator should know, the worst first. The level is "bad" or "note". */
export function findings(recent) {
  const {status, upstreams} = recent.last;
  const found = [];
  const bad = text => found.push({level: "bad", text});
  const note = text => found.push({level: "note", text});

  if (status.state === "draining") {
    bad("The server is stopping: it accepts no more connections.");
  }
  findPeers(upstreams, bad, note);
  upstreams.forEach(upstream => findInUpstream(recent, upstream, bad, note));
  const last = status.configuration.last_reload;
  if (last?.successful === false) {
    bad(`The last reload failed: ${last.problem}`);
  }
  const share = recent.share(statusClass(5), requests);
  if (share >= 0.01) {
    bad(`${percent(share)} of the requests of ${recent.lately} were answered with 5xx.`);
  }
  status.io.carriers.filter(carrier => carrier.stuck).forEach(carrier => bad(`Carrier ${carrier.name} is stuck.`));
  const {active, limit} = status.connections;
  if (limit > 0 && active >= 0.9 * limit) {
    bad(`${number(active)} of ${number(limit)} client connections are taken.`);
  }
  const gc = recent.growth(gcSeconds);
  if (gc > 3) {
    bad(`The JVM spent ${duration(gc)} of ${recent.lately} in garbage collection.`);
  }
  const uncounted = recent.growth(snapshot => snapshot.traffic.dropped);
  if (uncounted > 0) {
    note(`${counted(uncounted, "request")} of ${recent.lately} came too fast to be counted.`);
  }
  return [...found.filter(each => each.level === "bad"), ...found.filter(each => each.level === "note")];
}

/** Peers in the same state for the same reason are one finding if they are the same server in several upstreams. */
function findPeers(upstreams, bad, note) {
  const alike = new Map();
  for (const upstream of upstreams) {
    for (const peer of upstream.peers) {
      const {word, badness} = peerState(peer);
      if (badness > 0) {
        const rest = `is ${word}${peer.reason ? `: ${peer.reason}` : ""}.`;
        const key = `${peer.address} ${rest}`;
        const known = alike.get(key) ?? {address: peer.address, upstream: upstream.name, others: 0, rest, badness};
        known.others += known.upstream === upstream.name ? 0 : 1;
        alike.set(key, known);
      }
    }
  }
  for (const {address, upstream, others, rest, badness} of alike.values()) {
    const where = others > 0 ? `${upstream} and ${counted(others, "other upstream")}` : upstream;
    (badness === 2 ? bad : note)(`Peer ${address} of ${where} ${rest}`);
  }
}

function findInUpstream(recent, upstream, bad, note) {
  for (const [peer, {own, others}] of slowPeers(recent.last, upstream)) {
    bad(`Peer ${peer.address} of ${upstream.name} is slow: half of its answers of the last minute took ${duration(own)} or `
      + `longer, those of the other peers ${duration(others)}.`);
  }
  if (upstream.queue.length > 0) {
    note(`${counted(upstream.queue.length, "request")} for ${upstream.name} ${upstream.queue.length === 1 ? "waits" : "wait"} `
      + "for a free peer.");
  }
}

/** The slow peers of an upstream: those whose median is more than three times, and 20 ms, above that of the others. */
export function slowPeers(snapshot, upstream) {
  const medians = upstream.peers.map(peer => ({peer, series: latency(snapshot, "peer", peer.address)}))
    .filter(each => each.series?.count >= 5).map(each => ({peer: each.peer, own: each.series.p50_seconds}))
    .sort((a, b) => a.own - b.own);
  const slow = new Map();
  medians.forEach(({peer, own}, at) => {
    const usual = Math.floor((medians.length - 2) / 2);
    const others = medians[usual < at ? usual : usual + 1]?.own;
    if (others !== undefined && own > 3 * others && own > others + 0.02) {
      slow.set(peer, {own, others});
    }
  });
  return slow;
}

/**
 * The parts of a slow request in the order of time: {kind, label, seconds, detail}. Kinds are "wait", "queue", "connect", "first-byte",
 * "body", "failed", "send" and "here". They add up to the duration of the request.
 */
export function phases(request) {
  const parts = [];
  let now = 0;
  const part = (kind, label, seconds, detail = "") => {
    if (seconds > 0) {
      parts.push({kind, label, seconds, detail});
      now += seconds;
    }
  };
  for (const attempt of request.attempts) {
    const waited = attempt.waited_seconds ?? 0;
    part("wait", "wait", attempt.queue_seconds - now - waited);
    part("queue", "in the queue", waited);
    if (attempt.first_byte_seconds === undefined) {
      part("failed", "failed attempt", attempt.total_seconds, `${attempt.peer}, ${attempt.status}`);
    } else {
      part("connect", "connect", attempt.connect_seconds, attempt.peer);
      part("first-byte", "first byte", attempt.first_byte_seconds, attempt.peer);
      part("body", "body", attempt.total_seconds - attempt.connect_seconds - attempt.first_byte_seconds, attempt.peer);
    }
  }
  part(request.attempts.length === 0 ? "here" : "send", request.attempts.length === 0 ? "in the server" : "send",
    request.seconds - now);
  return parts;
}

/** What the JVM did during a slow request. */
export function meanwhile(request) {
  const pauses = request.gc_pauses;
  if (pauses.length === 0) {
    return "no GC pause";
  }
  const causes = [...new Set(pauses.map(pause => pause.cause))].join(", ");
  return `${counted(pauses.length, "GC pause")}, ${duration(sum(pauses.map(pause => pause.seconds)))} (${causes})`;
}

/** What was changed of the peers of one upstream, a line for each peer. */
export function overrideLines({upstream, in_configuration: known, peers, removed}) {
  const unused = known ? "" : " (no such upstream now)";
  return [
    ...peers.map(peer => {
      const changes = [peer.added ? "added" : "", peer.state ?? "", peer.weight === undefined ? "" : `weight ${number(peer.weight)}`];
      return `${upstream}: ${peer.address} ${changes.filter(Boolean).join(", ")}${peer.in_effect || !known ? "" : " (no such peer now)"}`
        + unused;
    }),
    ...removed.map(address => `${upstream}: ${address} removed${unused}`),
  ];
}

/** How long ago the current configuration was loaded, and how the last attempt to replace it ended. */
export function configuration(status) {
  const {generation, loaded, last_reload: last} = status.configuration;
  const now = millis(status.now);
  const ago = text => `${age((now - millis(text)) / 1000)} ago`;
  return {
    generation: number(generation),
    loaded: ago(loaded),
    reload: last === undefined ? "none since the start"
      : last.successful ? `succeeded ${ago(last.at)}` : `failed ${ago(last.at)}: ${last.problem}`,
    failed: last?.successful === false,
  };
}

/** The name of a location for people: the site that has no name is left out. */
export const locationName = name => name.replace(/^_(?=[/~=^@]|$)/, "") || "outside all locations";
