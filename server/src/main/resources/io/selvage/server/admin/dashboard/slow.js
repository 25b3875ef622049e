// The slowest requests of the last fifteen minutes, each with its phases as a bar and as text.
import {byId, el, keyed, svg} from "./dom.js";
import {clock, duration} from "./format.js";
import {locationName, meanwhile, phases} from "./model.js";
import {More} from "./more.js";

const more = new More(byId("more-slow"), 6, () => draw());

let all = [];

export function showSlow(requests) {
  all = requests;
  draw();
}

function draw() {
  byId("no-slow").hidden = all.length > 0;
  keyed(byId("slow-list"), all.slice(0, more.of(all.length)), key, create, () => {});
}

/** A request that ended does not change, so this names its element and its content. */
const key = request => JSON.stringify(request);

function create(request) {
  const parts = phases(request);
  return el("li", {},
    el("p", {class: "line"},
      el("strong", {class: "took"}, duration(request.seconds)), " ",
      el("code", {class: "target"}, `${request.method} ${request.path}`), " ",
      el("span", {class: "status"}, request.status === 0 ? "no answer" : String(request.status))),
    bar(request, parts),
    el("p", {class: "phases"}, ...parts.map(part => el("span", {class: "phase"}, sample(part.kind),
      `${part.label} ${duration(part.seconds)}${part.detail ? ` (${part.detail})` : ""}`))),
    el("p", {class: "facts"}, `${clock(Date.parse(request.started))} in ${locationName(request.location)}; JVM meanwhile: ${meanwhile(request)}`));
}

function sample(kind) {
  return svg("svg", {class: "sample", width: 10, height: 10, "aria-hidden": "true"},
    svg("rect", {class: `phase-${kind}`, width: 10, height: 10}));
}

/** The phases side by side, and below them marks for the pauses of the JVM. */
function bar(request, parts) {
  const drawing = svg("svg", {class: "bar", viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true"});
  let from = 0;
  for (const part of parts) {
    const width = 100 * part.seconds / request.seconds;
    drawing.append(svg("rect", {class: `phase-${part.kind}`, x: from, y: 0, width, height: 10}));
    if (from > 0) {
      drawing.append(svg("rect", {class: "gap", x: from - 0.1, y: 0, width: 0.2, height: 10}));
    }
    from += width;
  }
  for (const pause of request.gc_pauses) {
    const start = 100 * (Date.parse(pause.at) - Date.parse(request.started)) / 1000 / request.seconds;
    const width = Math.max(0.6, 100 * pause.seconds / request.seconds);
    drawing.append(svg("rect", {class: "pause", x: Math.max(0, Math.min(99.4, start)), y: 11, width, height: 3}));
  }
  return drawing;
}
