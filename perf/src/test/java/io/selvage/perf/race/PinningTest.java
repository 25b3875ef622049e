package io.selvage.perf.race;

import io.selvage.perf.load.Counts;
import io.selvage.perf.load.Load;
import io.selvage.perf.load.Measurement;
import io.selvage.perf.load.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PinningTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pid 7's current affinity list: 0,1   | {0, 1}
            pid 7's current affinity list: 0,2-4 | {0, 2, 3, 4}
            pid 7's current affinity list: 3     | {3}
            """)
    void coresAreReadFromTheAnswerOfTaskset(String answer, String cores) {
        assertEquals(cores, Pinning.cores(answer + "\n").toString());
    }

    @Test
    void targetIsStartedOnItsCore() {
        assertEquals(List.of("taskset", "-c", "2", "nginx", "-g", "x"),
                new Pinning(2, 5).onTargetCore(List.of("nginx", "-g", "x")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # busy in percent: target | generator | limited by the generator
            100 | 60 | false
            70  | 96 | true
            70  | 89 | false
            97  | 96 | false
            """)
    void generatorIsTheLimitIfItsCoreIsBusyAndThatOfTheTargetIsNot(long target, long generator, boolean limited) {
        List<Round> rounds = List.of(round(target, generator), round(target, generator));
        assertEquals(limited, Round.isLimitedByLab(rounds));
        Map<String, Double> shown = Round.series("at saturation", "a", rounds, Map.of(), true).figures();
        assertEquals((double) target, shown.get("target core %"), 1e-9);
        assertEquals((double) generator, shown.get("generator core %"), 1e-9);
    }

    private static Round round(long target, long generator) {
        var none = new Histogram(2);
        var phase = new Phase("p", new Load.Closed(), Duration.ofSeconds(1));
        var span = new Measurement.Span(Instant.EPOCH, Duration.ofSeconds(1), "");
        var measured = new Measurement(phase, span, none, none, none, Counts.NONE, List.of());
        return new Round(measured, target, generator, 100);
    }
}
