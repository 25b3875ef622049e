package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `admin ADDRESS [token=TOKEN | token_file=FILE]`
///
/// @param address where the admin API listens
/// @param token what clients from other machines send; empty for none, or if it is in a file
/// @param tokenFile the file with the token, which is read at the start and at each reload
public record AdminLine(Address address, Optional<String> token, Optional<Path> tokenFile) implements Printable {
    static AdminLine read(Line line) {
        Address address = Address.read(line.argument(0), -1);
        Optional<String> token = Optional.empty();
        Optional<Path> file = Optional.empty();
        for (Argument argument : line.argumentsFrom(1)) {
            switch (argument.word().key()) {
                case "token" -> token = Optional.of(token(argument.option()));
                case "token_file" -> file = Optional.of(file(argument.option()));
                default -> argument.unknown();
            }
        }
        if (token.isPresent() && file.isPresent()) {
            line.problem("\"admin\" has either a \"token\" or a \"token_file\"");
        }
        if (token.isEmpty() && file.isEmpty() && address instanceof Address.Inet(var host, _) && !isLoopback(host)) {
            line.argument(0).problem("\"admin\" on \"" + line.argument(0).text()
                    + "\" needs a \"token\" or a \"token_file\": other machines can reach it");
        }
        return new AdminLine(address, token, file);
    }

    private static String token(Argument argument) {
        if (!AdminToken.isValid(argument.text())) {
            argument.problem("\"token\" of \"admin\" needs " + AdminToken.NEEDED);
        }
        return argument.text();
    }

    /// A file that this process may not read is no problem: it may have been read before the user of the process changed.
    private static Path file(Argument argument) {
        Path file = argument.configPath();
        if (argument.machine().readsFiles()) {
            try {
                AdminToken.read(file);
            } catch (AccessDeniedException _) {
                return file;
            } catch (NoSuchFileException _) {
                argument.problem("\"token_file\" of \"admin\": there is no file \"" + argument.text() + "\"");
            } catch (IOException e) {
                argument.problem(String.valueOf(e.getMessage()));
            }
        }
        return file;
    }

    /// True if clients need no token that reach it from this machine by that address: a unix socket, the loopback address, or all
    /// addresses.
    public boolean isLocal() {
        return !(address instanceof Address.Inet(var host, _)) || isLoopback(host) || host.equals("0.0.0.0") || host.equals("::");
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }

    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>(List.of(address.toString()));
        token.ifPresent(text -> words.add("token=" + text));
        tokenFile.ifPresent(file -> words.add("token_file=" + ByteText.of(file)));
        return words;
    }
}
