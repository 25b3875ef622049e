package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values of texts (`map`). A text is looked for among the strings without regard to the case of ASCII letters, then among
/// the names of hosts with an asterisk, then by the expressions in their order, which an empty text never matches. Not
/// thread-safe while it is filled.
public final class ValueMap {
    private static final Text NOTHING = Text.literal("");

    private final boolean hostnames;
    private final HostNames<Text> strings = new HostNames<>();
    private final Map<Regex, Text> matching = new LinkedHashMap<>();
    private Text standard = NOTHING;

    /// @param hostnames whether strings are names of hosts: they may have an asterisk, and a dot at the end of a text is ignored
    public ValueMap(boolean hostnames) {
        this.hostnames = hostnames;
    }

    /// @return false if there is such a string
    /// @throws IllegalArgumentException for what is no host name, where strings are names of hosts
    public boolean add(String string, Text value) {
        String name = lower(string);
        return strings.add(hostnames ? SiteName.parse(name) : new SiteName.Exact(name), value);
    }

    /// Adds an expression behind the others. The first value of equal expressions stays.
    public void add(Regex regex, Text value) {
        matching.putIfAbsent(regex, value);
    }

    /// Sets the value of all other texts.
    public void others(Text value) {
        standard = value;
    }

    /// The value of a text. An expression sets the captures of the exchange.
    Text find(String text, Exchange exchange) {
        String name = hostnames && text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        Text found = strings.find(lower(name));
        return found != null ? found : name.isEmpty() ? standard : matching(text, exchange);
    }

    private Text matching(String text, Exchange exchange) {
        for (Map.Entry<Regex, Text> candidate : matching.entrySet()) {
            if (candidate.getKey().capture(text, exchange)) {
                return candidate.getValue();
            }
        }
        return standard;
    }

    private static String lower(String text) {
        char @Nullable [] lower = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower = lower == null ? text.toCharArray() : lower;
                lower[i] = (char) (c | 0x20);
            }
        }
        return lower == null ? text : new String(lower);
    }
}
