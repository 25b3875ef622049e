// The moment that all charts and heat maps show. Without a choice it is the newest interval.
import {el} from "./dom.js";
import {clock} from "./format.js";

/** The columns of a plot: the intervals of fifteen minutes, and the one that is still going on. */
export const COLUMNS = 91;

export class Cursor {
  #back = 0;                                             // how many intervals before the newest one
  #sliders = [];
  #listeners = [];

  /** Runs the listener after each move. */
  onMove(listener) {
    this.#listeners.push(listener);
  }

  /** A slider for a plot: it lies over it, follows the pointer, and obeys the arrow keys. */
  slider(title) {
    const slider = el("input", {type: "range", min: "0", max: String(COLUMNS - 1), value: String(COLUMNS - 1), class: "time",
      "aria-label": `${title}: moment`});
    slider.addEventListener("input", () => this.#move(Number(slider.max) - Number(slider.value)));
    slider.addEventListener("pointermove", event => {
      if (event.pointerType === "mouse") {
        const box = slider.getBoundingClientRect();
        const share = (event.clientX - box.left) / box.width;
        this.#move(COLUMNS - 1 - Math.min(COLUMNS - 1, Math.max(0, Math.floor(share * COLUMNS))));
      }
    });
    slider.addEventListener("pointerleave", () => this.#move(0));
    slider.addEventListener("keydown", event => {
      if (event.key === "Escape") {
        this.#move(0);
      }
    });
    this.#sliders.push(slider);
    return slider;
  }

  /** The number of the chosen one of so many intervals. */
  index(count) {
    return Math.max(0, count - 1 - this.#back);
  }

  /** Says which interval is chosen. */
  moment(intervals, index) {
    const {from, to} = intervals[index];
    const text = `${clock(Date.parse(from))} to ${clock(Date.parse(to))}`;
    return index === intervals.length - 1 ? `${text} (now)` : text;
  }

  /** Fits all sliders to the intervals. */
  fit(intervals) {
    this.#back = Math.min(this.#back, Math.max(0, intervals.length - 1));
    const index = this.index(intervals.length);
    this.#sliders = this.#sliders.filter(slider => slider.isConnected);
    this.#sliders.forEach(slider => {
      slider.value = String(COLUMNS - 1 - this.#back);
      slider.setAttribute("aria-valuetext", intervals.length > 0 ? this.moment(intervals, index) : "no requests yet");
    });
  }

  #move(back) {
    if (back !== this.#back) {
      this.#back = back;
      this.#listeners.forEach(listener => listener());
    }
  }
}
