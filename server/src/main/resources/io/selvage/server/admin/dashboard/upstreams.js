// The upstreams with their peers, and the dialog that changes the state of a peer.
import {patch} from "./api.js";
import {byId, el, keyed, setAttribute, setText} from "./dom.js";
import {NONE, counted, duration, number} from "./format.js";
import {latency, peerState, slowPeers} from "./model.js";
import {More} from "./more.js";

const COLUMNS = ["Peer", "State", "Weight", "In flight", "Fails", "Requests/s", "Failed", "p50", "p99", "Change"];
const CHANGES = [
  {state: "drain", word: "Drain", now: "draining",
    effect: peer => `It gets no new requests. ${peer.in_flight === 0 ? "It has none in progress."
      : `${counted(peer.in_flight, "request")} in progress may finish.`}`},
  {state: "down", word: "Down", now: "down", effect: () => "It gets no requests until it is set up again."},
  {state: "up", word: "Up", now: "up", effect: () => "It gets requests again, as if it had never failed."},
];

const more = new More(byId("more-upstreams"), 12, () => draw());

let newest;

/** Shows the upstreams of the newest snapshot. */
export function showUpstreams(recent) {
  newest = recent;
  draw();
}

function draw() {
  const recent = newest;
  const {upstreams} = recent.last;
  byId("no-upstreams").hidden = upstreams.length > 0;
  keyed(byId("upstream-list"), first(upstreams, more.of(upstreams.length)), upstream => upstream.name, createUpstream, (section, upstream) =>
    updateUpstream(section, upstream, recent));
}

/** As many upstreams as wanted, in their order: those of which a peer is bad, and then the first ones. */
function first(upstreams, wanted) {
  const isBad = upstream => upstream.peers.some(peer => peerState(peer).badness === 2);
  const chosen = new Set([...new Set([...upstreams.filter(isBad), ...upstreams])].slice(0, wanted));
  return upstreams.filter(upstream => chosen.has(upstream));
}

function createUpstream(upstream) {
  return el("section", {class: "upstream"},
    el("h3", {}, el("code", {}, upstream.name)),
    el("p", {class: "facts"}),
    el("table", {class: "peers stack"},
      el("caption", {class: "unseen"}, `Peers of ${upstream.name}`),
      el("thead", {}, el("tr", {}, ...COLUMNS.map(name => el("th", {scope: "col"}, name)))),
      el("tbody")));
}

function updateUpstream(section, upstream, recent) {
  const facts = [`policy ${upstream.policy}`, counted(upstream.idle_connections, "idle connection")];
  if (upstream.queue.limit > 0) {
    const {length, limit, longest_wait_seconds: longest, refused, expired} = upstream.queue;
    facts.push(`queue ${number(length)} of ${number(limit)}${length > 0 ? ` (the first waits for ${duration(longest)})` : ""}`,
      `${number(refused + expired)} refused or expired since the start`);
  }
  setText(section.querySelector(".facts"), facts.join(", "));
  const slow = slowPeers(recent.last, upstream);
  keyed(section.querySelector("tbody"), upstream.peers, peer => peer.address, peer => createPeer(upstream, peer), (row, peer) =>
    updatePeer(row, upstream, peer, slow.has(peer), recent));
}

function createPeer(upstream, peer) {
  const cells = COLUMNS.slice(1, -1).map(name => el("td", {"data-name": name}));
  cells[0].append(el("span", {class: "state"}, el("span", {class: "sign", "aria-hidden": "true"}), " ", el("span", {class: "word"})),
    el("span", {class: "reason"}));
  const buttons = CHANGES.map(change => {
    const button = el("button", {type: "button", class: "small", "data-state": change.state,
      "aria-label": `${change.word}: ${peer.address}`}, change.word);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "false") {
        confirmChange(change, upstream.name, button.closest("tr").peer);
      }
    });
    return button;
  });
  return el("tr", {}, el("th", {scope: "row"}, el("code", {}, peer.address), el("span", {class: "tags"})), ...cells,
    el("td", {class: "changes", "data-name": "Change"}, el("span", {class: "buttons"}, ...buttons)));
}

function updatePeer(row, upstream, peer, slow, recent) {
  row.peer = {...peer, alone: !upstream.peers.some(other => other.address !== peer.address && other.state === "up")};
  const {word, sign, badness} = peerState(peer);
  setAttribute(row, "class", `badness-${badness}${slow ? " slow" : ""}`);
  setText(row.querySelector(".tags"), [peer.backup ? "backup" : "", slow ? "slow" : ""].filter(Boolean).join(", "));
  setText(row.querySelector(".sign"), sign);
  setText(row.querySelector(".word"), word);
  setText(row.querySelector(".reason"), peer.reason ?? "");
  const own = latency(recent.last, "peer", peer.address);
  const find = snapshot => snapshot.upstreams.find(each => each.name === upstream.name)?.peers
    .find(each => each.address === peer.address);
  const cells = [...row.querySelectorAll("td")].slice(1, -1);
  const values = [number(peer.weight), number(peer.in_flight), number(peer.fails),
    number(Math.max(0, recent.rate(snapshot => find(snapshot)?.requests ?? 0))),
    number(peer.failures), duration(own?.p50_seconds), duration(own?.p99_seconds)];
  values.forEach((value, i) => setText(cells[i], value === "" ? NONE : value));
  row.querySelectorAll("button").forEach((button, i) => {
    setAttribute(button, "aria-disabled", String(word === CHANGES[i].now));    // a disabled one would lose the focus
  });
}

/** Asks whether to change the state of a peer, does it, and says what went wrong. */
function confirmChange(change, upstream, peer) {
  const dialog = byId("change-dialog");
  const accept = byId("change-accept");
  const problem = byId("change-problem");
  setText(byId("change-title"), `${change.word} ${peer.address}?`);
  setText(byId("change-effect"), `${change.effect(peer)} This is peer ${peer.address} of upstream ${upstream}.`);
  byId("change-warning").hidden = change.state === "up" || !peer.alone;
  problem.hidden = true;
  setText(accept, change.word);
  accept.disabled = false;
  accept.onclick = async () => {
    accept.disabled = true;
    problem.hidden = true;
    try {
      await patch(`/api/upstreams/${encodeURIComponent(upstream)}/peers/${encodeURIComponent(peer.address)}`,
        {state: change.state, revision: peer.revision});
      dialog.close();
      setText(byId("done"), `${change.word} of ${peer.address} was accepted.`);
    } catch (error) {
      setText(problem, error.status === undefined ? `The server did not answer (${error.message}).`
        : `The server refused: ${error.message}`);
      problem.hidden = false;
      accept.disabled = false;
      accept.focus();
    }
  };
  dialog.showModal();
}
