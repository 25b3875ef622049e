package io.selvage.server.module;

import io.selvage.server.acme.AccountKey;
import io.selvage.server.acme.ChallengeType;
import io.selvage.server.acme.KeyAlgorithm;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `acme_issuer` and `acme_certificate` set.
final class AcmeSettings {
    private AcmeSettings() {
    }

    /// One ACME server and the account there.
    record IssuerSettings(ServerSettings server, AccountSettings account, OrderSettings orders) {
    }

    record ServerSettings(
            @Setting(value = "uri", doc = "Sets the URL of the ACME server's directory; required.") Optional<Uri> uri,
            @Setting(value = "ssl_trusted_certificate",
                    doc = "Sets the authorities that the server's certificate may come from.",
                    differs = "by default those of the JDK") NamedFile authorities,
            @Setting(value = "ssl_verify on", doc = "Checks the certificate of the ACME server.") boolean verify,
            @Setting(value = "state_path", doc = "Sets the folder for keys and certificates, `acme_NAME` by default; or `off`.",
                    differs = "several servers may share it") Optional<StatePath> state) {
    }

    record AccountSettings(
            @Setting(value = "account_key ecdsa:256", doc = "Sets the kind of the account's key, or a file with it.")
                    AccountKey key,
            @Setting(value = "contact", doc = "Adds an address where the ACME server reaches the operator.")
                    List<Contact> contacts,
            @Setting(value = "external_account_key",
                    doc = "Binds the account to one outside of ACME, by a key's name and its file or `data:`.")
                    Optional<ExternalKey> external,
            @Setting(value = "accept_terms_of_service", doc = "Agrees to the terms of service of the ACME server.")
                    boolean termsAccepted) {
    }

    record OrderSettings(
            @Setting(value = "challenge http-01", doc = "Chooses how names are verified: `http-01` or `tls-alpn-01`.")
                    ChallengeType challenge,
            @Setting(value = "profile", doc = "Asks for a kind of certificate; with `require`, for no other.")
                    Optional<Profile> profile,
            @Setting(value = "preferred_chain", doc = "Prefers the chain whose last certificate has this issuer.")
                    Optional<String> preferredChain,
            @Setting(value = "common_name_in_csr off", doc = "Puts the first name into the common name of the request.")
                    boolean commonName) {
    }

    /// What a site wants.
    record SiteCertificate(
            @Setting(value = "acme_certificate", doc = "Orders a certificate for some names, or those of the site.",
                    differs = "a name that the challenge cannot verify is refused") Optional<Order> order) {
    }

    /// The URL of a directory.
    record Uri(URI uri) {
        static Uri read(Argument argument) {
            try {
                URI uri = new URI(argument.text());
                boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
                if (!http || uri.getHost() == null) {
                    argument.refuse("a URL with \"https://\"");
                }
                return new Uri(uri);
            } catch (URISyntaxException e) {
                argument.refuse("a URL with \"https://\"");
                return new Uri(URI.create("https://localhost/"));
            }
        }

        String written() {
            return uri.toString();
        }
    }

    /// @param folder empty for `off`
    record StatePath(Optional<Path> folder) {
        private static final String OFF = "off";

        static StatePath read(Argument argument) {
            return new StatePath(argument.is(OFF) ? Optional.empty() : Optional.of(argument.path()));
        }

        String written() {
            return folder.map(ByteText::of).orElse(OFF);
        }
    }

    /// @param uri with its scheme
    record Contact(URI uri) implements Printable {
        static Contact read(Line line) {
            Argument argument = line.argument(0);
            String text = argument.text().matches("[A-Za-z][A-Za-z0-9+.-]*:.*") ? argument.text() : "mailto:" + argument.text();
            try {
                URI uri = new URI(text);
                if (text.equals("mailto:") || "mailto".equals(uri.getScheme()) && !text.matches("mailto:[^@,?]+@[^@,?]+")) {
                    argument.refuse("one address");
                }
                return new Contact(uri);
            } catch (URISyntaxException e) {
                argument.refuse("an address");
                return new Contact(URI.create("mailto:nobody@localhost"));
            }
        }

        @Override
        public List<String> words() {
            return List.of(uri.toString());
        }
    }

    /// @param kid the name of the key
    /// @param key the name of a file, or `data:` and the key
    /// @param file the file; empty if the key is in the configuration
    record ExternalKey(String kid, String key, Optional<Path> file) implements Printable {
        static final String DATA = "data:";

        static ExternalKey read(Line line) {
            Argument key = line.argument(1);
            boolean data = key.text().startsWith(DATA);
            ExternalKey read = new ExternalKey(line.argument(0).name(), key.name(),
                    data ? Optional.empty() : Optional.of(key.configPath()));
            try {
                if ((data || key.machine().readsFiles()) && !read.encoded().matches("[A-Za-z0-9_-]+")) {
                    key.problem("invalid base64url encoded value in \"external_account_key\"");
                }
            } catch (IOException e) {
                key.problem("\"external_account_key\" cannot read \"" + key.text() + "\": " + e);
            }
            return read;
        }

        /// The key in base64url, without padding.
        ///
        /// @throws IOException if the file cannot be read
        String encoded() throws IOException {
            String text = file.isPresent() ? Files.readString(file.get(), StandardCharsets.ISO_8859_1).strip()
                    : key.substring(DATA.length());
            return text.replaceFirst("=*$", "");
        }

        @Override
        public List<String> words() {
            return List.of(kid, key);
        }
    }

    record Profile(String name, boolean required) implements Printable {
        static Profile read(Line line) {
            if (line.count() == 2 && !line.argument(1).is("require")) {
                line.argument(1).refuse("\"require\"");
            }
            return new Profile(line.argument(0).name(), line.count() == 2);
        }

        @Override
        public List<String> words() {
            return required ? List.of(name, "require") : List.of(name);
        }
    }

    /// `acme_certificate`
    ///
    /// @param names none for those of the site
    record Order(String issuer, List<String> names, KeyAlgorithm key) implements Printable {
        Order {
            names = List.copyOf(names);
        }

        static Order read(Line line) {
            List<String> names = new ArrayList<>();
            KeyAlgorithm key = KeyAlgorithm.ECDSA_256;
            for (Argument argument : line.argumentsFrom(1)) {
                if (argument.word().key().equals("key")) {
                    key = algorithm(argument.option());
                } else {
                    names.addAll(AcmeNames.read(argument));
                }
            }
            return new Order(line.argument(0).name(), names, key);
        }

        private static KeyAlgorithm algorithm(Argument argument) {
            return KeyAlgorithm.named(argument.text()).orElseGet(() -> {
                argument.refuse("\"ecdsa:256\", \"ecdsa:384\", \"ecdsa:521\", \"rsa:2048\", \"rsa:3072\" or \"rsa:4096\"");
                return KeyAlgorithm.ECDSA_256;
            });
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(List.of(issuer));
            words.addAll(names);
            if (key != KeyAlgorithm.ECDSA_256) {
                words.add("key=" + key);
            }
            return words;
        }
    }

    /// The kind of a key, or a file with one.
    static AccountKey accountKey(Argument argument) {
        Optional<KeyAlgorithm> algorithm = KeyAlgorithm.named(argument.text());
        if (algorithm.isEmpty() && argument.text().matches("(ecdsa|rsa)(:.*)?")) {
            argument.refuse("\"ecdsa:256\", \"ecdsa:384\", \"ecdsa:521\", \"rsa:2048\", \"rsa:3072\", \"rsa:4096\" or a file");
        }
        return algorithm.<AccountKey>map(AccountKey.Generated::new)
                .orElseGet(() -> checked(new AccountKey.FromFile(argument.configPath()), argument));
    }

    private static AccountKey checked(AccountKey.FromFile key, Argument argument) {
        try {
            if (argument.machine().readsFiles()) {
                key.read();
            }
        } catch (IOException e) {
            argument.problem("\"account_key\" cannot use \"" + argument.text() + "\": " + e.getMessage());
        }
        return key;
    }

    static String written(AccountKey key) {
        return switch (key) {
            case AccountKey.Generated(KeyAlgorithm algorithm) -> algorithm.toString();
            case AccountKey.FromFile(Path file) -> ByteText.of(file);
        };
    }

    static ChallengeType challenge(Argument argument) {
        return ChallengeType.named(argument.text()).orElseGet(() -> {
            argument.refuse("\"http-01\" or \"tls-alpn-01\"");
            return ChallengeType.HTTP_01;
        });
    }
}
