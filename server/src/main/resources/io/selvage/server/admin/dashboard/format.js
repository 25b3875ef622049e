// Numbers as people read them: three significant digits, with a unit.

const CLOCK = new Intl.DateTimeFormat([], {hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false});
const MINUTES = new Intl.DateTimeFormat([], {hour: "2-digit", minute: "2-digit", hour12: false});
const DAY = new Intl.DateTimeFormat([], {dateStyle: "medium", timeStyle: "medium"});
const WHOLE = new Intl.NumberFormat("en", {maximumFractionDigits: 0});

export const NONE = "–";

/** Three significant digits. */
export function number(value) {
  if (!Number.isFinite(value)) {
    return NONE;
  }
  const size = Math.abs(value);
  if (size >= 100 || value === Math.round(value)) {
    return WHOLE.format(value);
  }
  return value.toFixed(size >= 10 ? 1 : 2);
}

/** A duration given in seconds. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) {
    return NONE;
  }
  if (seconds === 0) {
    return "0 ms";
  }
  if (seconds < 0.001) {
    return `${number(Math.round(seconds * 1e6))} µs`;
  }
  if (seconds < 1) {
    return `${number(trimmed(seconds * 1e3))} ms`;
  }
  if (seconds < 120) {
    return `${number(trimmed(seconds))} s`;
  }
  return age(seconds);
}

/** Without digits that three significant ones do not show. */
const trimmed = value => Number(value.toPrecision(3));

/** A long duration, given in seconds: two units at most. */
export function age(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  let left = Math.max(0, Math.floor(seconds));
  const parts = [];
  for (const [size, unit] of units) {
    if (left >= size || (size === 1 && parts.length === 0)) {
      parts.push(`${Math.floor(left / size)} ${unit}`);
      left %= size;
    }
  }
  return parts.slice(0, 2).join(" ");
}

/** Bytes, in powers of 1024. */
export function bytes(count) {
  if (!Number.isFinite(count)) {
    return NONE;
  }
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? WHOLE.format(value) : number(trimmed(value))} ${units[unit]}`;
}

export function percent(share) {
  if (!Number.isFinite(share)) {
    return NONE;
  }
  const value = share * 100;
  if (value > 0 && value < 0.1) {
    return "< 0.1 %";
  }
  return `${value === 0 || value >= 99.95 ? WHOLE.format(value) : value.toFixed(value >= 10 ? 1 : 2)} %`;
}

/** The time of day of a moment in milliseconds since 1970. */
export const clock = millis => CLOCK.format(millis);
export const minutes = millis => MINUTES.format(millis);
export const day = millis => DAY.format(millis);

/** "1 request", "2 requests". */
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
