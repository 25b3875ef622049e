package io.selvage.server.admin;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.config.Problem;
import io.selvage.server.wiring.Server;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The server that the admin API shows and steers. Any thread.
public interface ServerControl {
    /// The running server; empty until it has started.
    Optional<Server> server();

    /// The running server.
    ///
    /// @throws ApiProblem 503 until it has started
    default Server running() {
        return server().orElseThrow(ApiProblem::starting);
    }

    /// The configuration as it was loaded last, with the files that it was read from.
    Language.Loaded loaded();

    /// Reads the configuration again and makes it current.
    ///
    /// @return what is doubtful in it
    /// @throws ConfigProblems if it cannot be used; the current one remains
    /// @throws IOException if it cannot be applied; the current one remains
    List<Problem> reload() throws ConfigProblems, IOException;
}
