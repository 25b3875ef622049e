package io.selvage.server.tls;

import io.netty.handler.ssl.OpenSslCredential;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;

/// The handles of native objects that Netty keeps to itself. They are read by reflection, since Netty has no method for what they
/// are needed for. A handle is valid for as long as the object is reachable that it was read from. Any thread.
final class BoringSslHandles {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final VarHandle CONTEXT;
    private static final MethodHandle CREDENTIAL;

    static {
        try {
            MethodHandles.Lookup lookup =
                    MethodHandles.privateLookupIn(ReferenceCountedOpenSslContext.class, MethodHandles.lookup());
            CONTEXT = lookup.findVarHandle(ReferenceCountedOpenSslContext.class, "ctx", long.class);
            CREDENTIAL = lookup.findVirtual(Class.forName("io.netty.handler.ssl.OpenSslCredentialPointer"), "credentialAddress",
                    MethodType.methodType(long.class)).asType(MethodType.methodType(long.class, OpenSslCredential.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Netty has other objects: " + e, e);
        }
    }

    private BoringSslHandles() {
    }

    /// Frees native memory once its owner is unreachable.
    ///
    /// @param free must not refer to the owner
    static void freeBehind(Object owner, Runnable free) {
        CLEANER.register(owner, free);
    }

    /// For the methods of tcnative's `SSLContext`; `sslCtxPointer` returns another one.
    static long of(ReferenceCountedOpenSslContext context) {
        return (long) CONTEXT.get(context);
    }

    /// For the methods of tcnative's `SSLCredential`, and `SSL#addCredential`.
    static long of(OpenSslCredential credential) {
        try {
            return (long) CREDENTIAL.invokeExact(credential);
        } catch (Throwable e) {
            throw new IllegalStateException("no handle of a credential", e);
        }
    }
}
