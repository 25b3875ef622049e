package io.selvage.server.acme;

import java.time.Instant;

/// When an ACME server wants a certificate to be renewed (RFC 9773 §4).
///
/// @param start of the suggested window
/// @param end of the suggested window, behind its start
/// @param askAgain when the advice may have changed
record RenewalAdvice(Instant start, Instant end, Instant askAgain) {
}
