package io.selvage.server.net;

import java.net.spi.InetAddressResolverProvider;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SystemResolverProviderTest {

    @Test
    void isTheFirstThatTheJdkFinds() {
        assertEquals(SystemResolverProvider.class, ServiceLoader.load(InetAddressResolverProvider.class,
                ClassLoader.getSystemClassLoader()).findFirst().orElseThrow().getClass());
    }
}
