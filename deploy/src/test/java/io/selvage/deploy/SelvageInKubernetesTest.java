package io.selvage.deploy;

import io.selvage.server.module.Modules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The sample of Selvage in a cluster: it is valid YAML, has the fields that each kind needs, and its parts fit each other and
/// the configuration.
class SelvageInKubernetesTest {
    private static final Path FOLDER = Path.of("samples/kubernetes");
    private static final Map<String, String> VERSIONS = Map.of("Deployment", "apps/v1", "Service", "v1",
            "PodDisruptionBudget", "policy/v1", "HorizontalPodAutoscaler", "autoscaling/v2");

    private final Map<String, Map<?, ?>> documents = new HashMap<>();
    private String configuration;

    @BeforeEach
    void read() throws IOException {
        String text = Files.readString(FOLDER.resolve("selvage.yaml"));
        for (Object each : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
            Map<?, ?> document = assertInstanceOf(Map.class, each);
            documents.put((String) document.get("kind"), document);
        }
        configuration = Files.readString(FOLDER.resolve("selvage.conf"));
    }

    @Test
    void everyDocumentHasItsVersionANameAndASpecification() {
        assertEquals(VERSIONS.keySet(), documents.keySet());
        documents.forEach((kind, document) -> {
            assertEquals(VERSIONS.get(kind), document.get("apiVersion"));
            assertEquals("selvage", at(document, "metadata", "name"));
            assertInstanceOf(Map.class, document.get("spec"));
        });
    }

    @Test
    void everySelectorFindsThePods() {
        Object labels = at(deployment(), "template", "metadata", "labels");
        assertEquals(labels, at(deployment(), "selector", "matchLabels"));
        assertEquals(labels, at(documents.get("Service"), "spec", "selector"));
        assertEquals(labels, at(documents.get("PodDisruptionBudget"), "spec", "selector", "matchLabels"));
        Map<?, ?> target = map(at(documents.get("HorizontalPodAutoscaler"), "spec", "scaleTargetRef"));
        assertEquals(Map.of("apiVersion", "apps/v1", "kind", "Deployment", "name", "selvage"), target);
    }

    @Test
    void portsAreThoseOfTheConfiguration() {
        List<Integer> listening = new ArrayList<>();
        Matcher listens = Pattern.compile("listen (\\d+);").matcher(configuration);
        while (listens.find()) {
            listening.add(Integer.valueOf(listens.group(1)));
        }
        Map<Object, Object> ports = new HashMap<>();
        list(container(), "ports").forEach(port -> ports.put(map(port).get("name"), map(port).get("containerPort")));
        assertEquals(Map.of("http", listening.get(0), "health", listening.get(1)), ports);
        for (String probe : List.of("readinessProbe", "livenessProbe", "startupProbe")) {
            Map<?, ?> get = map(at(container(), probe, "httpGet"));
            assertTrue(ports.containsKey(get.get("port")));
            assertTrue(((String) get.get("path")).startsWith("/health/"));
        }
        Map<?, ?> service = map(list(map(documents.get("Service").get("spec")), "ports").getFirst());
        assertTrue(ports.containsKey(service.get("targetPort")));
        assertEquals(Integer.toString(listening.get(1)),
                at(deployment(), "template", "metadata", "annotations", "prometheus.io/port"));
    }

    @Test
    void everyMountedVolumeIsThere() {
        List<Object> volumes = names(list(map(at(deployment(), "template", "spec")), "volumes"));
        assertEquals(volumes, names(list(container(), "volumeMounts")));
    }

    @Test
    void requestsInProgressHaveTheTimeThatTheConfigurationGivesThem() {
        int pause = (Integer) at(container(), "lifecycle", "preStop", "sleep", "seconds");
        int grace = (Integer) at(deployment(), "template", "spec", "terminationGracePeriodSeconds");
        Matcher timeout = Pattern.compile("worker_shutdown_timeout (\\d+)s;").matcher(configuration);
        assertTrue(timeout.find());
        assertTrue(pause + Integer.parseInt(timeout.group(1)) < grace);
    }

    @Test
    void scalingFollowsAMetricThatIsExported() throws IOException {
        Map<?, ?> spec = map(documents.get("HorizontalPodAutoscaler").get("spec"));
        assertTrue((Integer) spec.get("minReplicas") < (Integer) spec.get("maxReplicas"));
        List<Object> kinds = list(spec, "metrics").stream().<Object>map(metric -> map(metric).get("type")).toList();
        assertEquals(List.of("Resource", "Pods"), kinds);
        assertTrue(Files.readString(FOLDER.resolve("selvage.yaml")).contains("selvage_requests_total"));
    }

    @Test
    void configurationIsValid() {
        assertDoesNotThrow(() -> Modules.LANGUAGE.parse(configuration));
    }

    private Map<?, ?> deployment() {
        return map(documents.get("Deployment").get("spec"));
    }

    private Map<?, ?> container() {
        return map(list(map(at(deployment(), "template", "spec")), "containers").getFirst());
    }

    private static List<Object> names(List<?> all) {
        return all.stream().<Object>map(each -> map(each).get("name")).toList();
    }

    private static Object at(Map<?, ?> map, String... keys) {
        Object value = map;
        for (String key : keys) {
            value = map(value).get(key);
        }
        return value;
    }

    private static Map<?, ?> map(Object value) {
        return assertInstanceOf(Map.class, value);
    }

    private static List<?> list(Map<?, ?> map, String key) {
        return assertInstanceOf(List.class, map.get(key));
    }
}
