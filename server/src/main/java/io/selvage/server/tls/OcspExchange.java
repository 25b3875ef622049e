package io.selvage.server.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/// What is asked of an OCSP responder about a certificate, and what its answer is worth (RFC 6960). No I/O.
///
/// @param certificate the one in question
/// @param issuer of the certificate
public record OcspExchange(X509Certificate certificate, X509Certificate issuer) {

    /// The address of the responder that a certificate names, if it names one over HTTP.
    public static Optional<String> responder(X509Certificate certificate) {
        try {
            var access = AuthorityInformationAccess.fromExtensions(new JcaX509CertificateHolder(certificate).getExtensions());
            if (access != null) {
                for (AccessDescription each : access.getAccessDescriptions()) {
                    GeneralName place = each.getAccessLocation();
                    if (each.getAccessMethod().equals(AccessDescription.id_ad_ocsp)
                            && place.getTagNo() == GeneralName.uniformResourceIdentifier
                            && place.getName().toString().startsWith("http://")) {
                        return Optional.of(place.getName().toString());
                    }
                }
            }
            return Optional.empty();
        } catch (CertificateEncodingException e) {
            return Optional.empty();
        }
    }

    /// The request, in DER.
    public byte[] request() throws IOException {
        try {
            return new OCSPReqBuilder().addRequest(id()).build().getEncoded();
        } catch (OCSPException e) {
            throw new IOException(e);
        }
    }

    private CertificateID id() throws IOException {
        try {
            return new CertificateID(digests().get(CertificateID.HASH_SHA1), new JcaX509CertificateHolder(issuer),
                    certificate.getSerialNumber());
        } catch (OCSPException | OperatorCreationException | CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    private static DigestCalculatorProvider digests() throws OperatorCreationException {
        return new JcaDigestCalculatorProviderBuilder().build();
    }

    /// Checks that a response says that the certificate is good now.
    ///
    /// @param der the response
    /// @param verify whether its signature must be one of the issuer, or of a responder that the issuer has named
    /// @return until when it may be sent; empty if it does not say
    /// @throws TlsFileException with the reason why it is worth nothing
    public Optional<Instant> check(byte[] der, boolean verify, Instant now) throws TlsFileException {
        try {
            OCSPResp response = new OCSPResp(der);
            if (response.getStatus() != OCSPResp.SUCCESSFUL || !(response.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new TlsFileException("the OCSP responder answers with status " + response.getStatus());
            }
            if (verify && !isSigned(basic)) {
                throw new TlsFileException("the signature of the OCSP response is wrong");
            }
            return validity(single(basic), now);
        } catch (TlsFileException e) {
            throw e;
        } catch (IOException | OCSPException | OperatorCreationException | CertificateEncodingException | CertException
                | RuntimeException e) {
            throw new TlsFileException("the OCSP response is damaged: " + e.getMessage(), e);
        }
    }

    private SingleResp single(BasicOCSPResp basic) throws IOException, CertificateEncodingException, OCSPException,
            OperatorCreationException {
        BigInteger serial = certificate.getSerialNumber();
        for (SingleResp each : basic.getResponses()) {
            if (each.getCertID().getSerialNumber().equals(serial)
                    && each.getCertID().matchesIssuer(new JcaX509CertificateHolder(issuer), digests())) {
                return each;
            }
        }
        throw new TlsFileException("the OCSP response is about another certificate");
    }

    private static Optional<Instant> validity(SingleResp single, Instant now) throws TlsFileException {
        if (single.getCertStatus() != CertificateStatus.GOOD) {
            throw new TlsFileException("the OCSP response says that the certificate is not good");
        }
        Date end = single.getNextUpdate();
        Optional<Instant> until = end == null ? Optional.empty() : Optional.of(end.toInstant());
        if (single.getThisUpdate().toInstant().minusSeconds(300).isAfter(now) || until.filter(now::isAfter).isPresent()) {
            throw new TlsFileException("the OCSP response is not valid now");
        }
        return until;
    }

    private boolean isSigned(BasicOCSPResp basic) throws CertificateEncodingException, OperatorCreationException, OCSPException,
            CertException {
        ContentVerifierProvider ofIssuer = verifier(new JcaX509CertificateHolder(issuer));
        if (basic.isSignatureValid(ofIssuer)) {
            return true;
        }
        for (X509CertificateHolder named : basic.getCerts()) {
            ExtendedKeyUsage use = ExtendedKeyUsage.fromExtensions(named.getExtensions());
            if (use != null && use.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning) && named.isSignatureValid(ofIssuer)) {
                return basic.isSignatureValid(verifier(named));
            }
        }
        return false;
    }

    private static ContentVerifierProvider verifier(X509CertificateHolder signer) throws OperatorCreationException {
        try {
            return new JcaContentVerifierProviderBuilder().build(signer);
        } catch (CertificateException e) {
            throw new OperatorCreationException(String.valueOf(e.getMessage()), e);
        }
    }
}
