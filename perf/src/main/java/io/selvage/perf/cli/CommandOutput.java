package io.selvage.perf.cli;

import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// Turns the exceptions of a command into one line on standard error and an exit code.
final class CommandOutput {
    /// The work of a command.
    interface Work {
        void run() throws UserError, IOException, InterruptedException;
    }

    private CommandOutput() {
    }

    /// Runs the work.
    ///
    /// @return 0 after success; 1 after a failure, which is printed
    static int exitCode(CommandSpec command, Work work) {
        try {
            work.run();
            return 0;
        } catch (UserError e) {
            return printError(command, String.valueOf(e.getMessage()));
        } catch (FileSystemException e) {
            return printError(command, e.getFile() + ": "
                    + Optional.ofNullable(e.getReason()).orElse(e.getClass().getSimpleName()));
        } catch (IOException e) {
            return printError(command, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return printError(command, "interrupted");
        }
    }

    private static int printError(CommandSpec command, String line) {
        command.commandLine().getErr().println(command.qualifiedName() + ": " + line);
        command.commandLine().getErr().flush();
        return 1;
    }
}
