package io.selvage.server.config;

/// Everything a configuration says, with every default filled in. Immutable, and equal when it means the same.
///
/// Start with [Configs]. Each component that a directive sets names the directive, and its default, in its
/// [Setting] annotation.
public record Config(MainConfig main, EventsConfig events, HttpConfig http) {}
