package io.selvage.server.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.cert.ocsp.OCSPResp;

/// Where a certificate chain and its private key are.
///
/// @param certificate the name of a file, or [#DATA] and the PEM text itself
/// @param key as `certificate`; may be the same
/// @param passwords a file with passwords for the key, one on each line
/// @param ocspResponse a file with an OCSP response for the certificate, in DER
public record KeyPairFiles(String certificate, String key, Optional<Path> passwords, Optional<Path> ocspResponse) {
    /// What begins a value that is the PEM text itself.
    public static final String DATA = "data:";
    /// The largest file that is read, in bytes. Bundles of public authorities have 200 KB.
    static final int LARGEST = 16 * 1024 * 1024;

    /// Reads all of it and checks that it fits together. Blocks.
    ///
    /// @throws TlsFileException with the name of the file, and the reason
    CertifiedKey load() throws TlsFileException {
        List<X509Certificate> chain = chain();
        PrivateKey privateKey = privateKey();
        try {
            CertificateChecks.requireMatch(chain, privateKey);
        } catch (TlsFileException e) {
            throw named("certificate key", key, e);
        }
        CertifiedKey loaded = CertifiedKey.of(chain, privateKey);
        return ocspResponse.isPresent() ? loaded.withOcspResponse(ocspResponse(ocspResponse.get())) : loaded;
    }

    /// Reads the certificates.
    public List<X509Certificate> chain() throws TlsFileException {
        try {
            return CertificateFile.certificates(read(certificate));
        } catch (TlsFileException e) {
            throw named("certificate", certificate, e);
        }
    }

    /// Reads the key.
    public PrivateKey privateKey() throws TlsFileException {
        List<char[]> known = passwords.isPresent() ? passwords(passwords.get()) : List.of();
        try {
            return KeyFile.key(read(key), known);
        } catch (TlsFileException e) {
            throw named("certificate key", key, e);
        }
    }

    /// The passwords of a file.
    public static List<char[]> passwords(Path file) throws TlsFileException {
        try {
            return KeyPasswords.read(file);
        } catch (TlsFileException e) {
            throw named("password file", file.toString(), e);
        }
    }

    /// The certificates of a file with trusted authorities.
    public static List<X509Certificate> authorities(Path file) throws TlsFileException {
        try {
            return CertificateFile.certificates(read(file.toString()));
        } catch (TlsFileException e) {
            throw named("certificate", file.toString(), e);
        }
    }

    /// The certificate revocation lists of a file.
    public static List<X509CRL> revocations(Path file) throws TlsFileException {
        try {
            return CertificateFile.revocations(read(file.toString()));
        } catch (TlsFileException e) {
            throw named("revocation list", file.toString(), e);
        }
    }

    /// The key for session tickets in a file of 48 or 80 bytes.
    public static TicketKey ticketKey(Path file) throws TlsFileException {
        try {
            return TicketKey.of(read(file.toString()));
        } catch (IllegalArgumentException e) {
            throw named("session ticket key", file.toString(), new TlsFileException(String.valueOf(e.getMessage()), e));
        } catch (TlsFileException e) {
            throw named("session ticket key", file.toString(), e);
        }
    }

    /// The OCSP response in a file, in DER.
    public static byte[] ocspResponse(Path file) throws TlsFileException {
        try {
            byte[] response = read(file.toString());
            new OCSPResp(response);
            return response;
        } catch (TlsFileException e) {
            throw named("OCSP response", file.toString(), e);
        } catch (IOException e) {
            throw named("OCSP response", file.toString(), new TlsFileException("it is damaged: " + e.getMessage(), e));
        }
    }

    private static TlsFileException named(String kind, String name, TlsFileException why) {
        return new TlsFileException("cannot load " + kind + " \"" + shown(name) + "\": " + why.getMessage(), why);
    }

    /// The name as it may be shown: never the text of a key.
    private static String shown(String name) {
        return name.startsWith(DATA) ? DATA + "..." : name;
    }

    /// The bytes of a file, or of the text that is given itself.
    ///
    /// @throws TlsFileException if it cannot be read, with the reason
    static byte[] read(String name) throws TlsFileException {
        if (name.startsWith(DATA)) {
            return name.substring(DATA.length()).getBytes(StandardCharsets.ISO_8859_1);
        }
        try {
            return SecretFiles.call(() -> {
                Path file = Path.of(name);
                if (Files.size(file) > LARGEST) {
                    throw new TlsFileException("it has more than " + LARGEST + " bytes");
                }
                return Files.readAllBytes(file);
            });
        } catch (NoSuchFileException e) {
            throw new TlsFileException("no such file", e);
        } catch (AccessDeniedException e) {
            throw new TlsFileException("permission denied", e);
        } catch (TlsFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new TlsFileException(String.valueOf(e.getMessage()), e);
        }
    }

    /// The files that a change can come from.
    Stream<Path> files() {
        Stream<Path> named = Stream.of(certificate, key).filter(name -> !name.startsWith(DATA)).map(Path::of);
        return Stream.of(named, passwords.stream(), ocspResponse.stream()).flatMap(each -> each);
    }

    /// Names the certificate, and nothing of a key.
    @Override
    public String toString() {
        return shown(certificate);
    }
}
