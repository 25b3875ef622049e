package io.selvage.server.fuzz;

import java.util.Arrays;
import java.util.Base64;

/// All targets as one: the first byte of an input chooses the target, which is given the others. What a fuzzer takes to start is
/// paid once, and it divides its inputs among the targets by what they have that is new.
public final class AllTargets {
    private static final FuzzTarget[] TARGETS = FuzzTarget.values();
    private static final int[] TRIED = new int[TARGETS.length];

    private AllTargets() {
    }

    /// The input that gives a target some bytes.
    static byte[] input(FuzzTarget target, byte[] bytes) {
        byte[] input = new byte[bytes.length + 1];
        input[0] = (byte) target.ordinal();
        System.arraycopy(bytes, 0, input, 1, bytes.length);
        return input;
    }

    /// Called by the fuzzer. Prints the target of a fault, and its bytes in Base64.
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        FuzzTarget target = TARGETS[Byte.toUnsignedInt(input[0]) % TARGETS.length];
        if (TRIED[target.ordinal()] == target.most()) {
            return;
        }
        TRIED[target.ordinal()]++;
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        try {
            target.check(bytes);
        } catch (Throwable e) {
            System.out.println("fault of " + target.id() + ": " + Base64.getEncoder().encodeToString(bytes));
            throw e;
        }
    }

    /// Called by the fuzzer at its end. Prints a line for each target.
    public static void fuzzerTearDown() {
        for (FuzzTarget target : TARGETS) {
            System.out.println("tried " + target.id() + ": " + TRIED[target.ordinal()]);
        }
    }
}
