package io.selvage.server.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// The names that a certificate is for (RFC 9525 §6): its alternative names, and its common name if none of these is a host
/// name, as nginx does. An asterisk stands for the whole first label and for nothing else.
final class CertifiedNames {
    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;

    private final List<String> hosts = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();

    private CertifiedNames() {
    }

    /// Whether the certificate is for a host name or an address.
    static boolean match(X509Certificate certificate, String name) {
        CertifiedNames names = new CertifiedNames();
        try {
            names.read(certificate);
        } catch (CertificateParsingException | InvalidNameException e) {
            return false;
        }
        return names.match(name.toLowerCase(Locale.ROOT));
    }

    private void read(X509Certificate certificate) throws CertificateParsingException, InvalidNameException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                if (alternative.get(1) instanceof String text) {
                    switch ((Integer) alternative.getFirst()) {
                        case DNS_NAME -> hosts.add(text.toLowerCase(Locale.ROOT));
                        case ADDRESS -> addresses.add(text);
                        default -> {
                            // No name of a host.
                        }
                    }
                }
            }
        }
        if (hosts.isEmpty()) {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String text) {
                    hosts.add(text.toLowerCase(Locale.ROOT));
                }
            }
        }
    }

    private boolean match(String name) {
        if (isAddress(name)) {
            return addresses.stream().anyMatch(address -> isSame(address, name)) || hosts.contains(name);
        }
        String wanted = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        int dot = wanted.indexOf('.');
        String wildcard = dot > 0 ? '*' + wanted.substring(dot) : "";
        return hosts.contains(wanted) || wildcard.indexOf('.', 2) > 0 && hosts.contains(wildcard);
    }

    /// Only digits and dots, or with a colon: no name is looked up for it.
    private static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    }

    private static boolean isSame(String address, String other) {
        try {
            return InetAddress.ofLiteral(address).equals(InetAddress.ofLiteral(other));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
