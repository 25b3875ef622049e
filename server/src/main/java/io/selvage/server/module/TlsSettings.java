package io.selvage.server.module;

import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import io.selvage.server.route.VerifyClient;
import io.selvage.server.tls.CipherString;
import io.selvage.server.tls.TlsCapability;
import io.selvage.server.tls.TlsCipher;
import io.selvage.server.tls.TlsEngine;
import io.selvage.server.tls.TlsParameters;
import io.selvage.server.tls.TlsVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// TLS on the connections of clients, for one site.
record TlsSettings(Keys keys, Negotiation negotiation, Resumption resumption, ClientAuth clients, Stapling stapling,
        @Setting(value = "ssl_certificate_compression off", doc = "Compresses certificates for clients of TLS 1.3.",
                differs = "needs `ssl_engine boringssl`; the formats are zlib and Brotli") boolean compresses,
        @Setting(value = "ssl_buffer_size 16k", doc = "Limits the bytes of data in a TLS record; at most 16k.") long bufferSize,
        @Setting(value = "ssl_reject_handshake off", doc = "Refuses handshakes for the names of the site.") boolean rejects) {

    /// @param certificates file names, with variables or without
    /// @param keys as many as certificates, or more
    record Keys(
            @Setting(value = "ssl_certificate", arguments = "1",
                    doc = "Names a file with a certificate and its chain, in PEM; `data:` begins the text itself.")
                    List<TlsFileName> certificates,
            @Setting(value = "ssl_certificate_key", arguments = "1",
                    doc = "Names the file with the private key of a certificate, in PEM.") List<TlsFileName> keys,
            @Setting(value = "ssl_password_file", doc = "Names a file with passwords for private keys, one on each line.")
                    NamedFile passwords,
            @Setting(value = "ssl_certificate_cache max=1000 inactive=60s valid=1s",
                    doc = "Keeps certificates whose names have variables.", differs = "the default of nginx is `off`")
                    CertificateCache cache,
            @Setting(value = "ssl_key_log",
                    doc = "Names a file that gets the secrets of connections, in the format of SSLKEYLOGFILE.",
                    differs = "needs `ssl_engine boringssl`; a new file has mode 0600") NamedFile log) {
        Keys {
            certificates = List.copyOf(certificates);
            keys = List.copyOf(keys);
        }
    }

    record Negotiation(
            @Setting(value = "ssl_protocols TLSv1.2 TLSv1.3", doc = "Sets the versions of TLS.",
                    differs = "SSLv2 and SSLv3 are accepted, but never spoken") Set<TlsVersion> protocols,
            @Setting(value = "ssl_ciphers " + INTERMEDIATE,
                    doc = "Sets the cipher suites of TLS 1.2 and older, in OpenSSL's language.",
                    differs = "the default is Mozilla's intermediate list; DHE needs `ssl_engine jdk`") String ciphers,
            @Setting(value = "ssl_prefer_server_ciphers on", doc = "Prefers the server's order of cipher suites.",
                    differs = "on by default: testssl.sh and others take the client's order for a fault") boolean preferServer,
            @Setting(value = "ssl_ecdh_curve auto", doc = "Sets the groups for the key exchange, separated by colons.",
                    differs = "which groups there are depends on `ssl_engine`") TlsGroups groups,
            @Setting(value = "ssl_conf_command", doc = "Sets an option of OpenSSL, such as `Ciphersuites` or `MinProtocol`.",
                    differs = "knows the commands that mean something here") List<TlsCommand> commands) {
        Negotiation {
            protocols = Set.copyOf(protocols);
            commands = List.copyOf(commands);
        }

        /// The suites of TLS 1.3 that every engine offers.
        static final List<String> USUAL_SUITES =
                List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

        /// The configured versions.
        Set<TlsVersion> versions() {
            Set<TlsVersion> left = protocols;
            for (TlsCommand command : commands) {
                left = command.limit(left);
            }
            return left;
        }

        /// Those of them that the engine speaks.
        Set<TlsVersion> versions(TlsEngine engine) {
            boolean old = engine.capabilities().contains(TlsCapability.OLD_VERSIONS);
            return versions().stream().filter(version -> old || version.compareTo(TlsVersion.TLS_1_2) >= 0)
                    .collect(Collectors.toUnmodifiableSet());
        }

        /// The cipher suites of TLS 1.2 and older that the engine knows, by their OpenSSL names, best first.
        List<String> oldCiphers(TlsEngine engine) {
            String text = commands.stream().filter(command -> command.key().equals(TlsCommand.CIPHER_STRING))
                    .map(TlsCommand::value).reduce(ciphers, (_, later) -> later);
            Set<TlsCipher> known = EnumSet.allOf(TlsCipher.class);
            known.removeIf(cipher -> !engine.ciphers().contains(cipher.openSsl()));
            return CipherString.select(text, known).stream().map(TlsCipher::openSsl).toList();
        }

        /// The suites of TLS 1.3 that a command chooses.
        Optional<List<String>> ciphersuites() {
            return last(TlsCommand::ciphersuites);
        }

        /// The groups by their OpenSSL names; none for the choice of the engine.
        List<String> groupNames() {
            return last(TlsCommand::groups).orElse(groups.names());
        }

        private <T> Optional<T> last(Function<TlsCommand, Optional<T>> setting) {
            return commands.stream().flatMap(command -> setting.apply(command).stream()).reduce((_, later) -> later);
        }

        /// All of it for an engine.
        TlsParameters parameters(TlsEngine engine) {
            List<String> suites = new ArrayList<>();
            if (engine.capabilities().contains(TlsCapability.CHOOSES_TLS13_CIPHERS)) {
                suites.addAll(ciphersuites().orElse(List.of()));
            }
            suites.addAll(oldCiphers(engine));
            return new TlsParameters(versions(engine), suites, last(TlsCommand::serverPreference).orElse(preferServer),
                    groupNames());
        }

        /// What a command says about session tickets, else what the directive says.
        boolean tickets(boolean configured) {
            return last(TlsCommand::tickets).orElse(configured);
        }
    }

    /// Mozilla's intermediate list (version 5.7), without DHE.
    private static final String INTERMEDIATE = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
            + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
            + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    record Resumption(
            @Setting(value = "ssl_session_cache none", doc = "Keeps sessions, for clients of TLS 1.2 without tickets.",
                    differs = "`builtin` and `shared` are the same, and count sessions") SessionCache cache,
            @Setting(value = "ssl_session_tickets on", doc = "Lets clients keep their sessions as tickets.") boolean tickets,
            @Setting(value = "ssl_session_ticket_key",
                    doc = "Names a file with a key for tickets; the first encrypts, all decrypt.",
                    differs = "needs `ssl_engine boringssl`, and keys of 48 bytes") List<NamedFile> ticketKeys,
            @Setting(value = "ssl_session_timeout 5m", doc = "Limits how long a session can be resumed.",
                    differs = "not of TLS 1.3 with `ssl_session_ticket_key`: until the key is replaced, at most two days")
                    Duration timeout) {
        Resumption {
            ticketKeys = List.copyOf(ticketKeys);
        }
    }

    /// Certificates of clients.
    record ClientAuth(
            @Setting(value = "ssl_verify_client off", choices = "on off optional optional_no_ca",
                    doc = "Asks clients for a certificate and verifies it.") VerifyClient verify,
            @Setting(value = "ssl_client_certificate",
                    doc = "Names a file with the authorities of client certificates; their names are sent to clients.")
                    NamedFile authorities,
            @Setting(value = "ssl_trusted_certificate",
                    doc = "Names a file with more authorities, whose names are not sent.") NamedFile trusted,
            @Setting(value = "ssl_verify_depth 1", doc = "Limits the length of the chain of a client certificate.") int depth,
            @Setting(value = "ssl_crl", doc = "Names a file with lists of revoked client certificates.") NamedFile revoked) {
    }

    /// Statements of the issuer that a certificate of the server is valid.
    record Stapling(
            @Setting(value = "ssl_stapling off", doc = "Sends an OCSP response with the certificate.",
                    differs = "needs `ssl_engine boringssl`; the responder's host is found by the operating system") boolean on,
            @Setting(value = "ssl_stapling_file", doc = "Names a file with the OCSP response, in DER.") NamedFile file,
            @Setting(value = "ssl_stapling_responder", doc = "Sets the OCSP responder, instead of the certificate's own.")
                    Optional<ResponderUrl> responder,
            @Setting(value = "ssl_stapling_verify off", doc = "Verifies the signature of OCSP responses.") boolean verify) {

        /// Whether responses are fetched.
        boolean isFetched() {
            return on && file.isNone();
        }
    }

    static TlsSettings of(Section server) {
        return server.get(TlsSettings.class);
    }
}
