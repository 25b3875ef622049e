package io.selvage.server.cli;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.engine.EngineMissing;
import io.selvage.server.engine.ThreadDump;
import io.selvage.server.module.IoMode;
import io.selvage.server.module.MainSettings;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.Io;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.observe.Severity;
import io.selvage.server.wiring.IoWiring;
import io.selvage.server.wiring.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketAddress;
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
    private final boolean announced;
    private final CompletableFuture<Server> started = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /// Reads the configuration at every call.
    interface Source {
        Language.Loaded load() throws ConfigProblems;
    }

    /// @param errorLog the error log until a configuration names one; standard error if empty
    /// @param mode what runs the connections, if the command line sets it
    /// @param err receives the message of a failed start, and where the server listens if it is a terminal or `announced`
    RunningServer(Source source, Optional<Path> errorLog, Optional<IoMode> mode, PrintWriter err, boolean announced) {
        this.announced = announced;
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
            loaded.warnings().forEach(warning -> err.println("warning: " + warning));
            Config config = loaded.config();
            Io io = IoWiring.start(mode.orElse(MainSettings.of(config).io()), MainSettings.of(config), logs::warn);
            Optional<PidFile> pid = pidFile(config);
            ServerReload reload = new ServerReload(source, loaded, logs);
            takeSignals(reload);
            Signals.on("URG", () -> dumpThreads(io, pid));
            int code = serve(config, io, reload, pid);
            pid.ifPresent(PidFile::remove);
            return code;
        } catch (ConfigProblems | IOException | EngineMissing e) {
            return notStarted(logs, reason(e));
        }
    }

    private int serve(Config config, Io io, ServerReload reload, Optional<PidFile> pid) throws IOException {
        try (reload) {
            Server server = Server.start(config, io, reload.logs(), () -> {
                reload.openAdmin(config);
                write(pid);
            });
            reload.started(server);
            reload.logs().main().log(Severity.NOTICE, "started, io " + io.name());
            started.complete(server);
            announce(server, reload.adminAddress());
            return ended.join();
        }
    }

    static String reason(Exception e) {
        return Optional.ofNullable(e.getMessage()).orElseGet(e::toString);
    }

    private int notStarted(LogFiles logs, String why) {
        err.println(why.startsWith("selvage:") ? why : "selvage: " + why);
        err.flush();
        if (errorLog.isPresent()) {
            ServerReload.log(logs, Severity.EMERG, why);
        }
        logs.close();
        return ExitCode.NOT_STARTED;
    }

    /// Installs the handlers before the process id is published. A signal during the start takes effect after it.
    private void takeSignals(ServerReload reload) {
        Signals.on("TERM", () -> stop(started.join(), USUAL_GRACE));
        Signals.on("INT", () -> stop(started.join(), USUAL_GRACE));
        Signals.on("WINCH", () -> stop(started.join(), UNBOUNDED));
        Signals.on("HUP", () -> {
            started.join();
            reload.reloadAndLog();
        });
        Signals.on("USR1", () -> started.join().reopenLogs());
    }

    private void announce(Server server, Optional<SocketAddress> admin) {
        if (announced || System.console() != null && System.console().isTerminal()) {
            err.println("selvage listens on "
                    + server.addresses().stream().map(AddressText::withPort).collect(Collectors.joining(", "))
                    + admin.map(address -> "; the dashboard is on " + AddressText.url(address)).orElse(""));
            err.flush();
        }
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
}
