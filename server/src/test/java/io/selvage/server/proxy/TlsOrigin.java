package io.selvage.server.proxy;

import io.selvage.server.tls.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/// A peer that speaks TLS, in front of an [Origin] that does not. It is the server side of the JDK, on sockets of its own, and
/// writes down what each handshake brought.
public final class TlsOrigin implements AutoCloseable {
    private final Origin origin;
    private final ServerSocket listening;
    private final SSLContext context;
    private final Consumer<SSLSocket> options;
    private final Set<Long> sessions = ConcurrentHashMap.newKeySet();      // when they were created
    private final List<Handshake> handshakes = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean truncating;

    /// What a handshake brought.
    ///
    /// @param name that the client asked for; empty for none
    /// @param client the name in the client's certificate; empty for none
    /// @param resumed whether an earlier session was resumed
    public record Handshake(String protocol, String cipher, String name, String client, boolean resumed) {
    }

    private TlsOrigin(Origin origin, TestAuthority.Issued own, List<X509Certificate> chain, List<X509Certificate> clients,
            Consumer<SSLSocket> options) throws Exception {
        this.origin = origin;
        this.options = options;
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        for (X509Certificate client : clients) {
            trusted.setCertificateEntry("client" + trusted.size(), client);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new Keys(own, chain)}, clients.isEmpty() ? new TrustManager[0]
                : trust.getTrustManagers(), null);
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// A peer with a certificate that asks for none.
    ///
    /// @param chain what it shows with its certificate
    public static TlsOrigin inFrontOf(Origin origin, TestAuthority.Issued own, X509Certificate... chain) throws Exception {
        return new TlsOrigin(origin, own, List.of(chain), List.of(), _ -> { });
    }

    /// As [#inFrontOf].
    ///
    /// @param options of each connection, before its handshake
    public static TlsOrigin inFrontOf(Origin origin, TestAuthority.Issued own, Consumer<SSLSocket> options) throws Exception {
        return new TlsOrigin(origin, own, List.of(), List.of(), options);
    }

    /// A peer that needs a certificate of the authority.
    public static TlsOrigin needing(TestAuthority clients, Origin origin, TestAuthority.Issued own) throws Exception {
        return new TlsOrigin(origin, own, List.of(), List.of(clients.certificate()), socket -> socket.setNeedClientAuth(true));
    }

    /// Ends its connections without `close_notify` from now on.
    public TlsOrigin truncating() {
        truncating = true;
        return this;
    }

    public String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /// Those that were accepted, whatever became of their handshake.
    public int connections() {
        return connections.get();
    }

    /// Those that this side has completed. A client that ends the connection may be ahead of it.
    public List<Handshake> handshakes() {
        return handshakes;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket plain) {
        int colon = origin.address().lastIndexOf(':');
        try (plain; SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, false);
             Socket inner = new Socket("127.0.0.1", Integer.parseInt(origin.address().substring(colon + 1)))) {
            plain.setTcpNoDelay(true);
            inner.setTcpNoDelay(true);
            options.accept(socket);
            socket.startHandshake();
            handshakes.add(handshake(socket));
            Thread.ofVirtual().start(() -> {
                copy(socket::getInputStream, inner::getOutputStream);
                close(inner::shutdownOutput);
            });
            copy(inner::getInputStream, socket::getOutputStream);
            if (truncating) {
                plain.close();
            }
        } catch (IOException _) {
            // The test looks at what the other side makes of it.
        }
    }

    private Handshake handshake(SSLSocket socket) throws IOException {
        ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
        String names = session.getRequestedServerNames().stream().map(name -> new String(name.getEncoded()))
                .collect(Collectors.joining(","));
        return new Handshake(session.getProtocol(), session.getCipherSuite(), names, client(session),
                !sessions.add(session.getCreationTime()));
    }

    private static String client(ExtendedSSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return ((X509Certificate) chain[0]).getSubjectX500Principal().getName();
        } catch (SSLException _) {
            return "";
        }
    }

    @FunctionalInterface
    private interface Opening<T> {
        T open() throws IOException;
    }

    @FunctionalInterface
    private interface Closing {
        void close() throws IOException;
    }

    private static void copy(Opening<InputStream> from, Opening<OutputStream> to) {
        try {
            from.open().transferTo(to.open());
        } catch (IOException _) {
            // One side is gone.
        }
    }

    private static void close(Closing what) {
        try {
            what.close();
        } catch (IOException _) {
            // It is closed.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    /// The only key of the peer.
    private static final class Keys extends X509ExtendedKeyManager {
        private final TestAuthority.Issued own;
        private final X509Certificate[] chain;

        Keys(TestAuthority.Issued own, List<X509Certificate> more) {
            this.own = own;
            this.chain = Stream.concat(Stream.of(own.certificate()), more.stream()).toArray(X509Certificate[]::new);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return own.key().getAlgorithm().equals(keyType) ? "own" : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.key();
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
