package io.selvage.server.module;

import io.selvage.server.config.Context;

/// The blocks that can contain directives.
public final class Contexts {
    public static final Context EVENTS = new Context("events");
    public static final Context HTTP = new Context("http");
    public static final Context SERVER = new Context("server");
    public static final Context LOCATION = new Context("location");
    /// `if` in a location.
    public static final Context IF = new Context("if");
    /// `if` in a server, which contains rewrites only.
    public static final Context IF_IN_SERVER = new Context("if-in-server");
    public static final Context LIMIT_EXCEPT = new Context("limit_except");
    public static final Context UPSTREAM = new Context("upstream");
    /// What a response to a health check must look like.
    public static final Context MATCH = new Context("match");

    private Contexts() {
    }
}
