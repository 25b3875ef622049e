package io.selvage.server.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.internal.tcnative.SSLContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Makes BoringSSL log the secrets of the connections of a context. Netty has no method for that, and keeps the handle of a
/// context to itself: `sslCtxPointer` returns another one. So the field is read by reflection.
final class BoringSslKeyLog {
    private static final VarHandle HANDLE = handle();

    private BoringSslKeyLog() {
    }

    private static VarHandle handle() {
        try {
            return MethodHandles.privateLookupIn(ReferenceCountedOpenSslContext.class, MethodHandles.lookup())
                    .findVarHandle(ReferenceCountedOpenSslContext.class, "ctx", long.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Netty has other contexts: " + e, e);
        }
    }

    /// To be called before there is an engine. BoringSSL calls the log within the steps of a handshake.
    static void start(ReferenceCountedOpenSslContext context, KeyLog log) {
        SSLContext.setKeyLogCallback((long) HANDLE.get(context), (_, line) -> log.line(new String(line, ISO_8859_1)));
    }
}
