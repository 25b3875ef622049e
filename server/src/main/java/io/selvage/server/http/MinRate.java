package io.selvage.server.http;

import java.time.Duration;

/// The least speed of a client that sends a request body, or takes a response (`client_body_min_rate`, `send_min_rate`).
///
/// The time that the server may spend on waiting for the client is `grace`, and for each byte the time that it takes at this
/// speed.
///
/// @param bytesPerSecond 0 for no such bound
/// @param grace zero or more
public record MinRate(long bytesPerSecond, Duration grace) {
    /// Clients may be as slow as the time-outs allow.
    public static final MinRate OFF = new MinRate(0, Duration.ZERO);

    private static final double SECOND = 1e9;

    public MinRate {
        if (bytesPerSecond < 0 || grace.isNegative()) {
            throw new IllegalArgumentException("a rate of " + bytesPerSecond + " with a grace of " + grace);
        }
    }

    public boolean isOff() {
        return bytesPerSecond == 0;
    }

    /// The nanoseconds that bytes take at this speed, which is not off.
    public double nanosFor(long bytes) {
        return bytes * SECOND / bytesPerSecond;
    }
}
