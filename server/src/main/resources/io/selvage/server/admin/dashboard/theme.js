// Light, dark, or as the system: a choice that the browser keeps.
import {byId} from "./dom.js";

const KEY = "selvage.theme";

/** Runs the listener after each change of the colours, because canvases do not follow CSS. */
export function themes(onChange) {
  const choice = byId("theme");
  choice.value = stored();
  apply(choice.value);
  choice.addEventListener("change", () => {
    apply(choice.value);
    store(choice.value);
    onChange();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
}

function apply(theme) {
  if (theme === "auto") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

function stored() {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === "light" || theme === "dark" ? theme : "auto";
  } catch {
    return "auto";                                       // the browser stores nothing
  }
}

function store(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // the choice lasts as long as the page
  }
}

/** The colour that a custom property of CSS has now. */
export function colour(name) {
  const probe = byId("colour");
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}
