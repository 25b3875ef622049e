// The stream of events, with one snapshot a second. It is read with fetch instead of EventSource, which cannot send a token.
import {ApiError, request} from "./api.js";

/** Without an event for this long, what the page shows is stale. */
export const STALE_MILLIS = 3_500;
/** Without an event for this long, the stream is opened again. */
const DEAD_MILLIS = 10_000;
const FIRST_PAUSE_MILLIS = 1_000;
const LONGEST_PAUSE_MILLIS = 8_000;

/**
 * Reads the events of /api/events for ever. When the stream ends, it is opened again: after a second, then after two, four and
 * eight seconds at most.
 *
 * @param on `snapshot` receives each snapshot; `state` receives {state, retryAt, reason} when the stream opens or ends; the state
 *           is "live" or "lost"
 * @return reconnects at once when called
 */
export function follow(on) {
  let wake = () => {};
  run(on, () => new Promise(resolve => {
    wake = resolve;
  }));
  addEventListener("online", () => wake());
  return () => wake();
}

async function run(on, woken) {
  let pause = FIRST_PAUSE_MILLIS;
  for (;;) {
    let reason = "it ended the stream";
    try {
      await read(snapshot => {
        pause = FIRST_PAUSE_MILLIS;
        on.snapshot(snapshot);
      }, () => on.state({state: "live"}));
    } catch (error) {
      reason = error instanceof ApiError ? error.message
        : error.name === "TimeoutError" ? `no event for ${DEAD_MILLIS / 1000} seconds` : "it does not answer";
    }
    on.state({state: "lost", retryAt: Date.now() + pause, reason});
    await Promise.race([new Promise(resolve => setTimeout(resolve, pause)), woken()]);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
  }
}

/** Reads one stream to its end. */
async function read(onSnapshot, onOpen) {
  const silence = new AbortController();
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new DOMException("", "TimeoutError")), DEAD_MILLIS);
  };
  heard();
  try {
    const response = await request("/api/events", {headers: {Accept: "text/event-stream"}, signal: silence.signal});
    onOpen();
    let rest = "";
    for await (const text of texts(response.body)) {
      heard();
      const events = (rest + text).split("\n\n");
      rest = events.pop();
      events.filter(event => event.startsWith("event: snapshot\n")).forEach(event =>
        onSnapshot(JSON.parse(event.slice(event.indexOf("\ndata: ") + 7))));
    }
  } finally {
    clearTimeout(timer);
  }
}

async function* texts(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const {done, value} = await reader.read();
    if (done) {
      return;
    }
    yield value;
  }
}
