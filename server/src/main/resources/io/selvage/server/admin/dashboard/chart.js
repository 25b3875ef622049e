// Curves over the last fifteen minutes, and small ones over the last two.
import {COLUMNS} from "./cursor.js";
import {el, setAttribute, setText, svg} from "./dom.js";

const HEIGHT = 150;
const LEFT = 52;
const BOTTOM = 20;
const TOP = 8;

/** Steps of an axis from zero: three to five round numbers. */
export function linearScale(most) {
  const raw = Math.max(most, 1e-9) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(each => each >= raw);
  const steps = Array.from({length: Math.max(1, Math.ceil(most / step - 1e-9)) + 1}, (_, i) => i * step);
  return {steps, at: value => value / steps.at(-1)};
}

/** Steps of a logarithmic axis: powers of ten around the values. */
export function logScale(values) {
  const positive = values.filter(value => value > 0);
  const low = Math.floor(Math.log10(Math.min(...positive, 0.01)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive, 0.001)) - 1e-9));
  const steps = Array.from({length: high - low + 1}, (_, i) => 10 ** (low + i));
  return {steps, at: value => Math.max(0, (Math.log10(value) - low) / (high - low))};
}

/**
 * A chart in a figure of the page: curves that differ by colour and by dashes, a legend that is a table of the values at the
 * cursor, and a slider over the plot that moves the cursor.
 */
export class Chart {
  #plot;
  #legend;
  #cursor;

  /**
   * @param curves {name, line}: the line names a class of style.css
   * @param scale makes the axis from all values
   * @param format writes a value
   */
  constructor(figure, {curves, scale, format, cursor}) {
    Object.assign(this, {figure, curves, scale, format});
    this.#cursor = cursor;
    this.title = figure.querySelector("h3").textContent;
    this.#plot = svg("svg", {role: "img", height: HEIGHT});
    const area = el("div", {class: "plot"}, this.#plot, cursor.slider(this.title));
    this.#legend = el("dl", {class: "legend"});
    curves.forEach(curve => this.#legend.append(el("div", {},
      el("dt", {}, svg("svg", {class: `sample ${curve.line}`, width: 26, height: 8, "aria-hidden": "true"},
        svg("line", {x1: 0, y1: 4, x2: 26, y2: 4})), curve.name),
      el("dd", {}, "–"))));
    this.moment = el("p", {class: "moment"});
    figure.append(area, this.#legend, this.moment);
    new ResizeObserver(() => this.draw()).observe(area);
  }

  /** @param values for each curve, a value for each interval; NaN for none */
  show(intervals, values) {
    Object.assign(this, {intervals, values});
    this.draw();
  }

  draw() {
    const width = this.#plot.parentElement.clientWidth;
    if (width === 0 || !this.intervals?.length) {
      return;
    }
    const index = this.#cursor.index(this.intervals.length);
    const all = this.values.flat().filter(Number.isFinite);
    const axis = this.scale(all);
    const x = i => LEFT + (width - LEFT - 6) * (COLUMNS - this.intervals.length + i + 0.5) / COLUMNS;
    const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - axis.at(value));
    setAttribute(this.#plot, "viewBox", `0 0 ${width} ${HEIGHT}`);
    setAttribute(this.#plot, "width", String(width));
    setAttribute(this.#plot, "aria-label", this.#summary());
    this.#plot.replaceChildren(
      ...axis.steps.flatMap(step => [
        svg("line", {class: "grid", x1: LEFT, x2: width, y1: y(step), y2: y(step)}),
        svg("text", {x: LEFT - 6, y: y(step) + 4, "text-anchor": "end"}, this.format(step))]),
      ...timeMarks(LEFT, width - LEFT - 6).map(mark =>
        svg("text", {x: mark.x, y: HEIGHT - 4, "text-anchor": mark.anchor}, mark.text)),
      svg("line", {class: "cursor", x1: x(index), x2: x(index), y1: TOP, y2: HEIGHT - BOTTOM}),
      ...this.curves.flatMap((curve, c) => [
        svg("path", {class: `curve ${curve.line}`, d: path(this.values[c], x, y)}),
        ...(Number.isFinite(this.values[c][index])
          ? [svg("circle", {class: `dot ${curve.line}`, cx: x(index), cy: y(this.values[c][index]), r: 3})] : [])]));
    [...this.#legend.querySelectorAll("dd")].forEach((cell, c) => setText(cell, this.format(this.values[c][index])));
    setText(this.moment, this.#cursor.moment(this.intervals, index));
  }

  #summary() {
    const parts = this.curves.map((curve, c) => {
      const known = this.values[c].filter(Number.isFinite);
      return known.length === 0 ? `${curve.name} none`
        : `${curve.name} between ${this.format(Math.min(...known))} and ${this.format(Math.max(...known))}`;
    });
    return `${this.title} over the last fifteen minutes: ${parts.join("; ")}`;
  }
}

function path(values, x, y) {
  let d = "";
  values.forEach((value, i) => {
    if (Number.isFinite(value)) {
      const joined = i > 0 && Number.isFinite(values[i - 1]);
      d += `${joined ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}${joined ? "" : "h0.01"}`;
    }
  });
  return d;
}

/** The marks on the axis of time. */
export function timeMarks(left, width) {
  const x = minutesAgo => left + width * (COLUMNS - 1 - 6 * minutesAgo + 0.5) / COLUMNS;
  return [
    {x: left, text: "15 min ago", anchor: "start"},
    {x: x(10), text: "10", anchor: "middle"},
    {x: x(5), text: "5", anchor: "middle"},
    {x: left + width, text: "now", anchor: "end"},
  ];
}

/** Draws a small curve without axes into an svg element of 120 by 28. */
export function spark(element, values) {
  const points = Math.max(30, values.length);
  const known = values.filter(Number.isFinite);
  const most = Math.max(...known, 1e-9);
  const x = i => 120 * (points - values.length + i + 0.5) / points;
  const y = value => 26 - 24 * value / most;
  element.replaceChildren(svg("path", {class: "curve", d: path(values, x, y)}));
}
