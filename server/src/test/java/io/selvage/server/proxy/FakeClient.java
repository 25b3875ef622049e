package io.selvage.server.proxy;

import io.selvage.server.http.Authority;
import io.selvage.server.http.Client;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.DisconnectWatch;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Target;
import io.selvage.server.http.Version;
import io.selvage.server.net.AddressText;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// A client without a connection: its requests are given, what it gets is recorded, and it disconnects on command.
final class FakeClient implements Client {
    final List<ResponseHead> interims = new CopyOnWriteArrayList<>();

    private final Object lock = new Object();
    private Version version = Version.HTTP_1_1;
    private boolean gone;                                  // guarded by lock
    private Runnable whenGone = () -> { };                 // guarded by lock

    /// The version of its further requests.
    void speaks(Version other) {
        version = other;
    }

    /// An exchange of this client without a body.
    Exchange asks(String method, String target, String... fields) {
        return sends(FakeBody.NONE, method, target, fields);
    }

    Exchange sends(RequestBody body, String method, String target, String... fields) {
        int mark = target.indexOf('?');
        String raw = mark < 0 ? target : target.substring(0, mark);
        Target parsed = new Target(Target.Form.ORIGIN, target, decoded(raw), mark < 0 ? "" : target.substring(mark + 1), "");
        RequestHead head = new RequestHead(Method.of(method), parsed, version, Headers.of(fields),
                Headers.of(fields).first("Host").flatMap(Authority::parse), method + " " + target + " HTTP/1.1", 100, false);
        return new Exchange(head, this, body, ClientOptions.DEFAULT, Optional.empty(), System.nanoTime(),
                System.currentTimeMillis());
    }

    private static String decoded(String raw) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            boolean encoded = raw.charAt(i) == '%';
            path.append(encoded ? (char) Integer.parseInt(raw, i + 1, i + 3, 16) : raw.charAt(i));
            i += encoded ? 2 : 0;
        }
        return path.toString();
    }

    /// Ends the client's side, as a closed connection would.
    void goAway() {
        Runnable action;
        synchronized (lock) {
            gone = true;
            action = whenGone;
        }
        action.run();
    }

    @Override
    public SocketAddress remote() {
        return new InetSocketAddress("127.0.0.1", 50000);
    }

    @Override
    public String remoteHost() {
        return AddressText.host(remote());
    }

    @Override
    public SocketAddress local() {
        return new InetSocketAddress("127.0.0.1", 80);
    }

    @Override
    public long serial() {
        return 1;
    }

    @Override
    public int requests() {
        return 1;
    }

    @Override
    public long sent() {
        return 0;
    }

    @Override
    public void interim(ResponseHead head) {
        interims.add(head);
    }

    @Override
    public DisconnectWatch watch(Runnable action) {
        synchronized (lock) {
            whenGone = action;
            if (gone) {
                action.run();
            }
        }
        return new DisconnectWatch() {
            @Override
            public boolean isGone() {
                synchronized (lock) {
                    return gone;
                }
            }

            @Override
            public void close() {
                synchronized (lock) {
                    whenGone = () -> { };
                }
            }
        };
    }
}
