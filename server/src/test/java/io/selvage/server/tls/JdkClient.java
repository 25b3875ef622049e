package io.selvage.server.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// A client of the JDK, which trusts the certification authority of the tests. It keeps sessions from one connection to the next.
final class JdkClient {
    private static final char[] PASSWORD = "none".toCharArray();

    private final SSLContext context;
    private final List<Consumer<SSLParameters>> settings = new ArrayList<>();

    JdkClient(Optional<CertifiedKey> own) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", Pem.certificates("ca").getFirst());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore owned = KeyStore.getInstance("PKCS12");
        owned.load(null, null);
        if (own.isPresent()) {
            owned.setKeyEntry("own", own.get().key(), PASSWORD, own.get().chain().toArray(java.security.cert.Certificate[]::new));
        }
        keys.init(owned, PASSWORD);
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    }

    JdkClient() throws GeneralSecurityException, IOException {
        this(Optional.empty());
    }

    JdkClient with(Consumer<SSLParameters> setting) {
        settings.add(setting);
        return this;
    }

    JdkClient speaking(String version) {
        return with(parameters -> parameters.setProtocols(new String[] {version}));
    }

    /// A connection whose handshake has not begun.
    SSLSocket connect(InetSocketAddress to, String serverName) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(to.getAddress(), to.getPort());
        socket.setSoTimeout(50_000);
        socket.setTcpNoDelay(true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        settings.forEach(setting -> setting.accept(parameters));
        socket.setSSLParameters(parameters);
        return socket;
    }

    SSLSocket connect(TlsServed server) throws IOException {
        return connect(server.address(), "shop.example");
    }

    /// Sends a word and returns what comes back of the same length.
    static String exchange(SSLSocket socket, String word) throws IOException {
        socket.getOutputStream().write(word.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readNBytes(word.length()), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
