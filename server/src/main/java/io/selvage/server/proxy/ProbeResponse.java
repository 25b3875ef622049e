package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.ResponseHead;

/// The response to a probe.
///
/// @param exchange with the variables of the response
/// @param body its first 256 KiB; each `char` is one byte
public record ProbeResponse(Exchange exchange, ResponseHead head, String body) {
}
