"use strict";
const state = document.getElementById("state");
const peers = document.getElementById("peers");
const events = new EventSource("api/events");

events.onerror = () => { state.textContent = "the server does not answer"; };

events.addEventListener("snapshot", event => {
  const snapshot = JSON.parse(event.data);
  const connections = snapshot.status.connections;
  state.textContent = `${snapshot.status.state}, ${connections.requests} requests, ${connections.active} connections`;
  peers.replaceChildren(...snapshot.upstreams.flatMap(upstream => upstream.peers.map(peer => row(
    upstream.name, peer.address, peer.state, peer.in_flight, peer.requests, peer.failures))));
});

function row(...values) {
  const row = document.createElement("tr");
  for (const value of values) {
    const cell = document.createElement("td");
    cell.textContent = value;
    row.append(cell);
  }
  return row;
}
