package io.selvage.server.http;

/// Finds the answer to one exchange. Made for it, and used by the thread of the exchange only.
public interface Router {

    /// Goes all the way to the answer.
    ///
    /// @throws Failure where a step failed; [#routeFailure] goes on from there
    FinalAnswer route() throws Failure;

    /// Logs a failure that is not logged yet, and goes on to the answer that reports it, which may be an error page.
    ///
    /// @param failure what [#route] or this method threw, or why the answer that they found could not be sent
    /// @throws Failure where a step on that way failed
    FinalAnswer routeFailure(Failure failure) throws Failure;

    /// A router for a subrequest: in the same site, from the rewrites of the server on. Until it is run, it is in the location of
    /// this one.
    Router subrequest(Exchange child);

    /// Logs the exchange, which is finished.
    void log();

    /// Makes routers, each with the same configuration.
    @FunctionalInterface
    interface Factory {
        Router of(Exchange exchange);
    }

    /// Makes routers that explain what those of a [Factory] would decide, without asking others.
    @FunctionalInterface
    interface Explaining {
        /// @param into gets the explanation; it is the exchange's [Explanation] as well
        Router explaining(Exchange exchange, Explanation into);
    }
}
