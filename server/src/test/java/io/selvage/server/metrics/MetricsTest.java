package io.selvage.server.metrics;

import io.selvage.server.net.Io;
import io.selvage.server.observe.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Families of metrics and their text.
class MetricsTest {
    private final List<String> warnings = new ArrayList<>();
    private final Traffic traffic = Traffic.start(Io.jdk(), warnings::add);
    private final Metrics metrics = new Metrics(traffic, warnings::add);

    @AfterEach
    void close() {
        traffic.close();
    }

    private String text(String... accept) {
        return new String(metrics.page(Optional.of(accept).filter(a -> a.length > 0).map(a -> a[0])).text(),
                StandardCharsets.UTF_8);
    }

    private List<String> lines(String name) {
        return text().lines().filter(line -> line.startsWith(name)).toList();
    }

    private MetricName numbered(String name, IntFunction<String> label, int count) {
        MetricName family = new MetricName(name, "Tests.", "n");
        metrics.gauge(family, values -> IntStream.range(0, count).forEach(i -> values.add(1, label.apply(i))));
        return family;
    }

    @Test
    void valuesAreReadAtEachScrape() {
        int[] waiting = {3};
        metrics.gauge(new MetricName("selvage_test_queue_length", "Requests that wait.", "upstream"),
                values -> values.add(waiting[0], "app \"1\"\n"));
        metrics.counter(new MetricName("selvage_test_wait_seconds_total", "Time of waiting."), values -> values.add(0.25));
        assertEquals(List.of("selvage_test_queue_length{upstream=\"app \\\"1\\\"\\n\"} 3.0"), lines("selvage_test_queue"));
        waiting[0] = 4;
        assertEquals(List.of("selvage_test_queue_length{upstream=\"app \\\"1\\\"\\n\"} 4.0"), lines("selvage_test_queue"));
        assertEquals(List.of("selvage_test_wait_seconds_total 0.25"), lines("selvage_test_wait"));
        assertTrue(text().contains("# HELP selvage_test_queue_length Requests that wait.\n"
                + "# TYPE selvage_test_queue_length gauge\n"));
    }

    @Test
    void equalLabelsAreAddedUp() {
        numbered("selvage_test", _ -> "a", 3);
        assertEquals(List.of("selvage_test{n=\"a\"} 3.0"), lines("selvage_test"));
    }

    @Test
    void labelsBeyondTheLimitAreCountedAsOther() {
        numbered("selvage_test", Integer::toString, CollectedValues.MOST + 7);
        assertEquals(CollectedValues.MOST + 1, lines("selvage_test").size());
        assertTrue(lines("selvage_test").contains("selvage_test{n=\"other\"} 7.0"));
        assertEquals(List.of("the metric selvage_test has more than 1000 sets of labels: what exceeds that has the label "
                + "\"other\""), warnings);
    }

    @Test
    void wrongNumberOfLabelsIsRefused() {
        metrics.gauge(new MetricName("selvage_test", "Tests.", "n"), values -> values.add(1));
        assertThrows(IllegalArgumentException.class, this::text);
    }

    @Test
    void openMetricsHasItsOwnTypeAndEnd() {
        metrics.counter(new MetricName("selvage_test_total", "Tests."), values -> values.add(2));
        Optional<String> accept = Optional.of("application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5");
        assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", metrics.page(accept).contentType());
        String text = text(accept.get());
        assertTrue(text.contains("# TYPE selvage_test counter\n# HELP selvage_test Tests.\nselvage_test_total 2.0\n"), text);
        assertTrue(text.endsWith("# EOF\n"));
    }

    @Test
    void otherClientsGetTheTextFormatOfPrometheus() {
        for (Optional<String> accept : List.of(Optional.<String>empty(), Optional.of("*/*"), Optional.of("text/html"))) {
            assertEquals("text/plain; version=0.0.4; charset=utf-8", metrics.page(accept).contentType());
        }
    }

    @Test
    void memoryAndCollectionsOfTheJvmAreShown() {
        assertTrue(lines("jvm_memory_used_bytes{area=\"heap\"}").size() == 1);
        assertTrue(!lines("jvm_gc_collection_seconds_count").isEmpty());
        assertTrue(lines("process_cpu_seconds_total").size() == 1);
    }

    @Test
    void namesFollowTheConventions() {
        List<String> names = text().lines().filter(line -> line.startsWith("# TYPE ")).map(line -> line.split(" ")[2]).toList();
        assertTrue(names.size() > 20, names::toString);
        names.forEach(name -> assertTrue(name.matches("(selvage|jvm|process)_[a-z_]+"), name));
    }
}
