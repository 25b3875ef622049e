package io.selvage.server.wiring;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DescriptorsTest {
    @ParameterizedTest
    @CsvSource({"256,16,88", "1024,16,472", "20000,78,9929", "1048576,1024,523744"})
    void filesAndConnectionsShareDescriptors(long most, int files, int connections) {
        var descriptors = new Descriptors(most);
        assertEquals(files, descriptors.files());
        assertEquals(connections, descriptors.connections(0, 0));
    }

    @Test void eachListenerNeedsTwo() {
        assertEquals(85, new Descriptors(256).connections(3, 0));
    }

    @Test void idleConnectionsToPeersHaveUpToAQuarter() {
        assertEquals(78, new Descriptors(256).connections(0, 20));
        assertEquals(56, new Descriptors(256).connections(0, 64));
        assertEquals(56, new Descriptors(256).connections(0, 1000));
    }

    @Test void fewDescriptorsAllowOneConnection() {
        assertEquals(1, new Descriptors(10).connections(1, 100));
    }

    @Test void processHasDescriptors() {
        assertTrue(Descriptors.ofThisProcess().most() > 64);
    }
}
