package io.selvage.server.module;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.Target;
import io.selvage.server.http.UnconnectedClient;
import io.selvage.server.http.Version;
import io.selvage.server.tls.CipherSuite;
import io.selvage.server.tls.ClientHello;
import io.selvage.server.tls.NamedGroup;
import io.selvage.server.tls.PeerVerification;
import io.selvage.server.tls.TlsInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A client in its handshake, for the variables in names of certificates. They see what the client has offered, and no request.
///
/// @param hello the first message of the client
record HandshakeClient(ClientHello hello) implements UnconnectedClient, TlsInfo {
    private static final SocketAddress UNKNOWN = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final RequestHead NOTHING = new RequestHead(Method.GET, new Target(Target.Form.ORIGIN, "/", "/", "", ""),
            Version.HTTP_1_0, Headers.EMPTY, Optional.empty(), "", 0, false);

    /// An exchange without a request, for variables.
    Exchange exchange() {
        return new Exchange(NOTHING, this, RequestBody.none(), ClientOptions.DEFAULT, Optional.empty(), System.nanoTime(),
                System.currentTimeMillis());
    }

    @Override
    public Optional<TlsInfo> tls() {
        return Optional.of(this);
    }

    /// Without a name that could lead out of a folder.
    @Override
    public Optional<String> serverName() {
        return hello.serverName().filter(name -> name.matches("[^/\\\\\\x00-\\x20]*") && !name.contains(".."));
    }

    @Override
    public List<String> clientCiphers() {
        return Arrays.stream(hello.ciphers()).mapToObj(CipherSuite::nameOf).toList();
    }

    @Override
    public List<String> clientGroups() {
        return Arrays.stream(hello.groups()).mapToObj(NamedGroup::nameOf).toList();
    }

    @Override
    public List<String> clientAlpn() {
        return hello.alpn();
    }

    @Override
    public String sessionId() {
        return hello.sessionId();
    }

    @Override
    public String protocol() {
        return "";
    }

    @Override
    public String cipher() {
        return "";
    }

    @Override
    public Optional<String> group() {
        return Optional.empty();
    }

    @Override
    public boolean isReused() {
        return false;
    }

    @Override
    public Optional<String> alpn() {
        return Optional.empty();
    }

    @Override
    public List<X509Certificate> peerChain() {
        return List.of();
    }

    @Override
    public PeerVerification verification() {
        return PeerVerification.NONE;
    }

    @Override
    public SocketAddress remote() {
        return UNKNOWN;
    }

    @Override
    public String remoteHost() {
        return "";
    }

    @Override
    public SocketAddress local() {
        return UNKNOWN;
    }

    @Override
    public int requests() {
        return 0;
    }
}
