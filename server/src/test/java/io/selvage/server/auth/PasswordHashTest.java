package io.selvage.server.auth;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.codec.digest.Crypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The hashes were made by `htpasswd` 2.4, OpenSSL 3 and glibc's `crypt`.
class PasswordHashTest {

    private static boolean matches(String hash, String password) {
        return new PasswordHash(hash).matches(password.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "$apr1$Mb5KwxbT$ovwSMgSqUh2jR1vqeHbW7/|p:ss wörd",
        "$2y$05$wlPsnbDjitT9i2zMJdRRIudUMEiAcD89HbBoWRdbOptjXmaLMlMFy|p:ss wörd",
        "$2y$04$FHMywPE.2rAYTngxtT21geYrEeRBbmL0x6YJMRGIOxXMAH8cSXSfy|p:ss wörd",
        "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW|secret",
        "{SHA}399krMU+4UceMURP+SuAz3WFPxk=|p:ss wörd",
        "{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0|secret",
        "{PLAIN}p:ss wörd|p:ss wörd",
        "2kQf4zaL2flLo|p:ss wörd",
        "abNANd1rDfiNc|secret",
        "$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1|secret",
        "$5$abc$qsg6EHbUzHQzF1POlD7zUwBINSELQxypPaeDcZe6vH0|secret",
        "$5$gJqnNXUznrGHCZTT$8LUBQsSUpu0/0VF5ZJzeo33oEXSDHjX3JKl.rsqg6H4|secret",
        "$6$rounds=1000$abc$MqEcPZUYRGGcOeq7PhMpfjfu/F0HrVEI0OlZBijWvO8mSG77iNUDP5MqFceKpJTBc8iITVtNyLiNTRNCxv6oh0|secret",
    })
    void passwordMatchesItsHash(String hash, String password) {
        assertTrue(new PasswordHash(hash).isKnown());
        boolean encoded = hash.startsWith("{PLAIN}");
        String text = encoded ? new String(hash.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1) : hash;
        assertTrue(matches(text, password));
        assertFalse(matches(text, "x" + password));
        assertFalse(matches(text, ""));
    }

    @Test
    void bcryptAndDesIgnoreTheEndOfLongPasswords() {
        String hash = "$2y$04$abcdefghijklmnopqrstuum2G75IXDN/xsgbNa/hCiPSKyIHQd70S";
        assertTrue(matches(hash, "0123456789".repeat(9)));
        assertTrue(matches(hash, "0123456789".repeat(7) + "01and more"));
        assertFalse(matches(hash, "0123456789".repeat(7) + "0"));
        assertTrue(matches("2kQf4zaL2flLo", "p:ss wö"));
    }

    @Test
    void longPasswordIsNotHashedSlowly() {
        for (String salt : List.of("$6$salt$", "$5$salt$", "$1$salt$", "ab")) {
            assertTrue(matches(Crypt.crypt("p".repeat(511), salt), "p".repeat(511)), salt);
            assertFalse(matches(Crypt.crypt("p".repeat(512), salt), "p".repeat(512)), salt);
        }
        assertTrue(matches("{PLAIN}" + "p".repeat(5000), "p".repeat(5000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "secret", "**", "{SHA}", "{SHA}!!", "{SSHA}", "{SSHA}c2hvcnQ=", "$2y$", "$2y$99$abc",
        "$apr1$", "$1$", "$5$", "$6$rounds=x$", "$6$rounds=1000$", "*0", "!"})
    void malformedHashMatchesNothing(String hash) {
        assertFalse(matches(hash, "secret"));
        assertFalse(matches(hash, hash));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$y$j9T$shgGrDYFSTBFQpRhdfhlo/$gIs0BI6mEhFDeUAJI/R6szdDOKwIGbCc9csL2ofcgW0",
        "$7$x", "$2x$04$abc", "$"})
    void otherKindsAreUnknown(String hash) {
        assertFalse(new PasswordHash(hash).isKnown());
        assertFalse(matches(hash, "secret"));
    }

    @Test
    void firstLineOfAUserCounts() {
        PasswordFile file = new PasswordFile("# comment\n#u:c\n\nu:one:a comment\r\nu:two\nv:three\r\n"
                + ":four\nno colon\nlast:five");
        assertEquals("one", file.find("u").orElseThrow().text());
        assertEquals("three", file.find("v").orElseThrow().text());
        assertEquals("five", file.find("last").orElseThrow().text());
        assertTrue(file.find("#u").isEmpty() && file.find("").isEmpty() && file.find("no colon").isEmpty());
    }
}
