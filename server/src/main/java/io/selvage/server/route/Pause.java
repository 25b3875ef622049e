package io.selvage.server.route;

import io.selvage.server.http.Client;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Delays the thread of an exchange.
@FunctionalInterface
public interface Pause {
    /// Waits in real time.
    Pause REAL = Pause::real;

    /// Waits for a time, or until the client disconnects.
    ///
    /// @return true if the client is still connected
    boolean pause(Client client, Duration time) throws InterruptedException;

    /// Delays a request.
    ///
    /// @throws Failure if the client disconnects during the delay, or the server stops
    default void delay(Exchange exchange, Duration time) throws Failure {
        try {
            if (!pause(exchange.client(), time)) {
                throw Failure.downstream(Failure.What.CLOSED, "client closed connection while its request was delayed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.here(Failure.What.OVERLOADED, "interrupted while a request was delayed");
        }
    }

    private static boolean real(Client client, Duration time) throws InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        try (var watch = client.watch(gone::countDown)) {
            return !gone.await(time.toNanos(), TimeUnit.NANOSECONDS) && !watch.isGone();
        }
    }
}
