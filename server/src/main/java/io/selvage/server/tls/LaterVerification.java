package io.selvage.server.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Lets a handshake go on whatever certificate the other side shows: it is verified by [PeerVerifier] behind the handshake,
/// before anything else is sent. The engine itself checks that the other side has the key.
final class LaterVerification extends X509ExtendedTrustManager {
    private final List<X509Certificate> names;

    /// @param names the authorities whose names are sent to the other side
    LaterVerification(List<X509Certificate> names) {
        this.names = names;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return names.toArray(X509Certificate[]::new);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {
        // Later.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {
        // Later.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket) {
        // Later.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket) {
        // Later.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
        // Later.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
        // Later.
    }
}
