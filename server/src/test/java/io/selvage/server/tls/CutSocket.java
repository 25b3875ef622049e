package io.selvage.server.tls;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// A socket below a client of the JDK, which does to the records on their way what a bad network or a bad client does.
final class CutSocket extends Socket {
    private boolean damage;
    private int slice;

    private CutSocket() {
    }

    static CutSocket to(InetSocketAddress server) throws IOException {
        CutSocket socket = new CutSocket();
        socket.connect(server);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /// A client above it, which trusts everybody.
    SSLSocket wrap() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new LaterVerification(List.<X509Certificate>of())}, new SecureRandom());
        SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket(this, "shop.example", 443, false);
        client.setSoTimeout(50_000);
        return client;
    }

    /// Changes the last byte of the next write.
    void damageNext() {
        damage = true;
    }

    /// Writes in pieces of a size.
    void slice(int size) {
        slice = size;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                byte[] sent = java.util.Arrays.copyOfRange(bytes, from, from + count);
                if (damage) {
                    damage = false;
                    sent[count - 1] ^= 1;
                }
                int size = slice == 0 ? count : slice;
                for (int at = 0; at < count; at += size) {
                    out.write(sent, at, Math.min(size, count - at));
                }
            }
        };
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return super.getInputStream();
    }
}
