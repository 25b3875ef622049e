// The page: it follows the events of the server and shows each snapshot.
import {get} from "./api.js";
import {Chart, linearScale, logScale, spark} from "./chart.js";
import {Cursor} from "./cursor.js";
import {byId, el, keyed, setAttribute, setText, svg} from "./dom.js";
import {NONE, age, bytes, clock, counted, duration, number, percent} from "./format.js";
import {HeatMap, usedRows} from "./heat.js";
import {STALE_MILLIS, follow} from "./live.js";
import * as model from "./model.js";
import {More} from "./more.js";
import {showSlow} from "./slow.js";
import {themes} from "./theme.js";
import {showUpstreams} from "./upstreams.js";

/** How often the history and the slowest requests are asked for, in snapshots. */
const HISTORY_EVERY = 5;

const recent = new model.Recent();
const history = new model.History();
const cursor = new Cursor();
const charts = {
  requests: new Chart(byId("chart-requests"), {
    curves: [{name: "all", line: "line-1"}], scale: all => linearScale(Math.max(...all, 1)), format: number, cursor}),
  errors: new Chart(byId("chart-errors"), {
    curves: [{name: "5xx", line: "line-bad"}, {name: "4xx", line: "line-2"}],
    scale: all => linearScale(Math.max(...all, 1)), format: number, cursor}),
  latency: new Chart(byId("chart-latency"), {
    curves: [{name: "p50", line: "line-1"}, {name: "p90", line: "line-2"}, {name: "p99", line: "line-3"},
      {name: "p99.9", line: "line-4"}],
    scale: logScale, format: duration, cursor}),
};
const maps = new Map();
const moreFindings = new More(byId("more-findings"), 8, () => showFindings());
const moreMaps = new More(byId("more-heat"), 6, () => showMaps());
let connection = {state: "lost"};
let heardAt = 0;
let snapshots = 0;
let asking = false;

// --- the connection to the server ---

function showConnection() {
  const silent = Date.now() - heardAt;
  const lost = connection.state === "lost" && heardAt > 0;
  const stale = !lost && heardAt > 0 && silent > STALE_MILLIS;
  const state = heardAt === 0 && connection.reason === undefined ? "connecting" : lost || heardAt === 0 ? "lost" : stale ? "stale" : "live";
  const words = {connecting: ["◌", "Connecting"], live: ["●", "Live"], stale: ["▲", "Stale"], lost: ["✕", "Not connected"]};
  const badge = byId("live");
  setAttribute(badge, "data-state", state);
  setText(badge.querySelector(".sign"), words[state][0]);
  setText(badge.querySelector(".word"), words[state][1]);
  document.title = state === "live" ? "Selvage" : `${words[state][1]} - Selvage`;
  showBanner(state, silent);
}

function showBanner(state, silent) {
  const known = heardAt > 0 ? ` This page shows its state of ${clock(heardAt)}.` : "";
  const text = state === "lost" ? `The server has stopped, or cannot be reached (${connection.reason}).${known}`
    : state === "stale" ? `No news from the server.${known}` : "";
  setText(byId("lost-text"), text);
  byId("lost").hidden = text === "";
  const left = Math.ceil((connection.retryAt - Date.now()) / 1000);
  setText(byId("lost-retry"), state === "stale" ? `The last news is ${age(silent / 1000)} old.`
    : left > 0 ? `The next attempt is in ${left} s.` : "Trying to connect.");
  byId("retry").hidden = state !== "lost";
}

// --- a snapshot ---

function showSnapshot(snapshot) {
  heardAt = Date.now();
  if (recent.last !== undefined && recent.last.status.started !== snapshot.status.started) {
    history.clear();
    snapshots = 0;
  }
  recent.add(snapshot);
  showConnection();
  showHeader(snapshot.status);
  showFindings();
  showTiles();
  showUpstreams(recent);
  showCarriers(snapshot.status);
  showPairs(snapshot.status);
  if (snapshots++ % HISTORY_EVERY === 0) {
    refreshHistory();
  }
}

function showHeader(status) {
  setText(byId("server"), `version ${status.version}, process ${status.pid}, up for ${age(status.uptime_seconds)}, listens on `
    + `${status.listening.join(", ")}`);
}

function showFindings() {
  const found = model.findings(recent);
  byId("no-findings").hidden = found.length > 0;
  keyed(byId("findings"), found.slice(0, moreFindings.of(found.length)), finding => finding.text.replace(/\d+(\.\d+)? (ms|s|µs|%)/g, ""), () => el("li", {},
    el("span", {class: "sign", "aria-hidden": "true"}), " ", el("span", {class: "text"})), (item, finding) => {
    setAttribute(item, "class", finding.level);
    setText(item.querySelector(".sign"), finding.level === "bad" ? "▲" : "○");
    setText(item.querySelector(".text"), finding.text);
  });
}

/** The figures of "Now": a name, a value, a remark, and the values of the last two minutes for a small curve. */
function tiles() {
  const {status} = recent.last;
  const all = model.latency(recent.last, "all");
  const rate = count => recent.hasRates ? recent.rate(count) : NaN;
  const lookups = recent.growth(model.cacheLookups);
  return [
    {name: "Requests", value: `${number(rate(model.requests))}/s`, remark: `${number(model.requests(recent.last))} since the start`,
      curve: recent.rates(model.requests)},
    {name: "Errors 5xx", value: `${number(rate(model.statusClass(5)))}/s`,
      remark: `${percent(recent.share(model.statusClass(5), model.requests))} of ${recent.lately}`, bad: rate(model.statusClass(5)) > 0,
      curve: recent.rates(model.statusClass(5))},
    {name: "Errors 4xx", value: `${number(rate(model.statusClass(4)))}/s`,
      remark: `${percent(recent.share(model.statusClass(4), model.requests))} of ${recent.lately}`,
      curve: recent.rates(model.statusClass(4))},
    {name: "Latency p50", value: duration(all?.p50_seconds), remark: `p90 ${duration(all?.p90_seconds)}, of the last minute`,
      curve: recent.values(snapshot => model.latency(snapshot, "all")?.p50_seconds)},
    {name: "Latency p99", value: duration(all?.p99_seconds), remark: `p99.9 ${duration(all?.p999_seconds)}, of the last minute`,
      curve: recent.values(snapshot => model.latency(snapshot, "all")?.p99_seconds)},
    {name: "Sent", value: `${bytes(rate(model.sentBytes))}/s`, remark: `received ${bytes(rate(model.receivedBytes))}/s`,
      curve: recent.rates(model.sentBytes)},
    {name: "Cache hits", value: percent(recent.share(model.cacheHits, model.cacheLookups)),
      remark: `of ${counted(lookups, "lookup")} of ${recent.lately}; ${bytes(model.cacheBytes(recent.last))} kept`,
      curve: recent.values(model.cacheBytes)},
    {name: "Connections", value: number(status.connections.active), remark: `of ${number(status.connections.limit)}; `
      + `${number(status.connections.waiting)} idle`, curve: recent.values(snapshot => snapshot.status.connections.active)},
    {name: "Queue", value: number(model.queued(recent.last)), remark: "requests that wait for a peer",
      curve: recent.values(model.queued)},
    {name: "Garbage collection", value: recent.hasRates ? duration(recent.growth(model.gcSeconds)) : duration(NaN),
      remark: `of ${recent.lately}; heap ${bytes(status.jvm.heap_used_bytes)}`, curve: recent.rates(model.gcSeconds)},
  ];
}

function showTiles() {
  keyed(byId("tiles"), tiles(), tile => tile.name, tile => el("li", {}, el("h3", {}, tile.name), el("p", {class: "value"}),
    el("p", {class: "facts"}), svg("svg", {class: "spark", viewBox: "0 0 120 28", preserveAspectRatio: "none", "aria-hidden": "true"})),
  (item, tile) => {
    setAttribute(item, "class", tile.bad ? "bad" : "");
    setText(item.querySelector(".value"), tile.value);
    setText(item.querySelector(".facts"), tile.remark);
    spark(item.querySelector(".spark"), tile.curve);
  });
}

function showCarriers(status) {
  const {mode, carriers} = status.io;
  setText(byId("io"), mode === "carrier" ? "io carrier: event loops run the connections" : "io jdk: the scheduler of the JDK runs the connections");
  byId("carriers").hidden = carriers.length === 0;
  keyed(byId("carriers").tBodies[0], carriers, carrier => carrier.name, carrier => el("tr", {},
    el("th", {scope: "row"}, carrier.name), ...["Load", "Connections", "Tasks/s", "Queued", "Longest burst", "State"].map(name =>
      el("td", {"data-name": name}))), (row, carrier) => {
    const of = (snapshot, what) => snapshot.status.io.carriers.find(each => each.name === carrier.name)?.[what] ?? 0;
    const values = [recent.hasRates ? percent(recent.rate(snapshot => of(snapshot, "cpu_seconds"))) : NONE,
      number(carrier.connections), number(recent.rate(snapshot => of(snapshot, "tasks"))), number(carrier.queued),
      duration(carrier.longest_burst_seconds), carrier.stuck ? "▲ stuck" : carrier.stuck_episodes > 0
        ? `● runs, was stuck ${counted(carrier.stuck_episodes, "time")}` : "● runs"];
    [...row.querySelectorAll("td")].forEach((cell, i) => setText(cell, values[i]));
  });
}

function showPairs(status) {
  const {connections, jvm, caches} = status;
  const configuration = model.configuration(status);
  pairs("connections", {
    "Active": `${number(connections.active)} of ${number(connections.limit)}`,
    "Reading a request": number(connections.reading),
    "Writing an answer": number(connections.writing),
    "Waiting for a request": number(connections.waiting),
    "Accepted since the start": number(connections.accepted),
  });
  pairs("cache", Object.assign({}, ...caches.map((cache, i) => {
    const name = text => caches.length === 1 ? text : `${text}, cache ${i + 1}`;
    return {
      [name("Bytes")]: `${bytes(cache.bytes)} of ${bytes(cache.limit_bytes)}`,
      [name("Files")]: number(cache.entries),
      [name("Hit rate since the start")]: percent(cache.hits / (cache.hits + cache.misses)),
      [name("Evicted")]: number(cache.evictions),
    };
  })));
  pairs("jvm", {
    "Heap": `${bytes(jvm.heap_used_bytes)} of ${bytes(jvm.heap_max_bytes)}`,
    "Collections since the start": number(jvm.gc_collections),
    "Time they took": duration(jvm.gc_seconds),
    "Platform threads": number(jvm.threads),
  });
  pairs("configuration", {
    "Generation": configuration.generation,
    "Loaded": configuration.loaded,
    "Last reload": configuration.failed ? `▲ ${configuration.reload}` : configuration.reload,
  });
}

function showOverrides(overrides) {
  const lines = overrides.flatMap(model.overrideLines);
  byId("no-overrides").hidden = lines.length > 0;
  keyed(byId("overrides"), lines, line => line, () => el("li"), setText);
}

function pairs(id, values) {
  keyed(byId(id), Object.entries(values), ([name]) => name, ([name]) => el("div", {}, el("dt", {}, name), el("dd")),
    (item, [, value]) => setText(item.querySelector("dd"), value));
}

// --- history ---

async function refreshHistory() {
  if (asking) {
    return;
  }
  asking = true;
  try {
    const after = history.after;
    const [answer, slowest, changes] = await Promise.all([
      get(`/api/history${after === "" ? "" : `?after=${encodeURIComponent(after)}`}`), get("/api/slowest"), get("/api/overrides")]);
    history.add(answer);
    showOverrides(changes.overrides);
    showSlow(slowest.requests);
    showHistory();
  } catch {
    snapshots = 0;                                       // the next snapshot tries it again; the banner says what is wrong
  } finally {
    asking = false;
  }
}

function showHistory() {
  const {intervals} = history;
  const seconds = interval => Math.max(1, (Date.parse(interval.to) - Date.parse(interval.from)) / 1000);
  const rates = count => intervals.map(interval => count(interval) / seconds(interval));
  const all = history.series("all", "");
  cursor.fit(intervals);
  charts.requests.show(intervals, [rates(interval => model.sum(interval.classes))]);
  charts.errors.show(intervals, [rates(interval => interval.classes[5]), rates(interval => interval.classes[4])]);
  charts.latency.show(intervals, ["p50_seconds", "p90_seconds", "p99_seconds", "p999_seconds"].map(name =>
    all.map(series => series?.[name] ?? NaN)));
  showMaps();
}

function showMaps() {
  const subjects = history.subjects();
  byId("no-heat").hidden = subjects.length > 0;
  const name = subject => `${subject.subject} ${subject.name}`;
  const shown = busiest(subjects, moreMaps.of(subjects.length));
  const series = new Map(shown.map(subject => [name(subject), history.series(subject.subject, subject.name)]));
  const rows = usedRows([...series.values()].flat().filter(each => each !== undefined), history.bounds);
  keyed(byId("heat-list"), shown, name, subject => {
    const map = new HeatMap(subject, cursor);
    maps.set(name(subject), map);
    return map.figure;
  }, (_, subject) => maps.get(name(subject)).show(
    {intervals: history.intervals, bounds: history.bounds, rows}, series.get(name(subject)),
    recent.last && model.latency(recent.last, subject.subject, subject.name)));
  cursor.fit(history.intervals);
}

/** The busiest locations and peers, as many of the ones as of the others if there are enough. */
function busiest(subjects, most) {
  const locations = subjects.filter(subject => subject.subject === "location");
  const peers = subjects.filter(subject => subject.subject === "peer");
  const shownPeers = Math.min(peers.length, Math.max(Math.floor(most / 2), most - locations.length));
  const byName = (a, b) => a.name < b.name ? -1 : 1;
  return [...locations.slice(0, most - shownPeers).sort(byName), ...peers.slice(0, shownPeers).sort(byName)];
}

// --- start ---

function redraw() {
  Object.values(charts).forEach(chart => chart.draw());
  maps.forEach(map => map.draw());
}

themes(redraw);
cursor.onMove(() => {
  cursor.fit(history.intervals);
  redraw();
});
const reconnect = follow({
  snapshot: showSnapshot,
  state: state => {
    connection = state;
    showConnection();
  },
});
byId("retry").addEventListener("click", reconnect);
setInterval(showConnection, 500);
