package io.selvage.server.http;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class DetachedClientTest {

    /// A default of the interface would hide what the real client says.
    @Test
    void everyMethodOfAClientIsPassedOn() {
        List<String> own = names(DetachedClient.class.getDeclaredMethods());
        List<String> missing = names(Client.class.getDeclaredMethods()).stream().filter(name -> !own.contains(name)).toList();
        assertEquals(List.of(), missing);
    }

    private static List<String> names(Method[] methods) {
        return Arrays.stream(methods).map(Method::getName).toList();
    }

    @Test
    void neitherWatchesNorWritesTheConnection() throws Exception {
        FakeClient client = FakeClient.at("10.0.0.1");
        DetachedClient detached = new DetachedClient(client);
        detached.interim(new ResponseHead(Status.CONTINUE, Headers.EMPTY));
        try (DisconnectWatch watch = detached.watch(() -> {
            throw new AssertionError("the client is not watched");
        })) {
            client.goAway();
            assertFalse(watch.isGone());
        }
        assertEquals("10.0.0.1", detached.remoteHost());
    }
}
