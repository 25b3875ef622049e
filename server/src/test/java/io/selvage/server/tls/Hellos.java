package io.selvage.server.tls;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/// First messages of clients, as the JDK's client sends them.
final class Hellos {
    private Hellos() {
    }

    /// One record with a ClientHello.
    static byte[] of(String serverName, String... alpn) throws SSLException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine(serverName, 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(alpn);
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] record = new byte[out.flip().remaining()];
        out.get(record);
        return record;
    }

    /// The message of a record, in records of a given size.
    static byte[] inRecordsOf(int size, byte[] record) {
        int length = record.length - 5;
        int records = (length + size - 1) / size;
        ByteBuffer out = ByteBuffer.allocate(length + 5 * records);
        for (int at = 0; at < length; at += size) {
            int part = Math.min(size, length - at);
            out.put(record, 0, 3).putShort((short) part).put(record, 5 + at, part);
        }
        return out.array();
    }
}
