package io.selvage.server.module;

import io.selvage.server.config.Setting;
import io.selvage.server.http.Text;
import io.selvage.server.proxy.CgiParam;
import io.selvage.server.proxy.CgiVariables;
import io.selvage.server.proxy.ProxyHandler;
import io.selvage.server.proxy.ScgiProtocol;
import io.selvage.server.proxy.UpgradeProtocols;
import java.util.ArrayList;
import java.util.List;

/// Peers that speak the SCGI protocol.
record ScgiSettings(
        @Setting.Prefix("scgi") PassSettings pass,
        @Setting(value = "scgi_param", doc = "Sets a variable for the application.",
                differs = "`CONTENT_LENGTH` is always the length of the body that is sent") List<CgiParam> params) {
    private static final String LENGTH = "CONTENT_LENGTH";

    ScgiSettings {
        params = List.copyOf(params);
    }

    /// Passes the requests of a location to the target.
    ProxyHandler handler(LocationBuilder location, PassTarget target) {
        List<CgiParam> all = new ArrayList<>();
        all.add(new CgiParam(LENGTH, Text.literal("0"), false));
        params.stream().filter(param -> !param.name().equals(LENGTH)).forEach(all::add);
        return pass.handler(location, PassSettings.targets(location, target),
                new ScgiProtocol(new CgiVariables(all, pass.requests().fields(),
                location.state().loopMark(), UpgradeProtocols.NONE)));
    }
}
