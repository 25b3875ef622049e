package io.selvage.server.route;

/// Whether a site wants certificates of its clients (`ssl_verify_client`).
public enum VerifyClient {
    /// Clients are not asked.
    OFF,
    /// Requests without a good certificate are refused.
    ON,
    /// Requests with a bad certificate are refused.
    OPTIONAL,
    /// Requests with a bad certificate are refused, unless it is only that no trusted authority is known for it.
    OPTIONAL_NO_CA
}
