package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Regexes;
import io.selvage.server.config.Setting;
import io.selvage.server.http.Regex;
import io.selvage.server.http.ScriptPath;
import io.selvage.server.proxy.CgiParam;
import io.selvage.server.proxy.CgiVariables;
import io.selvage.server.proxy.FastCgiProtocol;
import io.selvage.server.proxy.ProxyHandler;
import io.selvage.server.proxy.UpgradeProtocols;
import java.util.List;
import java.util.Optional;

/// Peers that speak the FastCGI protocol.
///
/// @param keeps true to use connections for several requests
/// @param caught texts in the error stream that make a response a failure
record FastCgiSettings(
        @Setting.Prefix("fastcgi") PassSettings pass,
        @Setting(value = "fastcgi_param", doc = "Sets a variable for the application.") List<CgiParam> params,
        @Setting(value = "fastcgi_keep_conn off", doc = "Uses connections to peers for several requests.") boolean keeps,
        @Setting(value = "fastcgi_catch_stderr", arguments = "1",
                doc = "Treats a response as invalid if the application writes a text to its error stream before the head.")
                List<String> caught,
        Scripts scripts) {
    FastCgiSettings {
        params = List.copyOf(params);
        caught = List.copyOf(caught);
    }

    /// How a path becomes the name of a script.
    ///
    /// @param index empty for none
    record Scripts(
            @Setting(value = "fastcgi_index", doc = "Names the file that `$fastcgi_script_name` gets behind a slash at its end.")
                    Optional<String> index,
            @Setting(value = "fastcgi_split_path_info", in = "location",
                    doc = "Divides the path into `$fastcgi_script_name` and `$fastcgi_path_info`, two groups of an expression.")
                    Optional<Split> split) {

        ScriptPath path() {
            return index.isEmpty() && split.isEmpty() ? ScriptPath.NONE
                    : new ScriptPath(split.map(Split::expression), index.orElse(""));
        }
    }

    /// `fastcgi_split_path_info`
    record Split(Regex expression) {
        static Split read(Argument argument) {
            Regex expression = Regexes.read(argument, false);
            if (expression.groupCount() < 2) {
                argument.problem("pattern \"" + argument.text() + "\" must have 2 captures");
            }
            return new Split(expression);
        }
    }

    static void codecs(Directives directives) {
        directives.codec(Split.class, Codec.word(Split::read, split -> split.expression().source()));
    }

    /// Passes the requests of a location to the target.
    ProxyHandler handler(LocationBuilder location, PassTarget target) {
        CgiVariables variables = new CgiVariables(params, pass.requests().fields(), location.state().loopMark(),
                UpgradeProtocols.NONE);
        return pass.handler(location, PassSettings.targets(location, target), new FastCgiProtocol(variables, keeps, caught));
    }
}
