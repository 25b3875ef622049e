package io.selvage.server.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// A connection is aborted while its owner ends the watch, on the [EofWatch] itself: the owner's action runs if and only if the
/// watch reports that the client has disconnected. [EofWatchRaceBroken] is the same without compare-and-set.
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "the abort came first")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "the owner came first")
@Outcome(expect = Expect.FORBIDDEN, desc = "the action and the watch disagree")
public class EofWatchRace {
    private static final SocketChannel NEVER_READ = channel();

    private boolean ran;
    private final EofWatch lookOut = new EofWatch(NEVER_READ, 0, () -> ran = true, 0);

    private static SocketChannel channel() {
        try {
            return SocketChannel.open();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Actor
    public void abort() {
        lookOut.cut();
    }

    @Actor
    public void owner() {
        lookOut.end();
    }

    @Arbiter
    public void result(ZZ_Result result) {
        result.r1 = ran;
        result.r2 = lookOut.gone();
    }
}
