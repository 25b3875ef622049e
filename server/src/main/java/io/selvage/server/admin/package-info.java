/// # The admin API and the dashboard
///
/// An address of its own (`admin`), on which Helidon reads, routes and answers requests about the running server: its state, its
/// upstreams and sites, events, and changes.
///
/// Read `AdminServer`, then `AdminApi`, which lists the routes. `openapi.json` beside these classes in the jar describes them
/// for clients.
@NullMarked
package io.selvage.server.admin;

import org.jspecify.annotations.NullMarked;
