package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// What is done with a response on its way from the peer to the client.
///
/// @param rate the most bytes a second that are read of a buffered response, 0 for no bound (`proxy_limit_rate`)
/// @param forceRanges true to cut ranges out of responses (`proxy_force_ranges`)
/// @param trailers true to pass trailers on (`proxy_pass_trailers`)
/// @param store where copies are stored (`proxy_store`)
public record Delivery(ToLongFunction<Exchange> rate, boolean forceRanges, boolean trailers, Optional<ResponseStore> store) {
    /// As it comes.
    public static final Delivery PLAIN = new Delivery(_ -> 0, false, false, Optional.empty());
}
