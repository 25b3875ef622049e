package io.selvage.server.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// The names in certificates as nginx writes them.
final class DistinguishedNames {
    /// Types that OpenSSL knows by a short name and the JDK by number only.
    private static final Map<String, String> SHORT = Map.of("1.2.840.113549.1.9.1", "emailAddress", "2.5.4.5", "serialNumber",
            "2.5.4.4", "SN", "2.5.4.42", "GN", "2.5.4.12", "title", "2.5.4.46", "dnQualifier", "2.5.4.17", "postalCode",
            "2.5.4.15", "businessCategory", "2.5.4.97", "organizationIdentifier");

    private DistinguishedNames() {
    }

    /// As RFC 2253 has it, the last part first: `CN=example.org,O=Example`.
    static String rfc2253(X500Principal name) {
        return name.getName(X500Principal.RFC2253, SHORT);
    }

    /// As OpenSSL wrote it once, the first part first: `/O=Example/CN=example.org`.
    static String oneLine(X500Principal name) {
        try {
            StringBuilder line = new StringBuilder();
            List<Rdn> parts = new ArrayList<>(new LdapName(rfc2253(name)).getRdns());
            parts.forEach(part -> line.append('/').append(part.getType()).append('=').append(part.getValue()));
            return line.toString();
        } catch (InvalidNameException e) {
            return name.getName();
        }
    }
}
