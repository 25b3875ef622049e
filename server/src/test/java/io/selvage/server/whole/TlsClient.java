package io.selvage.server.whole;

import io.selvage.server.proxy.ByteReader;
import io.selvage.server.tls.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Connections of a client that speaks TLS and trusts every certificate. Those of one client share their sessions, whatever
/// server they are to.
public final class TlsClient {
    private static final int PATIENCE_MILLIS = 50_000;
    private static final int HTTPS = 443;

    private final SSLContext context;
    private final SSLParameters parameters = new SSLParameters();

    private TlsClient(KeyManager... keys) {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new TrustEverything()}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A client that names a host in its handshakes.
    public static TlsClient of(String host) {
        return new TlsClient().names(host);
    }

    /// A client that names no host.
    public static TlsClient nameless() {
        return new TlsClient();
    }

    /// A client with a certificate that names a host.
    ///
    /// @param chain what it sends behind its own certificate
    public static TlsClient of(String host, TestAuthority.Issued own, X509Certificate... chain) {
        return new TlsClient(new OneKey(own, chain)).names(host);
    }

    private TlsClient names(String host) {
        parameters.setServerNames(List.of(new SNIHostName(host)));
        return this;
    }

    public TlsClient protocols(String... protocols) {
        parameters.setProtocols(protocols);
        return this;
    }

    /// @param suites by their names in Java
    public TlsClient ciphers(String... suites) {
        parameters.setCipherSuites(suites);
        return this;
    }

    /// @param groups by their names in Java
    public TlsClient groups(String... groups) {
        parameters.setNamedGroups(groups);
        return this;
    }

    public TlsClient alpn(String... protocols) {
        parameters.setApplicationProtocols(protocols);
        return this;
    }

    /// Connects and makes the handshake.
    public Opened open(InetSocketAddress address) throws IOException {
        return over(connected(new AnyPort(), address));
    }

    /// As [#open], and keeps what comes from the server, as it is on the wire.
    public Opened open(InetSocketAddress address, ByteArrayOutputStream received) throws IOException {
        return over(connected(new RecordingSocket(received), address));
    }

    private static Socket connected(Socket plain, InetSocketAddress address) throws IOException {
        plain.setTcpNoDelay(true);
        plain.connect(address, PATIENCE_MILLIS);
        plain.setSoTimeout(PATIENCE_MILLIS);
        return plain;
    }

    /// Connects, sends some bytes, and makes the handshake then.
    public Opened openAfter(InetSocketAddress address, String bytes) throws IOException {
        Socket plain = connected(new AnyPort(), address);
        plain.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        return over(plain);
    }

    private Opened over(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", HTTPS, true);
        try {
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new Opened(socket, new ByteReader(socket.getInputStream()::read));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// The answer to a GET on a connection of its own.
    public String get(InetSocketAddress address, String host, String target) throws IOException {
        try (Opened opened = open(address)) {
            return opened.get(host, target);
        }
    }

    /// A connection behind its handshake.
    public record Opened(SSLSocket socket, ByteReader in) implements AutoCloseable {
        public SSLSession session() {
            return socket.getSession();
        }

        /// The certificate of the server.
        public X509Certificate certificate() throws IOException {
            return (X509Certificate) session().getPeerCertificates()[0];
        }

        public Opened send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            return this;
        }

        /// Sends a GET, and reads to the end of the connection.
        public String get(String host, String target) throws IOException {
            return send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").in.readToEnd();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// Has the same port whatever server it is connected to: the JDK keeps the sessions of each port apart.
    private static class AnyPort extends Socket {
        @Override
        public int getPort() {
            return super.getPort() == 0 ? 0 : HTTPS;
        }
    }

    private static final class RecordingSocket extends AnyPort {
        private final ByteArrayOutputStream received;

        RecordingSocket(ByteArrayOutputStream received) {
            this.received = received;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    int count = super.read(into, from, length);
                    received.write(into, from, Math.max(0, count));
                    return count;
                }
            };
        }
    }

    private static final class TrustEverything implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /// Shows its certificate to every server that asks for one, whatever authorities it names.
    private static final class OneKey extends X509ExtendedKeyManager {
        private static final String ALIAS = "own";

        private final TestAuthority.Issued own;
        private final X509Certificate[] chain;

        OneKey(TestAuthority.Issued own, X509Certificate... issuers) {
            this.own = own;
            this.chain = new X509Certificate[issuers.length + 1];
            chain[0] = own.certificate();
            System.arraycopy(issuers, 0, chain, 1, issuers.length);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.key();
        }
    }
}
