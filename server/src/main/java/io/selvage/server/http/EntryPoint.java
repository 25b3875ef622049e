package io.selvage.server.http;

/// What a request meets first at the address where it comes in. All parts are of one configuration.
///
/// @param options of the client's connection until a location is known
/// @param hosts options for the rest of a head, once its host is known
/// @param routers find the answers
public record EntryPoint(ClientOptions options, HostOptions hosts, Router.Factory routers) {
}
