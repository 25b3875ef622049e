package io.selvage.server.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
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
    /// Nothing to do.
    Runnable NOTHING = () -> { };

    /// The id of the peer that a request is bound to; empty for none.
    String peer(Exchange exchange);

    /// A value for `Set-Cookie`, if the client has to remember the peer that responds.
    default Optional<String> setCookie(Exchange exchange, String id) {
        return Optional.empty();
    }

    /// Remembers the peer whose head of a response has come.
    ///
    /// @return what remains to be done when all of the response has come; any thread may do it
    default Runnable learn(Exchange exchange, String id) {
        return NOTHING;
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
        public Optional<String> setCookie(Exchange exchange, String id) {
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

    /// The server remembers which peer began a session (`sticky learn`). Responses that name the session, or none, prolong it.
    ///
    /// @param create the first that is not empty is a session that the response begins
    /// @param lookup the first that is not empty is the session of a request
    /// @param early true to remember the peer as soon as the head of a response has come (`header`)
    record Learned(List<Text> create, List<Text> lookup, Sessions sessions, boolean early) implements Sticky {
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
        public Runnable learn(Exchange exchange, String id) {
            String created = first(create, exchange);
            String known = created.isEmpty() ? first(lookup, exchange) : "";
            Runnable learning = !created.isEmpty() ? () -> sessions.remember(created, id)
                    : known.isEmpty() ? NOTHING : () -> sessions.prolong(known, id);
            if (early) {
                learning.run();
            }
            return early ? NOTHING : learning;
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

    /// Sessions and their peers. When there are too many, some that were not used for long are forgotten.
    final class Sessions {
        private final Cache<String, String> peers;

        /// @param most how many
        /// @param timeout after which a session is forgotten, from the last response on
        public Sessions(long most, Duration timeout) {
            this(most, timeout, Ticker.systemTicker());
        }

        Sessions(long most, Duration timeout, Ticker ticker) {
            peers = Caffeine.newBuilder().maximumSize(most).expireAfterWrite(timeout).executor(Runnable::run).ticker(ticker)
                    .build();
        }

        /// Empty for an unknown session.
        String peer(String session) {
            String known = peers.getIfPresent(session);
            return known == null ? "" : known;
        }

        void remember(String session, String peer) {
            peers.put(session, peer);
        }

        /// Does nothing for an unknown session.
        void prolong(String session, String peer) {
            peers.asMap().computeIfPresent(session, (_, _) -> peer);
        }
    }
}
