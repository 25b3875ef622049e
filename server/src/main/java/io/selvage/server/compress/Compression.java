package io.selvage.server.compress;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.MediaTypeSet;

/// One coding in a location: how content is compressed, and which content is.
///
/// @param types the media types of what is compressed (`gzip_types`)
/// @param least the length in bytes from which content is compressed, if its length is known (`gzip_min_length`)
public record Compression(CoderSpec spec, MediaTypeSet types, long least) {

    /// True if a response with these fields and this length is compressed for clients that accept the coding.
    ///
    /// @param length in bytes; -1 if it is not known
    public boolean takes(Headers fields, long length) {
        return (length < 0 || length >= least) && types.matches(fields);
    }

    /// The weight that the client gives the coding, in thousandths; 0 if it does not accept it.
    public int weight(Exchange exchange) {
        return spec.coding().weight(exchange.headers());
    }
}
