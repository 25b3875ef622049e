package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http1.Framing;
import java.nio.charset.StandardCharsets;

/// The variables of a request as lines `NAME=value`, for people.
final class CgiListing extends CgiPacket {
    private CgiListing() {
        super(0);
    }

    static String of(CgiVariables variables, Exchange exchange, Framing body) {
        CgiListing listing = new CgiListing();
        variables.addTo(listing, exchange, body);
        return new String(listing.bytes(), 0, listing.end(), StandardCharsets.ISO_8859_1);
    }

    @Override
    void beforeName(int nameLength, int valueLength) {
        // Nothing stands in front of a name.
    }

    @Override
    void beforeValue(int valueLength) {
        append('=');
    }

    @Override
    void afterValue() {
        append('\n');
    }
}
