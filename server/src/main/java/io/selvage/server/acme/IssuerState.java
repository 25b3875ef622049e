package io.selvage.server.acme;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What is kept of an issuer: the key of its account, its certificates, and orders in progress. In a folder, or in memory
/// only.
///
/// The folder has `account.key`, one `NAME.pem` for each certificate with its private key and its chain, which so change at
/// once, `NAME.order` for an order in progress, `NAME.status` after a failure, `lock`, which one process at a time holds to
/// order, and a folder `challenges` ([Challenges]).
final class IssuerState {
    private static final int DIGITS = 12;
    private static final String ACCOUNT = "account.key";
    private static final StateFolder.Lock NOTHING_TO_LOCK = () -> { };

    private final URI directory;
    private final Optional<StateFolder> folder;
    private final Map<String, String> memory = new ConcurrentHashMap<>();

    /// @param directory the ACME server; certificates of different servers in one folder have different names
    /// @param folder empty to keep everything in memory
    IssuerState(URI directory, Optional<Path> folder) {
        this.directory = directory;
        this.folder = folder.map(StateFolder::new);
    }

    /// An order in progress at the ACME server.
    ///
    /// @param url of the order
    /// @param keyPem the private key of the certificate
    record Started(String url, String keyPem) {
    }

    /// Creates the folder if it does not exist.
    void create() throws IOException {
        if (folder.isPresent()) {
            folder.get().create();
        }
    }

    Optional<Path> path() {
        return folder.map(StateFolder::path);
    }

    /// The key of the account; made at the first call.
    ///
    /// @throws IOException if it cannot be read or written
    KeyPair accountKey(AccountKey key) throws IOException {
        return switch (key) {
            case AccountKey.FromFile external -> external.read();
            case AccountKey.Generated(KeyAlgorithm algorithm) -> {
                Optional<String> known = read(ACCOUNT);
                if (known.isPresent()) {
                    yield KeyText.read(known.get());
                }
                KeyPair made = algorithm.generate();
                write(ACCOUNT, KeyText.write(made.getPrivate()));
                yield made;
            }
        };
    }

    /// @throws IOException if the file cannot be read, or is damaged
    Optional<IssuedCertificate> certificate(CertificateSpec spec) throws IOException {
        Optional<String> text = read(file(spec) + ".pem");
        return text.isEmpty() ? Optional.empty() : Optional.of(IssuedCertificate.read(text.get()));
    }

    /// What identifies the stored certificate; it is another one after a change. Empty if there is none, or no folder.
    Optional<Object> version(CertificateSpec spec) throws IOException {
        return folder.isEmpty() ? Optional.empty() : folder.get().version(file(spec) + ".pem");
    }

    void save(CertificateSpec spec, IssuedCertificate issued) throws IOException {
        write(file(spec) + ".pem", issued.keyPem() + issued.chainPem());
    }

    Optional<Started> started(CertificateSpec spec) throws IOException {
        return read(file(spec) + ".order").flatMap(text -> {
            int end = text.indexOf('\n');
            return end < 0 ? Optional.empty() : Optional.of(new Started(text.substring(0, end), text.substring(end + 1)));
        });
    }

    void start(CertificateSpec spec, Started order) throws IOException {
        write(file(spec) + ".order", order.url + "\n" + order.keyPem);
    }

    void end(CertificateSpec spec) throws IOException {
        delete(file(spec) + ".order");
    }

    /// The exclusive right to order; empty while another process has it.
    Optional<StateFolder.Lock> tryLock() throws IOException {
        return folder.isEmpty() ? Optional.of(NOTHING_TO_LOCK) : folder.get().tryLock();
    }

    /// The status of a certificate that could not be had, for people; empty to say that all is well.
    void status(CertificateSpec spec, String text) throws IOException {
        if (text.isEmpty()) {
            delete(file(spec) + ".status");
        } else {
            write(file(spec) + ".status", text);
        }
    }

    /// What [#status] has written; empty if all is well.
    Optional<String> status(CertificateSpec spec) throws IOException {
        return read(file(spec) + ".status");
    }

    /// The beginning of the names of its files: its first name, and a hash of everything.
    private String file(CertificateSpec spec) {
        String first = spec.names().getFirst().replace(':', '_').replace("*", "_wildcard");
        byte[] all = (directory + " " + spec.names() + " " + spec.key()).getBytes(StandardCharsets.UTF_8);
        try {
            return first + "-" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all)).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Optional<String> read(String name) throws IOException {
        return folder.isEmpty() ? Optional.ofNullable(memory.get(name)) : folder.get().read(name);
    }

    void write(String name, String content) throws IOException {
        if (folder.isEmpty()) {
            memory.put(name, content);
        } else {
            folder.get().write(name, content);
        }
    }

    void delete(String name) throws IOException {
        if (folder.isEmpty()) {
            memory.remove(name);
        } else {
            folder.get().delete(name);
        }
    }
}
