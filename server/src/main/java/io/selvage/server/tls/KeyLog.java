package io.selvage.server.tls;

/// Gets the secrets of connections, by which a recording of them can be decrypted (`ssl_key_log`, `proxy_ssl_key_log`). Equal
/// ones write to the same place: sessions outlive a configuration only where its key log is equal to the next one's.
public interface KeyLog {

    /// Takes one line of the format of SSLKEYLOGFILE (RFC 9850), without its end. Any thread, also one that runs an event loop;
    /// must not wait.
    void line(String text);
}
