package io.selvage.perf.race;

import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/// One core for the targets, and another one for the lab with its generator and the applications behind the targets. No thread of
/// one side then waits for a core that the other side uses, and how busy each of them was is known.
///
/// @param target the number of the core of the targets
/// @param lab the number of the core of the lab
public record Pinning(int target, int lab) {
    private static final String TASKSET = "taskset";

    /// Moves all threads of this process to the second of the cores that it may use, where the programs that it starts stay as
    /// well, except targets: they get the first one.
    ///
    /// @throws UserError if there is only one core, or `taskset` of util-linux is missing
    public static Pinning begin() throws UserError, IOException, InterruptedException {
        String self = Long.toString(ProcessHandle.current().pid());
        BitSet cores = cores(run("-c", "-p", self));
        if (cores.cardinality() < 2) {
            throw new UserError("two cores are needed to pin the server and the generator to one each");
        }
        int target = cores.nextSetBit(0);
        int lab = cores.nextSetBit(target + 1);
        run("-a", "-c", "-p", Integer.toString(lab), self);
        return new Pinning(target, lab);
    }

    /// The command that starts a target on its core.
    List<String> onTargetCore(List<String> command) {
        return Stream.concat(Stream.of(TASKSET, "-c", Integer.toString(target)), command.stream()).toList();
    }

    /// The cores, for the facts of a report.
    public String words() {
        return "targets on core " + target + "; generator and applications on core " + lab;
    }

    /// The cores in the last word of the answer of taskset: `pid 7's current affinity list: 0,2-3`.
    static BitSet cores(String answer) {
        var cores = new BitSet();
        for (String range : answer.strip().substring(answer.strip().lastIndexOf(' ') + 1).split(",")) {
            String[] ends = range.split("-");
            cores.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
        }
        return cores;
    }

    private static String run(String... arguments) throws UserError, IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(Stream.concat(Stream.of(TASKSET), Stream.of(arguments)).toList())
                    .redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UserError("taskset cannot be started: " + e.getMessage());
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new UserError(output.strip());
        }
        return output;
    }
}
