package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.net.ByteText;
import io.selvage.server.observe.SyslogHeader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `syslog:` of `access_log` and `error_log`: `syslog:server=HOST[:PORT],facility=,severity=,tag=,nohostname`.
///
/// @param address of the server
/// @param facility the index in the list of RFC 3164 §4.1.1
/// @param level the severity of lines of an access log
/// @param tag names the program
/// @param named whether messages name the machine
record SyslogServer(Address address, int facility, SyslogHeader.Level level, String tag, boolean named) {
    private static final String PREFIX = "syslog:";
    private static final int PORT = 514;
    private static final int LONGEST_TAG = 32;
    private static final List<String> FACILITIES = List.of("kern", "user", "mail", "daemon", "auth", "intern", "lpr", "news",
            "uucp", "clock", "authpriv", "ftp", "ntp", "audit", "alert", "cron", "local0", "local1", "local2", "local3", "local4",
            "local5", "local6", "local7");
    private static final SyslogServer USUAL = new SyslogServer(new Address.Inet("", PORT), FACILITIES.indexOf("local7"),
            SyslogHeader.Level.INFO, "nginx", true);

    /// The server that an argument names; empty for the name of a file.
    static Optional<SyslogServer> read(Argument argument) {
        if (!argument.text().startsWith(PREFIX)) {
            return Optional.empty();
        }
        SyslogServer server = USUAL;
        Set<String> seen = new HashSet<>();
        for (String word : argument.text().substring(PREFIX.length()).split(",", -1)) {
            Argument part = argument.with(word);
            if (!seen.add(part.word().key())) {
                argument.problem("\"" + part.word().key() + "\" of \"" + PREFIX + "\" is duplicate");
            }
            server = server.with(part);
        }
        if (!seen.contains("server")) {
            argument.problem("\"" + PREFIX + "\" needs \"server=\"");
        }
        return Optional.of(server);
    }

    private SyslogServer with(Argument part) {
        return switch (part.word().key()) {
            case "server" -> new SyslogServer(Address.read(part.option(), PORT), facility, level, tag, named);
            case "facility" -> new SyslogServer(address, facility(part.option()), level, tag, named);
            case "severity" ->
                new SyslogServer(address, facility, part.option().choice(SyslogHeader.Level.class), tag, named);
            case "tag" -> new SyslogServer(address, facility, level, tag(part.option()), named);
            case "nohostname" -> new SyslogServer(address, facility, level, tag, false);
            default -> {
                part.problem("\"" + PREFIX + "\" has no parameter \"" + part.text() + "\"");
                yield this;
            }
        };
    }

    private static int facility(Argument argument) {
        int index = FACILITIES.indexOf(argument.text());
        if (index < 0) {
            argument.refuse("a facility of syslog");
        }
        return Math.max(index, 0);
    }

    private static String tag(Argument argument) {
        if (!argument.text().matches("\\w{1," + LONGEST_TAG + "}")) {
            argument.refuse("at most " + LONGEST_TAG + " letters, digits and underscores");
        }
        return argument.text();
    }

    /// As it is written, with what differs from the usual.
    String word() {
        return PREFIX + "server=" + address
                + (facility == USUAL.facility ? "" : ",facility=" + FACILITIES.get(facility))
                + (level == USUAL.level ? "" : ",severity=" + Argument.written(level))
                + (tag.equals(USUAL.tag) ? "" : ",tag=" + tag)
                + (named ? "" : ",nohostname");
    }

    /// What it is called among the logs: equal for equal addresses.
    Path name() {
        return Path.of(PREFIX + address);
    }

    /// Its address. A host is looked up with each call; it is unresolved if that fails.
    SocketAddress socketAddress() {
        return switch (address) {
            case Address.Inet(String host, int port) -> new InetSocketAddress(host, port);
            case Address.Unix(String path) -> UnixDomainSocketAddress.of(ByteText.path(path));
        };
    }

    SyslogHeader header() {
        return new SyslogHeader(facility, tag, named ? VariableSources.machineName() : "");
    }
}
