package io.selvage.server.effects;

import io.selvage.server.cli.SelvageCommand;
import java.util.List;

/// The command line of the product, for tests that need a process of their own.
final class Program {
    private Program() {
    }

    public static void main(String[] arguments) {
        System.exit(SelvageCommand.execute(List.of(), arguments));
    }
}
