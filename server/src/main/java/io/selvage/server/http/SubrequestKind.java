package io.selvage.server.http;

/// What kind of request an exchange is of: a client's own, or a subrequest, which is a request for another URI of the same site
/// within a request.
public enum SubrequestKind {
    /// A client's own request.
    NONE,
    /// A subrequest.
    USUAL,
    /// A subrequest for the body of an answer only: a status without a body stays one, whatever error page there is for it.
    WITHOUT_PAGES,
    /// A subrequest that another thread runs, beside the request that it belongs to.
    BACKGROUND
}
