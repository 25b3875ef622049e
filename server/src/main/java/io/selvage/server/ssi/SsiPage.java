package io.selvage.server.ssi;

import io.selvage.server.http.Exchange;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the commands of one request share, those of included pages too: variables and blocks.
final class SsiPage {
    /// The most bytes of all blocks together; one that is defined again counts again.
    static final int MOST_BLOCKS = 256 * 1024;
    private static final int MOST_VARIABLES = 1000;

    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, String> blocks = new HashMap<>();
    private int blockSize;

    /// The page of a request, which all its subrequests have.
    static SsiPage of(Exchange exchange) {
        return exchange.main().state(SsiPage.class, SsiPage::new);
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /// @return false if there are too many
    boolean set(String name, String value) {
        if (variables.size() >= MOST_VARIABLES && !variables.containsKey(name)) {
            return false;
        }
        variables.put(name, value);
        return true;
    }

    Optional<String> block(String name) {
        return Optional.ofNullable(blocks.get(name));
    }

    /// @return false if the blocks are too large
    boolean define(String name, String content) {
        int size = blockSize + content.length();
        if (size > MOST_BLOCKS) {
            return false;
        }
        blockSize = size;
        blocks.put(name, content);
        return true;
    }
}
