package io.selvage.server.engine;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/// The stack of a carrier in one line. Only the JVM's thread dump contains the frames of the mounted virtual thread.
final class StackOfCarrier {
    private static final int FRAMES = 16;
    private static final String MOUNTED = "Mounted virtual thread";

    private StackOfCarrier() {
    }

    /// The 16 innermost frames, innermost first.
    static String text(Thread carrier) {
        Stream<String> frames = mounted(carrier).map(StackOfCarrier::frames)
                .orElseGet(() -> Stream.of(carrier.getStackTrace()).map(StackTraceElement::toString));
        return frames.limit(FRAMES).collect(Collectors.joining(" < "));
    }

    private static Stream<String> frames(String section) {
        return section.lines().map(String::strip).filter(line -> line.startsWith("at ")).map(line -> line.substring(3));
    }

    private static Optional<String> mounted(Thread carrier) {
        String dump;
        try {
            dump = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"), "threadPrint",
                    new Object[] {new String[0]}, new String[] {String[].class.getName()});
        } catch (JMException | RuntimeException e) {
            return Optional.empty();                       // not available: use the carrier's own frames
        }
        int from = dump.indexOf("\"" + carrier.getName() + "\" #" + carrier.threadId() + " ");
        int to = dump.indexOf("\n\"", Math.max(from, 0));
        String own = from < 0 ? "" : dump.substring(from, to < 0 ? dump.length() : to);
        int mounted = own.indexOf(MOUNTED);
        return mounted < 0 ? Optional.empty() : Optional.of(own.substring(mounted));
    }
}
