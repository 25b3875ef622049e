package io.selvage.server.cli;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.module.MainSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program: its commands, and nginx's flags if there is no command.
@Command(name = "selvage", description = "A front server for web applications: static files, balanced proxying, latency figures.",
        exitCodeOnInvalidInput = ExitCode.FORCED, exitCodeOnExecutionException = ExitCode.NOT_STARTED)
public final class SelvageCommand implements Callable<Integer> {
    private static final List<Class<?>> COMMANDS = List.of(RunCommand.class, CheckCommand.class, ExplainCommand.class,
            ServeCommand.class, StatusCommand.class, PeersCommand.class, TopCommand.class, ReloadCommand.class, CertCommand.class,
            ThreadsCommand.class, VersionCommand.class);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Option(names = "-t", description = "check the configuration and exit")
    private boolean test;

    @Option(names = "-T", description = "check the configuration, print it with its included files, and exit")
    private boolean dump;

    @Option(names = "-q", description = "print nothing if the configuration is valid")
    private boolean quiet;

    @Option(names = "-v", description = "print the version and exit")
    private boolean version;

    @Option(names = "-V", description = "print the version and the runtime environment, and exit")
    private boolean details;

    @Option(names = "-s", paramLabel = "SIGNAL", description = "stop, quit, reload or reopen: signal a running server")
    private String signal = "";

    @Mixin
    private IoOption io = new IoOption();

    /// The command line of the program with all its commands. Every command has `--help`.
    ///
    /// @param more commands beside those of this class
    public static CommandLine commandLine(Object... more) {
        return commandLine(Stream.concat(COMMANDS.stream(), Stream.of(more)));
    }

    /// Runs the program.
    ///
    /// @param more commands beside those of this class
    /// @return the exit code
    public static int execute(List<Object> more, String... arguments) {
        return commandLineFor(more, arguments).execute(arguments);
    }

    /// As [#commandLine], with only those commands that the arguments name: to prepare all of them takes a sixth of the time of a
    /// start. Help and errors are about all of them.
    static CommandLine commandLineFor(List<Object> more, String... arguments) {
        List<String> words = List.of(arguments);
        CommandLine named = commandLine(Stream.concat(COMMANDS.stream(), more.stream())
                .filter(command -> words.contains(nameOf(command))));
        return isUnderstood(named, arguments) ? named : commandLine(more.toArray());
    }

    private static String nameOf(Object command) {
        Class<?> type = command instanceof Class<?> itself ? itself : command.getClass();
        return type.getAnnotation(Command.class).name();
    }

    /// Whether the arguments are a command with its options, or options of the program.
    private static boolean isUnderstood(CommandLine line, String... arguments) {
        try {
            return !line.parseArgs(arguments).isUsageHelpRequested();
        } catch (ParameterException _) {
            return false;
        }
    }

    private static CommandLine commandLine(Stream<?> commands) {
        CommandLine line = new CommandLine(new SelvageCommand());
        commands.forEach(line::addSubcommand);
        addHelp(line);
        return line.setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static void addHelp(CommandLine line) {
        CommandSpec command = line.getCommandSpec();
        if (command.findOption("--help") == null) {
            command.addOption(OptionSpec.builder("-?", "-h", "--help").usageHelp(true).description("show this help").build());
        }
        line.getSubcommands().values().forEach(SelvageCommand::addHelp);
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        if (version || details) {
            err.println(VersionCommand.line());
            if (details) {
                err.println(VersionCommand.environment());
            }
            err.flush();
            return ExitCode.FINE;
        }
        if (test || dump) {
            return CheckCommand.checked(err, config, quiet, dump);
        }
        if (!signal.isEmpty()) {
            return signalled(err);
        }
        return new RunningServer(config::load, config.errorLog(), io.mode(), err, false).run();
    }

    private int signalled(PrintWriter err) {
        SignalToServer sent = SignalToServer.named(signal).orElseThrow(() ->
                new ParameterException(spec.commandLine(), "-s takes stop, quit, reload or reopen, not \"" + signal + "\""));
        try {
            sent.send(new PidFile(MainSettings.of(config.load().config()).pid()));
            return ExitCode.FINE;
        } catch (ConfigProblems | IOException e) {
            return CheckCommand.failed(err, e);
        }
    }
}
