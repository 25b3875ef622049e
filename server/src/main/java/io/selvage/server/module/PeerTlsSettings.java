package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.proxy.PeerTls;
import io.selvage.server.proxy.TargetSelector;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.TlsVersion;
import io.selvage.server.tls.WatchedKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// TLS toward peers, whatever protocol they speak inside it.
///
/// @param reuse whether an earlier session with the same peer is resumed
record PeerTlsSettings(Keys keys, Negotiation negotiation, Verification verification, Naming naming,
        @Setting(value = "*_ssl_session_reuse on", doc = "Resumes TLS sessions with peers.") boolean reuse) {

    private static final String USUAL_CIPHERS = "DEFAULT";

    static void codecs(Directives directives) {
        directives.codec(FileName.class, Codec.maybe(FileName.NONE, Codec.word(FileName::read, FileName::written)));
    }

    /// The certificate that is shown to peers, and the keys of connections.
    ///
    /// @param certificate none where it is not shown
    record Keys(
            @Setting(value = "*_ssl_certificate",
                    doc = "Names a file with the certificate that is shown to peers, in PEM; empty for none.")
                    FileName certificate,
            @Setting(value = "*_ssl_certificate_key", doc = "Names the file with the private key of that certificate, in PEM.")
                    FileName key,
            @Setting(value = "*_ssl_password_file", doc = "Names a file with passwords for the private key, one on each line.")
                    NamedFile passwords,
            @Setting(value = "*_ssl_certificate_cache max=1000 inactive=60s valid=1s",
                    doc = "Keeps certificates for peers whose names have variables.",
                    differs = "the default of nginx is `off`") CertificateCache cache,
            @Setting(value = "*_ssl_key_log",
                    doc = "Names a file that gets the secrets of connections to peers, in the format of SSLKEYLOGFILE.",
                    differs = "needs `ssl_engine boringssl`; a new file has mode 0600") NamedFile log) {

        KeyPairFiles files(String certificateName, String keyName) {
            return new KeyPairFiles(certificateName, keyName, passwords.found(), Optional.empty());
        }
    }

    record Negotiation(
            @Setting(value = "*_ssl_protocols TLSv1.2 TLSv1.3", doc = "Sets the versions of TLS that peers are offered.",
                    differs = "SSLv2 and SSLv3 are accepted, but never spoken") Set<TlsVersion> protocols,
            @Setting(value = "*_ssl_ciphers " + USUAL_CIPHERS,
                    doc = "Sets the cipher suites of TLS 1.2 and older that peers are offered, in OpenSSL's language.",
                    differs = "DHE needs `ssl_engine jdk`") String ciphers,
            @Setting(value = "*_ssl_conf_command",
                    doc = "Sets an option of OpenSSL for connections to peers, such as `MinProtocol`.",
                    differs = "knows the commands that mean something here") List<TlsCommand> commands) {
        Negotiation {
            protocols = Set.copyOf(protocols);
            commands = List.copyOf(commands);
        }

        /// Whether it says what no engine can refuse.
        boolean isUsual() {
            return ciphers.equals(USUAL_CIPHERS) && commands.isEmpty();
        }

        /// The same as for a server, whose preference and groups are those of the engine.
        TlsSettings.Negotiation terms() {
            return new TlsSettings.Negotiation(protocols, ciphers, false, TlsGroups.AUTO, commands);
        }
    }

    record Verification(
            @Setting(value = "*_ssl_verify off", doc = "Verifies the certificates of peers.") boolean on,
            @Setting(value = "*_ssl_verify_depth 1", doc = "Limits the length of the chain of a peer's certificate.") int depth,
            @Setting(value = "*_ssl_trusted_certificate", doc = "Names a file with the authorities of peers' certificates.")
                    NamedFile trusted,
            @Setting(value = "*_ssl_crl", doc = "Names a file with lists of revoked certificates of peers.") NamedFile revoked) {
    }

    /// @param name empty for the host of the URL
    record Naming(
            @Setting(value = "*_ssl_name",
                    doc = "Sets the name that a peer's certificate must have, and that is sent to it; by default `$proxy_host`.")
                    Template name,
            @Setting(value = "*_ssl_server_name off", doc = "Sends peers the name that they are to serve (SNI).")
                    boolean sent) {
    }

    /// The name of a file, or none for an empty argument.
    record FileName(Optional<TlsFileName> name) {
        static final FileName NONE = new FileName(Optional.empty());

        static FileName read(Argument argument) {
            return argument.text().isEmpty() ? NONE : new FileName(Optional.of(TlsFileName.read(argument)));
        }

        String written() {
            return name.map(found -> found.text().toString()).orElse("");
        }
    }

    /// The same targets; but connections are made in TLS where the URL says so.
    ///
    /// @param alpn the application protocols that peers are offered; may be empty
    /// @throws UncheckedIOException if a file cannot be used, or the engine cannot do what is configured
    TargetSelector secure(LocationBuilder location, PassTarget target, List<String> alpn, TargetSelector targets) {
        if (!target.mayBeSecure()) {
            return targets;
        }
        try {
            PeerTls.ClientSource client = location.shared().peerTls().client(
                    new PeerTlsClients.Key(negotiation, verification, reuse, alpn, keys.log), target.secure());
            Optional<Text> name = naming.name.isEmpty() ? Optional.empty() : Optional.of(naming.name);
            return new PeerTls(client, name, naming.sent, certificate(location)).secure(targets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PeerTls.OwnCertificate certificate(LocationBuilder location) throws IOException {
        if (keys.certificate.name.isEmpty() || keys.key.name.isEmpty()) {
            return PeerTls.OwnCertificate.NONE;
        }
        TlsFileName certificate = keys.certificate.name.get();
        TlsFileName key = keys.key.name.get();
        if (certificate.isFixed() && key.isFixed()) {
            WatchedKey watched = location.shared().certificate(keys.files(certificate.fixed(), key.fixed()));
            return _ -> Optional.of(watched.current());
        }
        VaryingKey varying = new VaryingKey(certificate.text(), key.text(), location.section().scope().reading().folder(),
                keys::files, location.shared().keyCache(keys.cache.options()));
        return exchange -> certificate.text().apply(exchange).isEmpty() ? Optional.empty() : Optional.of(varying.of(exchange));
    }
}
