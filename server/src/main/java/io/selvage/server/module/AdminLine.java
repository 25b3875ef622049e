package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.net.ByteText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// `admin ADDRESS [token=TOKEN | token_file=FILE]`
///
/// @param address where the admin API listens
/// @param token what clients from other machines send; empty for none, or if it is in a file
/// @param tokenFile the file with the token, which is read at the start and at each reload
public record AdminLine(Address address, Optional<String> token, Optional<Path> tokenFile) {
    private static final String NEEDED = "16 to 512 characters of A-Z, a-z, 0-9, \"-._~+/\" and \"=\" at the end";
    /// The syntax of bearer tokens (RFC 6750 §2.1).
    private static final Pattern TOKEN = Pattern.compile("(?=.{16,512}$)[A-Za-z0-9._~+/-]+=*");

    static AdminLine read(Line line) {
        Address address = Address.read(line.argument(0), -1);
        Optional<String> token = Optional.empty();
        Optional<Path> file = Optional.empty();
        for (Argument argument : line.argumentsFrom(1)) {
            switch (argument.word().key()) {
                case "token" -> token = Optional.of(token(argument.option()));
                case "token_file" -> file = Optional.of(argument.option().configPath());
                default -> argument.unknown();
            }
        }
        if (token.isEmpty() && file.isEmpty() && address instanceof Address.Inet(var host, _) && !isLoopback(host)) {
            line.argument(0).problem("\"admin\" on \"" + line.argument(0).text()
                    + "\" needs a \"token\" or a \"token_file\": other machines can reach it");
        }
        return new AdminLine(address, token, file);
    }

    private static String token(Argument argument) {
        if (!isToken(argument.text())) {
            argument.problem("\"token\" of \"admin\" needs " + NEEDED);
        }
        return argument.text();
    }

    /// Whether a text can be a token.
    public static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /// What a token must be, for messages.
    public static String needed() {
        return NEEDED;
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }

    List<String> words() {
        List<String> words = new ArrayList<>(List.of(address.toString()));
        token.ifPresent(text -> words.add("token=" + text));
        tokenFile.ifPresent(file -> words.add("token_file=" + ByteText.of(file)));
        return words;
    }
}
