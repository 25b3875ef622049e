/// # TLS on both sides of a connection
///
/// Wraps a [io.selvage.server.net.Connection] in TLS 1.2 or 1.3, as a server toward clients and as a client toward peers. What is
/// offered is data ([TlsPolicy], [TlsClientPolicy]); what was agreed is data too ([TlsInfo]). Everything between is done by a
/// [TlsEngine]: BoringSSL, or the JDK's. Nothing here depends on HTTP or on the configuration language.
///
/// Read in this order: [TlsEngine], [TlsPolicy], [ClientHello], [TlsConnection], [TlsInfo].
@NullMarked
package io.selvage.server.tls;

import org.jspecify.annotations.NullMarked;
