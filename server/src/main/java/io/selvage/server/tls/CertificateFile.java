package io.selvage.server.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.util.io.pem.PemObject;

/// Reads certificates and certificate revocation lists in PEM. Blocks of other types are ignored, as OpenSSL does.
public final class CertificateFile {
    private static final Set<String> CERTIFICATES = Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");
    private static final Set<String> REVOCATIONS = Set.of("X509 CRL");

    private CertificateFile() {
    }

    /// The certificates of a file, at least one: a chain that begins with the certificate of the server, or a set of trusted
    /// authorities.
    ///
    /// @throws TlsFileException if there is none, or one is damaged
    public static List<X509Certificate> certificates(byte[] pem) throws TlsFileException {
        PemText text = PemText.read(pem);
        List<X509Certificate> all = new ArrayList<>();
        for (PemObject block : text.ofTypes(CERTIFICATES)) {
            try {
                all.add((X509Certificate) factory().generateCertificate(new ByteArrayInputStream(block.getContent())));
            } catch (CertificateException e) {
                throw new TlsFileException("certificate " + (all.size() + 1) + " in it is damaged: " + e.getMessage(), e);
            }
        }
        if (all.isEmpty()) {
            throw new TlsFileException("there is no certificate in it, but " + text.types());
        }
        return List.copyOf(all);
    }

    /// The certificate revocation lists of a file, at least one.
    ///
    /// @throws TlsFileException if there is none, or one is damaged
    public static List<X509CRL> revocations(byte[] pem) throws TlsFileException {
        PemText text = PemText.read(pem);
        List<X509CRL> all = new ArrayList<>();
        for (PemObject block : text.ofTypes(REVOCATIONS)) {
            try {
                all.add((X509CRL) factory().generateCRL(new ByteArrayInputStream(block.getContent())));
            } catch (CRLException | CertificateException e) {
                throw new TlsFileException("revocation list " + (all.size() + 1) + " in it is damaged: " + e.getMessage(), e);
            }
        }
        if (all.isEmpty()) {
            throw new TlsFileException("there is no certificate revocation list in it, but " + text.types());
        }
        return List.copyOf(all);
    }

    private static CertificateFactory factory() throws CertificateException {
        return CertificateFactory.getInstance("X.509");
    }
}
