package io.selvage.server.route;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Folder;
import io.selvage.server.http.LocationValues;
import io.selvage.server.http.ScriptPath;
import io.selvage.server.http.Warnings;
import java.util.OptionalLong;

/// What holds for every request of a location, whatever its handler.
///
/// @param internal whether only internal redirects may come here; other requests get 404 (`internal`)
/// @param autoSlash whether a request for the prefix without its last slash is redirected to the prefix, as for one that is
///        passed to a peer
/// @param maxBodyBytes the most bytes of a request's body, 0 for no bound (`client_max_body_size`)
/// @param client how the client's connection is treated
/// @param folder where the files of the location are
/// @param scripts how a path is divided into the name of a script and what follows it
/// @param warnings where doubtful uses of variables are reported
/// @param values what variables need to know of the location
public record LocationOptions(boolean internal, boolean autoSlash, long maxBodyBytes, ClientOptions client, Folder folder,
        ScriptPath scripts, Warnings warnings, LocationValues values) {
    /// Open to all, without files, with the defaults of a client's connection.
    public static final LocationOptions DEFAULT = new LocationOptions(false, false, 0, ClientOptions.DEFAULT, Folder.NONE,
            ScriptPath.NONE, Warnings.NONE, LocationValues.NONE);

    /// Makes these the options of an exchange whose body was checked in the location around this one.
    public void enter(Exchange exchange) {
        exchange.routing().enterLocation(client, folder, scripts);
        exchange.routing().warnings(warnings);
        exchange.routing().values(values);
    }

    /// Makes these the options of an exchange. The body of a subrequest was received already.
    ///
    /// @throws Failure where the client announces a longer body; one of unknown length fails when too much of it has come
    void apply(Exchange exchange) throws Failure {
        enter(exchange);
        OptionalLong length = exchange.body().length();
        if (maxBodyBytes > 0 && !exchange.isSubrequest() && length.isPresent() && length.getAsLong() > maxBodyBytes) {
            throw Failure.downstream(Failure.What.TOO_LARGE,
                    "client intended to send too large body: " + length.getAsLong() + " bytes");
        }
        exchange.body().limit(maxBodyBytes);
    }
}
