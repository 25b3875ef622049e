package io.selvage.server.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// OpenSSL's language for lists of cipher suites (`ssl_ciphers`, ciphers(1)): words that add suites (`HIGH`), remove them (`-`,
/// and `!` for good) or move them to the end (`+`), groups joined by `+` that must all apply (`ECDHE+AESGCM`), and `@STRENGTH`.
///
/// As in OpenSSL, unknown words stand for no suite, and suites of TLS 1.3 are not in the language.
public final class CipherString {
    /// Fedora's word for the policy of the system.
    private static final String SYSTEM_PROFILE = "PROFILE=SYSTEM";

    private final List<TlsCipher> active = new ArrayList<>();
    /// In the order in which they would be added.
    private final List<TlsCipher> inactive;

    private CipherString(Set<TlsCipher> available) {
        inactive = new ArrayList<>(Arrays.stream(TlsCipher.values()).filter(available::contains).toList());
    }

    /// The suites that a string selects, in the order of preference.
    ///
    /// @param available those that can be selected
    /// @return empty if it selects none; nginx refuses such a string
    public static List<TlsCipher> select(String text, Set<TlsCipher> available) {
        CipherString state = new CipherString(available);
        for (String word : text.split("[:, ;]+")) {
            state.apply(word);
        }
        return List.copyOf(state.active);
    }

    private void apply(String word) {
        if (word.isEmpty()) {
            return;
        }
        String rest = word.substring(1);
        switch (word.charAt(0)) {
            case '!' -> remove(rest, true);
            case '-' -> remove(rest, false);
            case '+' -> toEnd(matching(active, rest));
            case '@' -> command(rest);
            default -> add(word);
        }
    }

    private void add(String word) {
        String meant = word.equals("DEFAULT") || word.equals(SYSTEM_PROFILE) ? "ALL" : word;
        List<TlsCipher> added = matching(inactive, meant);
        inactive.removeAll(added);
        active.addAll(added);
    }

    /// Suites that are removed, but not for good, are the first to be added again.
    private void remove(String word, boolean forGood) {
        List<TlsCipher> removed = matching(active, word);
        active.removeAll(removed);
        if (forGood) {
            inactive.removeAll(matching(inactive, word));
        } else {
            inactive.addAll(0, removed);
        }
    }

    private void toEnd(List<TlsCipher> moved) {
        active.removeAll(moved);
        active.addAll(moved);
    }

    /// `@STRENGTH` sorts by the length of keys. `@SECLEVEL` demands strengths that all suites here have.
    private void command(String name) {
        if (name.equals("STRENGTH")) {
            active.sort(Comparator.comparing(TlsCipher::strength).reversed());
        }
    }

    /// @param words groups or suites joined by `+`
    private static List<TlsCipher> matching(List<TlsCipher> among, String words) {
        List<String> all = Stream.of(words.split("\\+")).toList();
        return among.stream().filter(cipher -> all.stream().allMatch(cipher::is)).toList();
    }
}
