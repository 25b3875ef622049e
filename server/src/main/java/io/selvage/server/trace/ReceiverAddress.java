package io.selvage.server.trace;

import java.net.URI;

/// Where an OTLP receiver is, and which protocol it speaks.
public sealed interface ReceiverAddress {

    /// OTLP over gRPC.
    ///
    /// @param host a name or an address without brackets
    record Grpc(String host, int port, boolean tls) implements ReceiverAddress {
        /// The host and the port, as in `:authority`.
        String authority() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }

        @Override
        public String toString() {
            return (tls ? "https://" : "") + authority();
        }
    }

    /// OTLP over HTTP, with protobuf.
    ///
    /// @param uri with its path
    record Http(URI uri) implements ReceiverAddress {
        @Override
        public String toString() {
            return uri.toString();
        }
    }
}
