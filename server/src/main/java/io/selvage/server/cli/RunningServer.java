package io.selvage.server.cli;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.config.Problem;
import io.selvage.server.engine.EngineMissing;
import io.selvage.server.engine.ThreadDump;
import io.selvage.server.module.IoMode;
import io.selvage.server.module.MainSettings;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.ByteText;
import io.selvage.server.net.Io;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.observe.Severity;
import io.selvage.server.wiring.IoWiring;
import io.selvage.server.wiring.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/// The life of a server, from its start to its end, and its reaction to signals.
///
/// TERM and INT stop it within a timeout, a second one at once. WINCH stops it when all requests are completed, or after
/// `worker_shutdown_timeout`. HUP reloads the configuration. USR1 reopens the log files. URG writes a thread dump.
final class RunningServer {
    /// The timeout of a stop without `worker_shutdown_timeout`.
    private static final Duration USUAL_GRACE = Duration.ofSeconds(30);
    private static final Duration UNBOUNDED = Duration.ofDays(365);

    private final Source source;
    private final Optional<Path> errorLog;
    private final Optional<IoMode> mode;
    private final PrintWriter err;
    private final CompletableFuture<Server> started = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /// Reads the configuration at every call.
    interface Source {
        Language.Loaded load() throws ConfigProblems;
    }

    /// @param errorLog the error log until a configuration names one; standard error if empty
    /// @param mode what runs the connections, if the command line sets it
    /// @param err receives the message of a failed start
    RunningServer(Source source, Optional<Path> errorLog, Optional<IoMode> mode, PrintWriter err) {
        this.source = source;
        this.errorLog = errorLog;
        this.mode = mode;
        this.err = err;
    }

    /// Runs until a signal stops it.
    ///
    /// @return the exit code
    int run() {
        LogFiles logs = new LogFiles(errorLog);
        try {
            Language.Loaded loaded = source.load();
            for (Problem warning : loaded.warnings()) {
                err.println("warning: " + warning);
            }
            Config config = loaded.config();
            Io io = IoWiring.start(mode.orElse(MainSettings.of(config).io()), MainSettings.of(config), logs::warn);
            Optional<PidFile> pid = pidFile(config);
            takeSignals(logs);
            Signals.on("URG", () -> dumpThreads(io, pid));
            Server server = Server.start(config, io, logs, () -> write(pid));
            logs.main().log(Severity.NOTICE, "started, io " + io.name());
            started.complete(server);
            int code = serve(server);
            pid.ifPresent(PidFile::remove);
            return code;
        } catch (ConfigProblems | IOException | EngineMissing e) {
            return notStarted(logs, reason(e));
        }
    }

    private static String reason(Exception e) {
        return Optional.ofNullable(e.getMessage()).orElseGet(e::toString);
    }

    private int notStarted(LogFiles logs, String why) {
        err.println(why.startsWith("selvage:") ? why : "selvage: " + why);
        err.flush();
        if (errorLog.isPresent()) {
            log(logs, Severity.EMERG, why);
        }
        logs.close();
        return ExitCode.NOT_STARTED;
    }

    /// Installs the handlers before the process id is published. A signal during the start takes effect after it.
    private void takeSignals(LogFiles logs) {
        Signals.on("TERM", () -> stop(started.join(), USUAL_GRACE));
        Signals.on("INT", () -> stop(started.join(), USUAL_GRACE));
        Signals.on("WINCH", () -> stop(started.join(), UNBOUNDED));
        Signals.on("HUP", () -> reload(started.join(), logs));
        Signals.on("USR1", () -> started.join().reopenLogs());
    }

    private int serve(Server server) {
        if (System.console() != null && System.console().isTerminal()) {
            err.println("selvage listens on "
                    + server.addresses().stream().map(AddressText::withPort).collect(Collectors.joining(", ")));
            err.flush();
        }
        return ended.join();
    }

    private static void write(Optional<PidFile> pid) throws IOException {
        if (pid.isPresent()) {
            pid.get().write();
        }
    }

    private static Optional<PidFile> pidFile(Config config) {
        Path path = MainSettings.of(config).pid();
        return path.toString().isEmpty() ? Optional.empty() : Optional.of(new PidFile(path));
    }

    /// Stops within `worker_shutdown_timeout`.
    ///
    /// @param usual the timeout without that directive
    private void stop(Server server, Duration usual) {
        if (stopping.compareAndSet(false, true)) {
            Duration configured = MainSettings.of(server.config()).workerShutdownTimeout();
            ended.complete(server.stop(configured.isZero() ? usual : configured) ? ExitCode.FINE : ExitCode.FORCED);
        } else {
            ended.complete(ExitCode.FORCED);
        }
    }

    /// Writes a thread dump for the `selvage threads` that waits for it; if none does, to standard output.
    private static synchronized void dumpThreads(Io io, Optional<PidFile> pid) {
        String dump = VersionCommand.line() + ", process " + ProcessHandle.current().pid() + ", " + Instant.now() + "\n"
                + VersionCommand.environment() + "\n" + io.snapshot() + "\n\n" + ThreadDump.text();
        try {
            if (pid.isPresent() && ThreadDumpFile.beside(pid.get()).write(dump)) {
                return;
            }
        } catch (IOException e) {
            System.out.println("the thread dump cannot be written: " + e);
        }
        System.out.print(dump);
        System.out.flush();
    }

    /// Reloads the configuration. If it is wrong or cannot be applied, the current one remains.
    private void reload(Server server, LogFiles logs) {
        try {
            Language.Loaded loaded = source.load();
            loaded.warnings().forEach(warning -> log(logs, Severity.WARN, warning.toString()));
            server.reload(loaded.config());
            logs.main().log(Severity.NOTICE, "the configuration was reloaded");
        } catch (ConfigProblems e) {
            log(logs, Severity.EMERG, reason(e));
        } catch (IOException e) {
            log(logs, Severity.EMERG, "not reloaded: " + reason(e));
        }
    }

    /// Writes each line of a text to the error log.
    private static void log(LogFiles logs, Severity severity, String text) {
        ByteText.encode(text).lines().forEach(line -> logs.main().log(severity, line));
    }
}
