package io.selvage.server.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Binds the requests of a client to one peer of a group (`sticky`). Peers are named by their ids. Safe for any number of
/// threads.
public interface Sticky {
    /// Binds nothing.
    Sticky NONE = _ -> "";

    /// The id of the peer that a request is bound to; empty for none.
    String peer(Exchange exchange);

    /// Remembers the peer that responded.
    ///
    /// @return a value for `Set-Cookie`, if the client has to remember it
    default Optional<String> responded(Exchange exchange, String id) {
        return Optional.empty();
    }

    /// The client remembers the peer, in a cookie that every response sets anew, so that it expires after the last one (`sticky
    /// cookie`).
    ///
    /// @param cookie its value in a request
    /// @param name of the cookie
    /// @param attributes what stands behind the value, with the semicolon in front; may be empty
    record InCookie(Text cookie, String name, Text attributes) implements Sticky {
        @Override
        public String peer(Exchange exchange) {
            return cookie.apply(exchange);
        }

        @Override
        public Optional<String> responded(Exchange exchange, String id) {
            return Optional.of(name + "=" + id + attributes.apply(exchange));
        }
    }

    /// The application names the peer in a cookie or in the URI (`sticky route`).
    ///
    /// @param routes the first that is not empty counts
    record Routed(List<Text> routes) implements Sticky {
        public Routed {
            routes = List.copyOf(routes);
        }

        @Override
        public String peer(Exchange exchange) {
            return first(routes, exchange);
        }
    }

    /// The server remembers which peer began a session (`sticky learn`).
    ///
    /// @param create the first that is not empty is a session that the response begins
    /// @param lookup the first that is not empty is the session of a request
    record Learned(List<Text> create, List<Text> lookup, Sessions sessions) implements Sticky {
        public Learned {
            create = List.copyOf(create);
            lookup = List.copyOf(lookup);
        }

        @Override
        public String peer(Exchange exchange) {
            String session = first(lookup, exchange);
            return session.isEmpty() ? "" : sessions.peer(session);
        }

        @Override
        public Optional<String> responded(Exchange exchange, String id) {
            String session = first(create, exchange);
            if (!session.isEmpty()) {
                sessions.remember(session, id);
            }
            return Optional.empty();
        }
    }

    private static String first(List<Text> texts, Exchange exchange) {
        for (Text text : texts) {
            String value = text.apply(exchange);
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    /// Sessions and their peers. When there are too many, those that were not used for the longest time are forgotten.
    final class Sessions {
        private final Cache<String, String> peers;

        /// @param most how many
        /// @param timeout after which an unused session is forgotten
        public Sessions(long most, Duration timeout) {
            peers = Caffeine.newBuilder().maximumSize(most).expireAfterAccess(timeout).executor(Runnable::run).build();
        }

        /// Empty for an unknown session.
        String peer(String session) {
            String known = peers.getIfPresent(session);
            return known == null ? "" : known;
        }

        void remember(String session, String peer) {
            peers.put(session, peer);
        }
    }
}
