package io.selvage.server.cli;

import io.selvage.server.tls.SelfSignedCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// The options of `serve` for TLS: with a certificate that is signed by itself, or one of an ACME server.
final class HttpsOptions {
    private static final Duration VALID = Duration.ofDays(90);
    private static final String LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

    @Option(names = "--https", paramLabel = "NAME", arity = "0..1", fallbackValue = "localhost",
            description = "use TLS with a new certificate for this name (${FALLBACK-VALUE}): one that is signed by itself, or "
                    + "with --email one of an ACME server")
    private Optional<String> name = Optional.empty();

    @Option(names = "--email", paramLabel = "ADDRESS",
            description = "order the certificate of --https at an ACME server, renew it in time, and listen on ports 80 and 443; "
                    + "you accept the terms of service of that server")
    private Optional<String> email = Optional.empty();

    @Option(names = "--acme", paramLabel = "URL", description = "the directory of the ACME server for --email (default: that of "
            + "Let's Encrypt)")
    private Optional<String> directory = Optional.empty();

    @Option(names = "--acme-ca", paramLabel = "FILE", description = "the authorities to trust for the ACME server itself")
    private Optional<Path> authorities = Optional.empty();

    @Option(names = "--state", paramLabel = "DIR",
            description = "the folder for the certificate and its key (default: $STATE_DIRECTORY or ~/.local/state/selvage)")
    private Optional<Path> state = Optional.empty();

    @Option(names = "--http", paramLabel = "ADDR",
            description = "with --email, where plain HTTP is redirected and the ACME server looks (${DEFAULT-VALUE})")
    private String plain = "80";

    boolean isUsed() {
        return name.isPresent();
    }

    /// What `--listen` is without that option.
    String standardAddress() {
        return email.isPresent() ? "443" : isUsed() ? "127.0.0.1:8443" : "127.0.0.1:8080";
    }

    /// @throws IllegalArgumentException for options that do not go together
    void check() {
        if (email.isPresent() && name.filter(host -> !host.equals("localhost")).isEmpty()) {
            throw new IllegalArgumentException("--email needs --https with the name of the site");
        }
        if (email.isEmpty() && (directory.isPresent() || authorities.isPresent() || state.isPresent())) {
            throw new IllegalArgumentException("--acme, --acme-ca and --state need --email");
        }
        Stream.of(name, email, directory, Optional.of(plain), authorities.map(Path::toString), state.map(Path::toString))
                .flatMap(Optional::stream).filter(text -> !text.matches("[^\\s;{}\"'$\\\\]+")).findFirst().ifPresent(text -> {
                    throw new IllegalArgumentException("\"" + text + "\" has a character that cannot be in a configuration");
                });
    }

    /// What stands before the site.
    String before() {
        return email.map(address -> """
                error_log stderr notice;
                events {
                }
                http {
                include mime.types;
                default_type application/octet-stream;
                acme_issuer serve {
                    uri %s;
                    contact %s;
                    accept_terms_of_service;
                    state_path %s;
                    %s
                }
                server {
                    listen %s;
                    return 301 https://$host$request_uri;
                }
                """.formatted(directory.orElse(LETS_ENCRYPT), address, folder(),
                authorities.map(file -> "ssl_trusted_certificate " + file.toAbsolutePath() + ";").orElse(""), plain))
                .orElse("""
                events {
                }
                http {
                include mime.types;
                default_type application/octet-stream;
                """);
    }

    /// What stands behind the site.
    String after() {
        return "}\n";
    }

    /// What stands in the site.
    String inside() {
        return name.map(host -> email.isPresent() ? """
                server_name %s;
                    acme_certificate serve;
                    ssl_certificate $acme_certificate;
                    ssl_certificate_key $acme_certificate_key;
                """.formatted(host) : selfSigned(host)).orElse("");
    }

    private Path folder() {
        return state.orElseGet(() -> Optional.ofNullable(System.getenv("STATE_DIRECTORY")).map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state", "selvage"))).toAbsolutePath();
    }

    /// A new certificate, in the configuration itself.
    private static String selfSigned(String host) {
        List<String> names = Stream.of(host, "localhost", "127.0.0.1", "::1").distinct().toList();
        var made = SelfSignedCertificate.of(names, Instant.now().truncatedTo(ChronoUnit.SECONDS), VALID);
        return "ssl_certificate \"data:" + made.certificatePem() + "\";\n"
                + "ssl_certificate_key \"data:" + made.keyPem() + "\";";
    }
}
