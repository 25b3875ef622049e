// Heat maps of latencies: time from left to right, durations from bottom to top, and the darker (in the dark: the brighter) the
// more requests.
import {timeMarks} from "./chart.js";
import {COLUMNS} from "./cursor.js";
import {el, setAttribute, setText} from "./dom.js";
import {counted, duration, number} from "./format.js";
import {locationName} from "./model.js";
import {colour} from "./theme.js";

const ROW = 10;
const LEFT = 52;
const BOTTOM = 18;

/** The rows of some series with requests, and at least eight of them. */
export function usedRows(allSeries, bounds) {
  let first = bounds.length;
  let last = 0;
  for (const {buckets} of allSeries) {
    first = Math.min(first, buckets.findIndex(count => count > 0));
    last = Math.max(last, buckets.findLastIndex(count => count > 0));
  }
  while (last - first < 7 && (first > 0 || last < bounds.length)) {
    first = Math.max(0, first - 1);
    last = Math.min(bounds.length, last + 1);
  }
  return {first, last};
}

/** A heat map of one location or peer. */
export class HeatMap {
  #canvas = el("canvas", {role: "img"});
  #cursor;

  constructor(subject, cursor) {
    this.#cursor = cursor;
    this.name = subject.subject === "location" ? locationName(subject.name) : subject.name;
    this.kind = subject.subject === "peer" ? "Peer" : "Location";
    this.numbers = el("p", {class: "numbers"});
    this.moment = el("p", {class: "moment"});
    this.area = el("div", {class: "plot"}, this.#canvas, cursor.slider(`${this.kind} ${this.name}`));
    this.figure = el("figure", {class: "heat"},
      el("figcaption", {}, el("h4", {}, el("span", {class: "kind"}, this.kind), " ", el("code", {}, this.name)), this.numbers),
      this.area, this.moment);
    new ResizeObserver(() => this.draw()).observe(this.area);
  }

  /**
   * @param series its series in each interval, undefined where it has no requests
   * @param rows the first and the last row, which all maps share so that they can be compared
   * @param recent its latencies of the last minute, or undefined
   */
  show({intervals, bounds, rows}, series, recent) {
    Object.assign(this, {intervals, series, bounds, rows});
    setText(this.numbers, recent === undefined ? "no requests in the last minute"
      : `last minute: ${counted(recent.count, "request")}; p50 ${duration(recent.p50_seconds)}, p90 `
        + `${duration(recent.p90_seconds)}, p99 ${duration(recent.p99_seconds)}, p99.9 ${duration(recent.p999_seconds)}`);
    this.draw();
  }

  draw() {
    const width = this.area.clientWidth;
    if (width === 0 || !this.intervals?.length) {
      return;
    }
    const {first, last} = this.rows;
    const height = (last - first + 1) * ROW;
    const scale = devicePixelRatio || 1;
    this.#canvas.width = width * scale;
    this.#canvas.height = (height + BOTTOM) * scale;
    const g = this.#canvas.getContext("2d");
    g.scale(scale, scale);
    const column = (width - LEFT - 6) / COLUMNS;
    const x = i => LEFT + (COLUMNS - this.intervals.length + i) * column;
    this.#drawCells(g, {x, first, last, column, height});
    this.#drawAxes(g, {x, first, last, column, height});
    this.#describe(first, last);
  }

  #drawCells(g, {x, first, last, column, height}) {
    const most = Math.max(1, ...this.series.flatMap(each => each?.buckets ?? []));
    g.fillStyle = colour("--heat-none");
    g.fillRect(LEFT, 0, column * COLUMNS, height);
    g.fillStyle = colour("--heat");
    this.series.forEach((each, i) => each?.buckets.forEach((count, row) => {
      if (count > 0 && row >= first && row <= last) {
        g.globalAlpha = 0.22 + 0.78 * Math.log1p(count) / Math.log1p(most);
        g.fillRect(x(i), (last - row) * ROW, Math.max(1, column - 0.5), ROW - 0.5);
      }
    }));
    g.globalAlpha = 1;
  }

  #drawAxes(g, {x, first, last, column, height}) {
    g.font = "11px system-ui, sans-serif";
    g.fillStyle = colour("--soft");
    g.textAlign = "right";
    g.textBaseline = "middle";
    for (let row = first + 1; row <= last; row++) {
      const bound = this.bounds[row - 1];
      if (/^[15]e/.test(bound.toExponential()) && (last - first < 12 || /^1e/.test(bound.toExponential()))) {
        g.fillText(duration(bound), LEFT - 6, (last - row + 1) * ROW);
        g.fillRect(LEFT - 4, (last - row + 1) * ROW - 0.5, 4, 1);
      }
    }
    g.textBaseline = "alphabetic";
    timeMarks(LEFT, column * COLUMNS).forEach(mark => {
      g.textAlign = mark.anchor === "middle" ? "center" : mark.anchor;
      g.fillText(mark.text, mark.x, height + BOTTOM - 4);
    });
    const index = this.#cursor.index(this.intervals.length);
    g.strokeStyle = colour("--ink");
    g.strokeRect(x(index) - 0.5, 0.5, column + 0.5, height - 1);
  }

  #describe(first, last) {
    const index = this.#cursor.index(this.intervals.length);
    const chosen = this.series[index];
    const moment = this.#cursor.moment(this.intervals, index);
    setText(this.moment, chosen === undefined ? `${moment}: no requests`
      : `${moment}: ${counted(chosen.count, "request")}, most of them ${this.#range(chosen)}`);
    const bounds = [first === 0 ? "0 ms" : duration(this.bounds[first - 1]),
      last === this.bounds.length ? "more than " + duration(this.bounds.at(-1)) : duration(this.bounds[last])];
    setAttribute(this.#canvas, "aria-label", `Heat map of ${this.kind.toLowerCase()} ${this.name}: `
      + `${number(this.series.reduce((all, each) => all + (each?.count ?? 0), 0))} requests in fifteen minutes, between `
      + `${bounds[0]} and ${bounds[1]}`);
  }

  /** The row with the most requests. */
  #range(series) {
    const row = series.buckets.indexOf(Math.max(...series.buckets));
    return row === 0 ? `below ${duration(this.bounds[0])}`
      : row === this.bounds.length ? `above ${duration(this.bounds.at(-1))}`
        : `from ${duration(this.bounds[row - 1])} to ${duration(this.bounds[row])}`;
  }
}
