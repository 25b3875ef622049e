package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Machine;
import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Optional;
import java.util.Set;

/// The machine of this process.
public final class ThisMachine implements Machine {
    private static final Set<Path> GIVEN = Set.of(Path.of("/dev/stdout"), Path.of("/dev/stderr"));
    private static final UserPrincipalLookupService ACCOUNTS = FileSystems.getDefault().getUserPrincipalLookupService();

    @Override
    public boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean hasUser(String name) {
        return isName(name) && isFound(() -> ACCOUNTS.lookupPrincipalByName(name));
    }

    @Override
    public boolean hasGroup(String name) {
        return isName(name) && isFound(() -> ACCOUNTS.lookupPrincipalByGroupName(name));
    }

    /// The JDK takes a number for an id, libc does not.
    private static boolean isName(String name) {
        return !name.matches("\\d*");
    }

    private interface Lookup {
        Object find() throws IOException;
    }

    private static boolean isFound(Lookup lookup) {
        try {
            lookup.find();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// What the process was given at its start is open already, and need not be open to the user that it has become.
    @Override
    public Optional<String> whyNotWritable(Path file) {
        if (GIVEN.contains(file)) {
            return Optional.empty();
        }
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            return Optional.of("it is a folder");
        }
        if (Files.exists(file)) {
            return Files.isWritable(file) ? Optional.empty() : Optional.of("permission denied");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            return Optional.of("there is no folder \"" + (folder == null ? "" : ByteText.of(folder)) + "\"");
        }
        return Files.isWritable(folder) ? Optional.empty()
                : Optional.of("permission denied in \"" + ByteText.of(folder) + "\"");
    }

    @Override
    public Optional<String> whyNotListening(Address address) {
        return switch (address) {
            case Address.Unix(var path) -> whyNotWritable(ByteText.path(path));
            case Address.Inet(var host, _) -> whyNotListening(host);
        };
    }

    @Override
    public boolean hasHost(String name) {
        return isFound(() -> InetAddress.getByName(name));
    }

    @Override
    public boolean readsFiles() {
        return true;
    }

    private static Optional<String> whyNotListening(String host) {
        try (SocketChannel socket = SocketChannel.open()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of("host not found");
        } catch (IOException | UnsupportedAddressTypeException e) {
            return Optional.of("it is no address of this machine");
        }
    }
}
