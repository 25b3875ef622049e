package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.tls.CipherSuite;
import io.selvage.server.tls.NamedGroup;
import io.selvage.server.tls.TlsVersion;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A command of OpenSSL's configuration: `ssl_conf_command`.
///
/// @param name as SSL_CONF_cmd(3) has it
record TlsCommand(String name, String value) implements Printable {
    static final String CIPHERSUITES = "ciphersuites";
    static final String CIPHER_STRING = "cipherstring";
    /// Options that hold whether they are named or not, or that only a connection with other faults would notice.
    private static final Set<String> OPTIONS_WITHOUT_EFFECT = Set.of("norenegotiation", "noresumptiononrenegotiation",
            "compression", "emptyfragments", "bugs", "prioritizechacha", "ktls", "middleboxcompat", "encryptthenmac",
            "extendedmastersecret", "dhsingle", "ecdhsingle", "unsafelegacyserverconnect", "canamesinrequest",
            "antireplay", "rxcertificatecompression", "txcertificatecompression");
    private static final String TICKETS = "sessionticket";
    private static final String PREFERENCE = "serverpreference";

    static TlsCommand read(Line line) {
        TlsCommand command = new TlsCommand(line.argument(0).text(), line.argument(1).text());
        command.check(line.argument(0), line.argument(1));
        return command;
    }

    private void check(Argument command, Argument argument) {
        switch (key()) {
            case "options" -> parts(value, ",").forEach(option -> checkOption(argument, option));
            case "minprotocol", "maxprotocol" -> {
                if (!isNoBound() && TlsVersion.named(value).isEmpty()) {
                    argument.refuse("a version of TLS, or \"None\"");
                }
            }
            case "protocol" -> parts(value, ",").forEach(version -> {
                String bare = version.replaceFirst("^[+-]", "");
                if (!bare.equalsIgnoreCase("ALL") && !bare.startsWith("SSL") && TlsVersion.named(bare).isEmpty()) {
                    argument.refuse("versions of TLS");
                }
            });
            case "groups", "curves" -> parts(value, ":").stream().filter(group -> NamedGroup.named(group).isEmpty())
                    .forEach(group -> argument.problem("unknown curve name \"" + group + "\""));
            case CIPHERSUITES -> parts(value, ":").stream()
                    .filter(suite -> CipherSuite.named(suite).filter(CipherSuite::isOfTls13).isEmpty())
                    .forEach(suite -> argument.problem("unknown cipher suite of TLS 1.3 \"" + suite + "\""));
            case CIPHER_STRING -> { }
            default -> command.problem("\"" + command.text() + "\" of \"" + command.owner() + "\" is not built; built are "
                    + "Options, Protocol, MinProtocol, MaxProtocol, Groups, Curves, CipherString and Ciphersuites");
        }
    }

    private static void checkOption(Argument argument, String written) {
        String option = written.replaceFirst("^[+-]", "").toLowerCase(Locale.ROOT);
        if (!option.equals(TICKETS) && !option.equals(PREFERENCE) && !OPTIONS_WITHOUT_EFFECT.contains(option)) {
            argument.problem("\"" + written + "\" of \"Options\" is not built");
        }
    }

    /// The name in lower case: OpenSSL ignores its case.
    String key() {
        return name.toLowerCase(Locale.ROOT);
    }

    /// The versions that are left of some.
    Set<TlsVersion> limit(Set<TlsVersion> versions) {
        EnumSet<TlsVersion> left = EnumSet.noneOf(TlsVersion.class);
        left.addAll(versions);
        Optional<TlsVersion> bound = TlsVersion.named(value);
        switch (key()) {
            case "minprotocol" -> bound.ifPresent(least -> left.removeIf(version -> version.compareTo(least) < 0));
            case "maxprotocol" -> bound.ifPresent(most -> left.removeIf(version -> version.compareTo(most) > 0));
            case "protocol" -> parts(value, ",").forEach(version -> change(left, version));
            default -> { }
        }
        return left;
    }

    private static void change(Set<TlsVersion> versions, String change) {
        String bare = change.replaceFirst("^[+-]", "");
        Set<TlsVersion> meant = EnumSet.noneOf(TlsVersion.class);
        if (bare.equalsIgnoreCase("ALL")) {
            meant.addAll(EnumSet.allOf(TlsVersion.class));
        }
        TlsVersion.named(bare).ifPresent(meant::add);
        if (change.startsWith("-")) {
            versions.removeAll(meant);
        } else {
            versions.addAll(meant);
        }
    }

    /// The groups that it sets; empty if it sets none.
    Optional<List<String>> groups() {
        return key().equals("groups") || key().equals("curves")
                ? Optional.of(parts(value, ":").stream().flatMap(name -> NamedGroup.named(name).stream())
                        .map(NamedGroup::opensslName).toList())
                : Optional.empty();
    }

    /// The cipher suites of TLS 1.3 that it sets, by their names.
    Optional<List<String>> ciphersuites() {
        return key().equals(CIPHERSUITES) ? Optional.of(parts(value, ":")) : Optional.empty();
    }

    /// Whether it switches session tickets on or off; empty if it does neither.
    Optional<Boolean> tickets() {
        return option(TICKETS);
    }

    /// Whether it prefers the server's order of cipher suites; empty if it says nothing about that.
    Optional<Boolean> serverPreference() {
        return option(PREFERENCE);
    }

    private Optional<Boolean> option(String wanted) {
        Optional<Boolean> found = Optional.empty();
        if (key().equals("options")) {
            for (String option : parts(value, ",")) {
                if (option.replaceFirst("^[+-]", "").equalsIgnoreCase(wanted)) {
                    found = Optional.of(!option.startsWith("-"));
                }
            }
        }
        return found;
    }

    private boolean isNoBound() {
        return value.equalsIgnoreCase("None");
    }

    private static List<String> parts(String text, String separator) {
        return Arrays.stream(text.split(separator)).map(String::strip).filter(part -> !part.isEmpty()).toList();
    }

    @Override
    public List<String> words() {
        return List.of(name, value);
    }
}
