package io.selvage.deploy;

import io.selvage.perf.PerfCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The sample of many generators in one cluster: it is valid YAML, consistent, and its command line is valid.
class KubernetesSampleTest {
    private static final Path SAMPLE = Path.of("samples/kubernetes/perf-job.yaml");

    @Test
    void allGeneratorsRunInParallelAndWriteToTheSharedVolume() throws IOException {
        Map<?, ?> spec = in(document("Job"), "spec");
        assertEquals("Indexed", spec.get("completionMode"));
        assertEquals(spec.get("completions"), spec.get("parallelism"));
        Map<?, ?> pod = in(in(spec, "template"), "spec");
        Map<?, ?> volume = first(pod, "volumes");
        assertEquals(in(document("PersistentVolumeClaim"), "metadata").get("name"),
                in(volume, "persistentVolumeClaim").get("claimName"));
        Map<?, ?> mount = first(first(pod, "containers"), "volumeMounts");
        assertEquals(volume.get("name"), mount.get("name"));
        assertTrue(arguments().contains("--out=" + mount.get("mountPath") + "/pod-$(JOB_COMPLETION_INDEX)"));
    }

    @Test
    void commandLineIsValid() throws IOException {
        List<String> arguments = arguments();
        assertEquals("perf", arguments.removeFirst());
        var run = new CommandLine(new PerfCommand()).parseArgs(arguments.toArray(String[]::new)).subcommand();
        assertEquals("run", run.commandSpec().name());
        assertEquals(List.of(), run.unmatched());
    }

    private static List<String> arguments() throws IOException {
        Map<?, ?> pod = in(in(in(document("Job"), "spec"), "template"), "spec");
        var arguments = new ArrayList<String>();
        ((List<?>) first(pod, "containers").get("args")).forEach(each -> arguments.add((String) each));
        return arguments;
    }

    private static Map<?, ?> document(String kind) throws IOException {
        for (Object each : new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(SAMPLE))) {
            if (each instanceof Map<?, ?> map && kind.equals(map.get("kind"))) {
                return map;
            }
        }
        throw new AssertionError("no " + kind + " in " + SAMPLE);
    }

    private static Map<?, ?> in(Map<?, ?> map, String key) {
        return (Map<?, ?>) map.get(key);
    }

    private static Map<?, ?> first(Map<?, ?> map, String key) {
        return (Map<?, ?>) ((List<?>) map.get(key)).getFirst();
    }
}
