package io.selvage.server.http;

import io.selvage.server.net.AddressText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/// A client without a connection: what it asks is given line by line, and a test makes it go away.
public final class FakeClient implements Client {
    private final SocketAddress remote;
    private final SocketAddress local;
    private boolean gone;
    private Runnable whenGone = () -> { };

    private FakeClient(SocketAddress remote, SocketAddress local) {
        this.remote = remote;
        this.local = local;
    }

    public static FakeClient at(SocketAddress remote) {
        return new FakeClient(remote, address("127.0.0.1", 8080));
    }

    public static FakeClient at(String ip) {
        return at(address(ip, 50_000));
    }

    public FakeClient comingTo(String ip, int port) {
        return new FakeClient(remote, address(ip, port));
    }

    private static SocketAddress address(String ip, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    }

    /// An exchange that begins with these lines, request line and fields; the host asked for is known already.
    public static Exchange asks(String... lines) {
        return at("10.0.0.1").begins(lines);
    }

    public Exchange begins(String... lines) {
        return sends(new FakeBody(0, false), lines);
    }

    /// An exchange whose head was refused.
    public static Exchange refused(Refusal why, String... lines) {
        return at("10.0.0.1").exchange(new FakeBody(0, false), Optional.of(why), lines);
    }

    /// The same with a body.
    public Exchange sends(RequestBody body, String... lines) {
        return exchange(body, Optional.empty(), lines);
    }

    private Exchange exchange(RequestBody body, Optional<Refusal> refusal, String... lines) {
        Headers.Builder fields = Headers.builder();
        int size = lines[0].length() + 4;
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            fields.add(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
            size += lines[i].length() + 2;
        }
        String[] words = lines[0].split(" ");
        Version version = words[2].equals("HTTP/1.0") ? Version.HTTP_1_0 : Version.HTTP_1_1;
        Headers headers = fields.build();
        Target target = target(words[1]);
        Optional<String> host = target.authority().isEmpty() ? headers.first("Host") : Optional.of(target.authority());
        RequestHead head = new RequestHead(Method.of(words[0]), target, version, headers, host.flatMap(Authority::parse),
                lines[0], size, false);
        return new Exchange(head, this, body, ClientOptions.DEFAULT, refusal, 0, 0);
    }

    private static Target target(String text) {
        if (text.equals("*")) {
            return new Target(Target.Form.ASTERISK, text, text, "", "");
        }
        int scheme = text.indexOf("://");
        int slash = scheme < 0 ? 0 : text.indexOf('/', scheme + 3);
        String raw = text.substring(slash);
        int mark = raw.indexOf('?');
        String path = decoded(mark < 0 ? raw : raw.substring(0, mark));
        return new Target(scheme < 0 ? Target.Form.ORIGIN : Target.Form.ABSOLUTE, raw, path,
                mark < 0 ? "" : raw.substring(mark + 1), scheme < 0 ? "" : text.substring(scheme + 3, slash));
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

    /// The text of a body that lies in memory.
    public static String text(Body body) {
        return switch (body) {
            case Body.None() -> "";
            case Body.Bytes(ByteBuffer bytes, _) -> StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
            case Body.FilePart _, Body.Parts _, Body.Stream _ -> throw new IllegalArgumentException("not in memory: " + body);
        };
    }

    public synchronized void goAway() {
        gone = true;
        whenGone.run();
    }

    @Override
    public SocketAddress remote() {
        return remote;
    }

    @Override
    public String remoteHost() {
        return AddressText.host(remote());
    }

    @Override
    public SocketAddress local() {
        return local;
    }

    @Override
    public OptionalLong openedNanos() {
        return OptionalLong.of(-1_500_000_000);
    }

    @Override
    public long serial() {
        return 7;
    }

    @Override
    public int requests() {
        return 3;
    }

    @Override
    public long sent() {
        return 11;
    }

    @Override
    public void interim(ResponseHead head) {
        throw new AssertionError("no interim answer expected");
    }

    @Override
    public synchronized DisconnectWatch watch(Runnable action) {
        whenGone = action;
        if (gone) {
            action.run();
        }
        return new DisconnectWatch() {
            @Override
            public boolean isGone() {
                return gone;
            }

            @Override
            public void close() {
                whenGone = () -> { };
            }
        };
    }
}
