package io.selvage.server.observe;

import java.util.Locale;

/// The severity of a message (the levels of `error_log`), in ascending order.
public enum Severity {
    DEBUG, INFO, NOTICE, WARN, ERROR, CRIT, ALERT, EMERG;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
