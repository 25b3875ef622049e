package io.selvage.server.tls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Takes a ClientHello apart (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2). Every length is checked against what contains it. What an
/// engine needs and this server does not is only skipped: the engine checks it.
final class HelloFields {
    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int HOST_NAME = 0;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_SESSION_ID = 32;
    private static final int RANDOM = 32;
    private static final int TLS_1_2 = 0x0303;

    int[] versions = {};
    int[] ciphers = {};
    int[] groups = {};
    int[] signatures = {};
    byte[] sessionId = {};
    @Nullable String serverName;
    final List<String> alpn = new ArrayList<>();

    private HelloFields() {
    }

    /// @param body the message without its header
    /// @throws TlsException of kind GARBAGE if it is not well-formed
    static ClientHello parse(ByteBuffer body) throws TlsException {
        HelloFields fields = new HelloFields();
        fields.read(body.slice());
        return new ClientHello(fields);
    }

    private void read(ByteBuffer body) throws TlsException {
        int legacy = u16(body);
        skip(body, RANDOM);
        ByteBuffer session = vector8(body);
        check(session.remaining() <= LONGEST_SESSION_ID, "a session id that is too long");
        sessionId = new byte[session.remaining()];
        session.get(sessionId);
        ciphers = numbers(vector16(body));
        check(vector8(body).hasRemaining(), "no compression method");
        if (body.hasRemaining()) {
            ByteBuffer extensions = vector16(body);
            check(!body.hasRemaining(), "bytes behind the extensions");
            while (extensions.hasRemaining()) {
                int type = u16(extensions);
                readExtension(type, vector16(extensions));
            }
        }
        if (versions.length == 0) {
            versions = upTo(Math.min(legacy, TLS_1_2));
        }
    }

    private void readExtension(int type, ByteBuffer data) throws TlsException {
        switch (type) {
            case SERVER_NAME -> readServerName(data);
            case SUPPORTED_GROUPS -> groups = numbers(vector16(data));
            case SIGNATURE_ALGORITHMS -> signatures = numbers(vector16(data));
            case ALPN -> readAlpn(vector16(data));
            case SUPPORTED_VERSIONS -> versions = numbers(vector8(data));
            default -> {
                // Not of interest here.
            }
        }
    }

    private void readServerName(ByteBuffer data) throws TlsException {
        ByteBuffer names = vector16(data);
        check(names.hasRemaining() && !data.hasRemaining(), "a list of server names of the wrong length");
        while (names.hasRemaining()) {
            int type = u8(names);
            ByteBuffer name = vector16(names);
            if (type == HOST_NAME) {
                check(serverName == null, "two server names");
                serverName = hostName(name);
            }
        }
    }

    private static String hostName(ByteBuffer name) throws TlsException {
        check(name.hasRemaining() && name.remaining() <= LONGEST_NAME, "a server name of the wrong length");
        byte[] bytes = new byte[name.remaining()];
        name.get(bytes);
        for (byte b : bytes) {
            check(b > ' ' && b < 0x7f, "a server name with a character that names cannot have");
        }
        String text = new String(bytes, ISO_8859_1).toLowerCase(Locale.ROOT);
        return text.length() > 1 && text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private void readAlpn(ByteBuffer names) throws TlsException {
        while (names.hasRemaining()) {
            ByteBuffer name = vector8(names);
            check(name.hasRemaining(), "an empty protocol name");
            byte[] bytes = new byte[name.remaining()];
            name.get(bytes);
            alpn.add(new String(bytes, ISO_8859_1));
        }
    }

    private static int[] upTo(int highest) {
        int lowest = TlsVersion.TLS_1_0.code();
        int[] all = new int[Math.max(0, highest - lowest + 1)];
        for (int i = 0; i < all.length; i++) {
            all[i] = highest - i;
        }
        return all;
    }

    private static int[] numbers(ByteBuffer vector) throws TlsException {
        check(vector.hasRemaining() && vector.remaining() % 2 == 0, "a list of numbers of the wrong length");
        int[] numbers = new int[vector.remaining() / 2];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = u16(vector);
        }
        return numbers;
    }

    private static ByteBuffer vector8(ByteBuffer from) throws TlsException {
        return vector(from, u8(from));
    }

    private static ByteBuffer vector16(ByteBuffer from) throws TlsException {
        return vector(from, u16(from));
    }

    private static ByteBuffer vector(ByteBuffer from, int length) throws TlsException {
        check(length <= from.remaining(), "a vector that is longer than what contains it");
        ByteBuffer vector = from.slice(from.position(), length);
        from.position(from.position() + length);
        return vector;
    }

    private static void skip(ByteBuffer from, int count) throws TlsException {
        vector(from, count);
    }

    private static int u8(ByteBuffer from) throws TlsException {
        check(from.hasRemaining(), "a message that is cut off");
        return from.get() & 0xff;
    }

    private static int u16(ByteBuffer from) throws TlsException {
        check(from.remaining() >= 2, "a message that is cut off");
        return from.getShort() & 0xffff;
    }

    private static void check(boolean holds, String otherwise) throws TlsException {
        if (!holds) {
            throw new TlsException(TlsException.Kind.GARBAGE, "the ClientHello has " + otherwise);
        }
    }
}
