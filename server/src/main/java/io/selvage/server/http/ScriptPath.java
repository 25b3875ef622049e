package io.selvage.server.http;

import java.util.Optional;

/// How the path of a request is divided into the name of a script and what follows it.
///
/// @param split its first group is the name of the script, its second what follows; empty to take the whole path
///     (`fastcgi_split_path_info`)
/// @param index the file that a name gets which ends with a slash (`fastcgi_index`)
public record ScriptPath(Optional<Regex> split, String index) {
    /// The whole path is the name of a script.
    public static final ScriptPath NONE = new ScriptPath(Optional.empty(), "");

    /// The name of the script; `$fastcgi_script_name`.
    ///
    /// @throws UncheckedFailure where the expression takes too many steps
    public String script(String path) {
        String name = split.flatMap(expression -> expression.groups(path)).map(groups -> groups.get(1)).orElse(path);
        return name.endsWith("/") ? name + index : name;
    }

    /// What follows the name of the script; `$fastcgi_path_info`.
    ///
    /// @throws UncheckedFailure where the expression takes too many steps
    public String pathInfo(String path) {
        return split.flatMap(expression -> expression.groups(path)).map(groups -> groups.get(2)).orElse("");
    }
}
