package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// The same requests to Selvage in both `io` modes, to nginx and to HAProxy. `-Dselvage.others=required` turns a server that is
/// not installed into a failure.
class DifferentialIT {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([2-5]\\d\\d) ");
    private static final Map<String, List<Result>> RESULTS = new TreeMap<>();
    private static List<RequestTable.Row> rows = List.of();

    /// @param answers as in the table
    /// @param received what reached the peer
    private record Result(RequestTable.Row row, String answers, List<RecordingPeer.Received> received) {
        /// Complete heads whose body, if it is framed correctly, is complete.
        long passed() {
            return received.stream().filter(request -> !request.fault().equals("incomplete")).count();
        }
    }

    @BeforeAll
    static void askAll(@TempDir Path folder) throws Exception {
        assumeInstalled("nginx");
        assumeInstalled("haproxy");
        rows = RequestTable.read();
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (String server : List.of("carrier", "jdk", "nginx", "haproxy")) {
            Path own = Files.createDirectory(folder.resolve(server));
            Callable<Void> asking = () -> {
                try (FrontServer front = start(server, own)) {
                    List<Result> results = ask(front);
                    synchronized (RESULTS) {
                        RESULTS.put(server, results);
                    }
                }
                return null;
            };
            FutureTask<Void> task = new FutureTask<>(asking);
            tasks.add(task);
            Thread.ofVirtual().start(task);
        }
        for (FutureTask<Void> task : tasks) {
            finish(task);
        }
    }

    private static FrontServer start(String server, Path folder) throws IOException, InterruptedException {
        return switch (server) {
            case "nginx" -> FrontServer.nginx(folder);
            case "haproxy" -> FrontServer.haproxy(folder);
            default -> FrontServer.selvage(folder, server);
        };
    }

    private static void finish(FutureTask<Void> task) throws Exception {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /// One after the other, so that whatever a request leaves behind on a connection shows in the results of the next.
    private static List<Result> ask(FrontServer front) throws IOException {
        List<Result> results = new ArrayList<>();
        for (RequestTable.Row row : rows) {
            String text = front.ask(row.request());
            String answers = STATUS.matcher(text).results().map(found -> found.group(1)).collect(Collectors.joining("+"));
            String end = text.endsWith("no end") ? " and no end" : "";
            results.add(new Result(row, (answers.isEmpty() ? "close" : answers) + end, front.peer().take()));
        }
        return results;
    }

    private static void assumeInstalled(String program) {
        boolean there = Stream.of(System.getenv("PATH").split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, program)));
        if (!there && "required".equals(System.getProperty("selvage.others"))) {
            fail(program + " is not installed");
        }
        assumeTrue(there, program + " is not installed");
    }

    @Test
    void thereAreMoreThanThreeHundredRequestsAndNoneTwice() {
        assertTrue(rows.size() > 300, () -> rows.size() + " requests");
        assertEquals(rows.size(), rows.stream().map(RequestTable.Row::name).distinct().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"carrier", "jdk"})
    void answersAreThoseOfTheTable(String io) {
        assertEquals("", of(io).filter(result -> !result.answers().equals(result.row().answers()))
                .map(result -> result.row().name() + " -> " + result.answers()).collect(Collectors.joining("\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"carrier", "jdk"})
    void whatReachesThePeerHasOneMeaning(String io) {
        assertEquals("", of(io).filter(result -> !isUnambiguous(result))
                .map(result -> result.row().name() + " -> " + result.received()).collect(Collectors.joining("\n")));
    }

    private static boolean isUnambiguous(Result result) {
        List<RecordingPeer.Received> received = result.received();
        boolean valid = received.size() == result.row().passed() && received.stream().allMatch(RecordingPeer.Received::isValid);
        for (int i = 0; i < received.size() && valid; i++) {
            valid = received.get(i).body().equals(i == 0 ? result.row().body() : "");
        }
        return valid;
    }

    @ParameterizedTest
    @ValueSource(strings = {"carrier", "jdk"})
    void nothingIsPassedThatBothOthersRefuse(String io) {
        Map<String, Long> passed = new TreeMap<>();
        for (int i = 0; i < rows.size(); i++) {
            long most = Math.max(RESULTS.get("nginx").get(i).passed(), RESULTS.get("haproxy").get(i).passed());
            if (RESULTS.get(io).get(i).passed() > most) {
                passed.put(rows.get(i).name(), RESULTS.get(io).get(i).passed());
            }
        }
        assertEquals(Map.of(), passed, "a request that must be here needs its reason in server/leniencies.md, and a line here");
    }

    @Test
    void wellFormedRequestsArePassedByAllOfThem() {
        for (List<Result> results : RESULTS.values()) {
            assertTrue(results.stream().filter(result -> result.row().name().startsWith("well-formed requests"))
                    .allMatch(result -> result.passed() > 0));
        }
        assertEquals(4, RESULTS.size());
    }

    private static Stream<Result> of(String server) {
        return RESULTS.get(server).stream();
    }
}
