// Requests to the admin API. A failed one throws an ApiError with what the server says about it.
import {byId} from "./dom.js";

const KEY = "selvage.token";
const PATIENCE_MILLIS = 10_000;

let token = stored();

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The answer to GET, as an object. */
export async function get(path) {
  return (await request(path, {signal: AbortSignal.timeout(PATIENCE_MILLIS)})).json();
}

/** Changes a part of what is at a path. */
export async function patch(path, change) {
  await request(path, {
    method: "PATCH",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify(change),
    signal: AbortSignal.timeout(PATIENCE_MILLIS),
  });
}

/** The answer to any request. Asks for the token if the server wants one, and then repeats the request. */
export async function request(path, options = {}) {
  const headers = {Accept: "application/json", ...options.headers};
  if (token !== "") {
    headers.Authorization = `Bearer ${token}`;
  }
  const response = await fetch(path, {...options, headers, cache: "no-store"});
  if (response.ok) {
    return response;
  }
  if (response.status === 401 || response.status === 403 && token === "") {
    if (await askForToken(token)) {
      return request(path, {...options, signal: undefined});
    }
  }
  throw new ApiError(response.status, await problem(response));
}

/** What the document of a problem says (RFC 9457). */
async function problem(response) {
  try {
    const {title, detail} = await response.json();
    return detail ?? title ?? `status ${response.status}`;
  } catch {
    return `status ${response.status} ${response.statusText}`.trim();
  }
}

let asking;                                              // the question that is open, so that all requests share it

/** @return whether there is another token than the refused one */
function askForToken(refused) {
  if (token !== refused) {
    return Promise.resolve(true);
  }
  asking ??= new Promise(resolve => {
    const dialog = byId("token-dialog");
    const input = byId("token");
    byId("token-refused").hidden = refused === "";
    dialog.addEventListener("close", () => {
      asking = undefined;
      const given = dialog.returnValue === "use" ? input.value.trim() : "";
      input.value = "";
      if (given !== "") {
        token = given;
        store(given);
      }
      resolve(given !== "");
    }, {once: true});
    dialog.returnValue = "";
    dialog.showModal();
  });
  return asking;
}

function stored() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";                                           // the browser stores nothing
  }
}

function store(value) {
  try {
    sessionStorage.setItem(KEY, value);
  } catch {
    // it lasts as long as the page
  }
}
