package io.selvage.server.acme;

import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// Parts of the names of certificates.
final class DistinguishedName {
    private DistinguishedName() {
    }

    /// The common name (CN).
    static Optional<String> commonName(X500Principal name) {
        try {
            return new LdapName(name.getName()).getRdns().stream().filter(part -> part.getType().equalsIgnoreCase("CN"))
                    .map(Rdn::getValue).map(Object::toString).findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
