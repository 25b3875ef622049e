package io.selvage.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Gives each connection the key that was chosen for it. Engines know a key by a name only, its alias, and a connection by its
/// engine; so the alias is the first word of what the engine takes for the name of its peer. Any thread.
final class AliasKeyManager extends X509ExtendedKeyManager {
    /// Behind this many other keys the oldest one is forgotten.
    private static final int MOST = 16_384;

    private static final String PREFIX = "key";

    private final boolean typed;
    private final AtomicLong last = new AtomicLong();
    private final Map<CertifiedKey, String> aliases = new ConcurrentHashMap<>();
    private final Map<String, CertifiedKey> keys = new ConcurrentHashMap<>();

    /// @param typed true if the engine tries one kind of key after the other, and negotiates with the first that there is; false
    ///         if it negotiates with whatever key it is given
    AliasKeyManager(boolean typed) {
        this.typed = typed;
    }

    /// The alias of a key, without a space.
    String aliasOf(CertifiedKey key) {
        String known = aliases.get(key);
        return known == null ? add(key) : known;
    }

    private String add(CertifiedKey key) {
        long number = last.incrementAndGet();
        String alias = PREFIX + number;
        keys.put(alias, key);
        String other = aliases.putIfAbsent(key, alias);
        if (other != null) {
            keys.remove(alias);
            return other;
        }
        CertifiedKey oldest = keys.remove(PREFIX + (number - MOST));
        if (oldest != null) {
            aliases.remove(oldest);
        }
        return alias;
    }

    private static @Nullable String alias(SSLEngine engine) {
        String peer = engine.getPeerHost();
        int end = peer == null ? -1 : peer.indexOf(' ');
        String alias = end < 0 ? peer : peer.substring(0, end);
        return alias == null || alias.isEmpty() ? null : alias;
    }

    private @Nullable String alias(SSLEngine engine, String... keyTypes) {
        String alias = alias(engine);
        CertifiedKey key = alias == null ? null : keys.get(alias);
        if (key != null) {
            for (String type : keyTypes) {
                if (isOf(type, key.key().getAlgorithm())) {
                    return alias;
                }
            }
        }
        return null;
    }

    private boolean isOf(String type, String algorithm) {
        return !typed || type.equals(algorithm) || type.startsWith("EC") && algorithm.equals("EC");
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(engine, keyType);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(engine, keyTypes);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return Optional.ofNullable(keys.get(alias)).map(key -> key.chain().toArray(X509Certificate[]::new)).orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        CertifiedKey key = keys.get(alias);
        return key == null ? null : key.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
