package io.selvage.server.ssi;

import io.selvage.server.http.Exchange;
import java.util.Optional;

/// What the `config` command of a page sets.
public final class SsiConfig {
    static final String ERROR = "[an error occurred while processing the directive]";
    private static final String TIME = "%A, %d-%b-%Y %H:%M:%S %Z";

    private String errorMessage = ERROR;
    private String timeFormat = TIME;

    static SsiConfig of(Exchange exchange) {
        return exchange.state(SsiConfig.class, SsiConfig::new);
    }

    /// The format of times on the page of an exchange, in the notation of `strftime`; `$date_local`.
    public static String timeFormat(Exchange exchange) {
        Optional<SsiConfig> page = exchange.state(SsiConfig.class);
        return page.map(config -> config.timeFormat).orElse(TIME);
    }

    void timeFormat(String format) {
        timeFormat = format;
    }

    /// What stands in the place of a command that failed.
    String errorMessage() {
        return errorMessage;
    }

    void errorMessage(String message) {
        errorMessage = message;
    }
}
