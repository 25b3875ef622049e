package io.selvage.server.admin;

import io.helidon.common.uri.UriQuery;
import io.selvage.server.http.Explanation;
import io.selvage.server.wiring.ExplainRequest;
import io.selvage.server.wiring.Server;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/// The query of `/api/explain`, which describes a request: `url`, `method` (GET), `field` for each field, `client` (127.0.0.1).
final class ExplainQuery {
    private static final Set<String> NAMES = Set.of("url", "method", "field", "client");

    private ExplainQuery() {
    }

    /// Explains what the server does with the request.
    ///
    /// @throws ApiProblem if this is no request, or one that comes to no address of the server
    static Explanation explain(Server server, UriQuery query) {
        for (String name : query.names()) {
            if (!NAMES.contains(name)) {
                throw ApiProblem.badRequest("there is no parameter \"" + name + "\"");
            }
        }
        if (!query.contains("url")) {
            throw ApiProblem.badRequest("the parameter \"url\" is missing");
        }
        try {
            return server.explain(new ExplainRequest(one(query, "method", "GET"), one(query, "url", ""),
                    query.all("field", List::of), InetAddress.ofLiteral(one(query, "client", "127.0.0.1"))));
        } catch (IllegalArgumentException e) {
            throw ApiProblem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static String one(UriQuery query, String name, String usual) {
        List<String> values = query.all(name, () -> List.of(usual));
        if (values.size() != 1) {
            throw ApiProblem.badRequest("the parameter \"" + name + "\" has several values");
        }
        return values.getFirst();
    }
}
