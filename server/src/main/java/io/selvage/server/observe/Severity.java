package io.selvage.server.observe;

import java.util.Locale;

/// How bad it is, from chatter to the end of the world (`error_log` levels).
public enum Severity {
    DEBUG, INFO, NOTICE, WARN, ERROR, CRIT, ALERT, EMERG;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
