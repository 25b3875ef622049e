package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes numbers for clients. Each is another one. Any thread.
///
/// @param old whether they have the first version of the format (`userid v1`)
/// @param service the first word (`userid_service`); without it, that is the address of the server, or 0 in the first version
public record UserIdSource(boolean old, OptionalLong service) {
    private static final int FIRST = 0x03030302;           // the second version begins with this sequence
    private static final int STEP = 0x100;
    private static final AtomicInteger SEQUENCE = new AtomicInteger(FIRST);
    private static final AtomicInteger OLD_SEQUENCE = new AtomicInteger(1);
    private static final int PID = (int) ProcessHandle.current().pid();

    UserId next(Exchange exchange) {
        long micros = System.nanoTime() / 1000 % 1_000_000;
        int start = (int) (micros / 20 << 16) | PID & 0xffff;
        ByteBuffer words = ByteBuffer.allocate(16);
        words.putInt(first(exchange)).putInt((int) (System.currentTimeMillis() / 1000)).putInt(start).putInt(sequence());
        return new UserId(words.array(), UserId.NO_MARK);
    }

    private int first(Exchange exchange) {
        if (service.isPresent() || old) {
            return (int) service.orElse(0);
        }
        if (exchange.client().local() instanceof InetSocketAddress inet && inet.getAddress() != null) {
            byte[] address = inet.getAddress().getAddress();
            return ByteBuffer.wrap(address, address.length - 4, 4).getInt();
        }
        return 0;
    }

    private int sequence() {
        return old ? OLD_SEQUENCE.getAndAdd(STEP)
                : SEQUENCE.getAndUpdate(last -> last + STEP < FIRST ? FIRST : last + STEP);
    }
}
