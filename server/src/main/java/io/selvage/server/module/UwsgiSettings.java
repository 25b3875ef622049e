package io.selvage.server.module;

import io.selvage.server.config.Setting;
import io.selvage.server.proxy.CgiParam;
import io.selvage.server.proxy.CgiVariables;
import io.selvage.server.proxy.ProxyHandler;
import io.selvage.server.proxy.UpgradeProtocols;
import io.selvage.server.proxy.UwsgiProtocol;
import java.util.List;

/// Peers that speak the uwsgi protocol.
///
/// @param upgrade protocols to which a connection may change
record UwsgiSettings(
        @Setting.Prefix("uwsgi") PassSettings pass,
        @Setting.Prefix("uwsgi") PeerTlsSettings tls,
        @Setting(value = "uwsgi_upgrade websocket", doc = PassSettings.UPGRADE, differs = PassSettings.UPGRADE_DIFFERS)
                UpgradeProtocols upgrade,
        @Setting(value = "uwsgi_param", doc = "Sets a variable for the application.") List<CgiParam> params,
        @Setting(value = "uwsgi_modifier1 0", most = 255, doc = "Sets the kind of packet; 0 for WSGI.") int modifier1,
        @Setting(value = "uwsgi_modifier2 0", most = 255,
                doc = "Sets the second byte of the kind of packet.") int modifier2) {
    UwsgiSettings {
        params = List.copyOf(params);
    }

    /// Passes the requests of a location to the target.
    ProxyHandler handler(LocationBuilder location, PassTarget target) {
        CgiVariables variables = new CgiVariables(params, pass.requests().fields(), location.state().loopMark(), upgrade);
        return pass.handler(location, tls.secure(location, target, List.of(), PassSettings.targets(location, target)),
                new UwsgiProtocol(variables, modifier1, modifier2));
    }
}
