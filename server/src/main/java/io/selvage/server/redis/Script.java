package io.selvage.server.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A script that runs inside the Redis server on one key, as one step. The server remembers it by its digest.
final class Script {
    private final String text;
    private final String digest;

    private Script(String text, String digest) {
        this.text = text;
        this.digest = digest;
    }

    /// Reads a script of this package.
    static Script of(String name) {
        try (InputStream in = Objects.requireNonNull(Script.class.getResourceAsStream(name), name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Script(text, Digests.sha1(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts it. Does not wait.
    CompletableFuture<Long> start(RedisAsyncCommands<String, String> commands, String key, String... arguments) {
        String[] keys = {key};
        return commands.<Long>evalsha(digest, ScriptOutputType.INTEGER, keys, arguments).toCompletableFuture()
                .exceptionallyCompose(failure -> isUnknown(failure)
                        ? commands.<Long>eval(text, ScriptOutputType.INTEGER, keys, arguments).toCompletableFuture()
                        : CompletableFuture.failedFuture(failure));
    }

    /// True if the server does not know the script, because it has been started since.
    private static boolean isUnknown(Throwable failure) {
        return failure instanceof RedisNoScriptException
                || failure instanceof CompletionException && failure.getCause() instanceof RedisNoScriptException;
    }
}
