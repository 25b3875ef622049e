// A long list of which a few items are shown until a button asks for all.
import {setAttribute, setText} from "./dom.js";
import {number} from "./format.js";

export class More {
  #button;
  #few;
  #all = false;

  /** @param changed draws the list again */
  constructor(button, few, changed) {
    this.#button = button;
    this.#few = few;
    button.addEventListener("click", () => {
      this.#all = !this.#all;
      changed();
    });
  }

  /** How many items of so many are shown. */
  of(count) {
    this.#button.hidden = count <= this.#few;
    setText(this.#button, this.#all ? "Show fewer" : `Show all ${number(count)}`);
    setAttribute(this.#button, "aria-expanded", String(this.#all));
    return this.#all ? count : Math.min(count, this.#few);
  }
}
