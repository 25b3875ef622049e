package io.selvage.perf.cli;

import io.selvage.perf.input.Complaint;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// The one place where what goes wrong becomes a line and an exit code.
final class CommandOutput {
    /// The work of a command.
    interface Work {
        void run() throws Complaint, IOException, InterruptedException;
    }

    private CommandOutput() {
    }

    /// 0 when the work was done; 1 after a line on the error stream when it could not be.
    static int exitCode(CommandSpec command, Work work) {
        try {
            work.run();
            return 0;
        } catch (Complaint e) {
            return tell(command, String.valueOf(e.getMessage()));
        } catch (FileSystemException e) {
            return tell(command, e.getFile() + ": " + Optional.ofNullable(e.getReason()).orElse(e.getClass().getSimpleName()));
        } catch (IOException e) {
            return tell(command, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return tell(command, "interrupted");
        }
    }

    private static int tell(CommandSpec command, String line) {
        command.commandLine().getErr().println(command.qualifiedName() + ": " + line);
        command.commandLine().getErr().flush();
        return 1;
    }
}
