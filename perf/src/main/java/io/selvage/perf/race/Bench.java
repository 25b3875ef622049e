package io.selvage.perf.race;

import io.selvage.perf.input.UserError;
import io.selvage.perf.load.Generator;
import io.selvage.perf.load.H2loadGenerator;
import io.selvage.perf.load.LoadGenerator;
import io.selvage.perf.load.Setup;
import io.selvage.perf.load.WrkGenerator;
import java.io.IOException;
import java.util.Optional;

/// How the targets of a race are driven.
///
/// @param wrk true to use `wrk` instead of the generator of the lab
/// @param threads the threads of the generator; 0 for one on each core that it may use
/// @param pinning the cores of targets and lab; empty to share all cores
public record Bench(boolean wrk, int threads, Optional<Pinning> pinning) {
    /// The generator of the lab on all cores.
    public static final Bench DEFAULT = new Bench(false, 0, Optional.empty());

    int threads(int connections) {
        return Math.min(threads > 0 ? threads : Runtime.getRuntime().availableProcessors(), connections);
    }

    LoadGenerator generator(Setup setup) throws UserError, IOException {
        if (setup.streams() > 0) {
            return new H2loadGenerator(setup);
        }
        return wrk ? new WrkGenerator(setup) : new Generator(setup);
    }

    /// Checks that `wrk` can do the work of a scenario.
    ///
    /// @throws UserError if the scenario has other loads than saturation, or needs HTTP/2 or resumed sessions
    void check(Scenario scenario) throws UserError {
        Loads loads = scenario.loads();
        if (wrk && (!loads.percents().isEmpty() || !loads.rates().isEmpty() || scenario.work().streams() > 0
                || scenario.work().tls() == Scenario.Tls.RESUMED || scenario.idle().connections() > 0)) {
            throw new UserError("wrk drives " + scenario.name()
                    + " only over HTTP/1.1 and at saturation (--loads saturation), without"
                    + " resumed sessions or idle connections");
        }
    }
}
