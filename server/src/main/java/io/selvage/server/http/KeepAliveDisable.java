package io.selvage.server.http;

import java.util.regex.Pattern;

/// Browsers whose connections are closed after an answer (`keepalive_disable`), recognised by `User-Agent` as nginx does.
///
/// @param msie6 Internet Explorer 4 to 6 after POST, except those with the marker `SV1` of Windows XP SP2
/// @param safari Safari on macOS
public record KeepAliveDisable(boolean msie6, boolean safari) {
    /// Every browser may keep its connection.
    public static final KeepAliveDisable NONE = new KeepAliveDisable(false, false);

    private static final Pattern MSIE = Pattern.compile("MSIE [456]\\.");

    /// True if the connection of this request is closed.
    boolean applies(Method method, Headers request) {
        boolean oldMsie = msie6 && method.equals(Method.POST);
        if (!oldMsie && !safari) {
            return false;
        }
        String agent = request.first("User-Agent").orElse("");
        return oldMsie && isMsie6(agent) || safari && isSafari(agent);
    }

    private static boolean isMsie6(String agent) {
        return MSIE.matcher(agent).find() && !(agent.contains("MSIE 6.") && agent.contains("SV1")) && !agent.contains("Opera");
    }

    private static boolean isSafari(String agent) {
        return agent.contains("Safari/") && agent.contains("Mac OS X") && !agent.contains("Chrome/") && !agent.contains("Gecko/")
                && !agent.contains("Opera") && !agent.contains("MSIE ");
    }
}
