package io.selvage.server.config;

import java.util.Locale;

/// Where a directive can stand: the file itself, or the block that a directive of this name opens.
enum Block {
    MAIN, EVENTS, HTTP, SERVER, LOCATION, UPSTREAM, IF, LIMIT_EXCEPT, TYPES, STREAM, MAIL, MGMT, ACME_ISSUER, OIDC_PROVIDER;

    static Block named(String directive) {
        return valueOf(directive.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
