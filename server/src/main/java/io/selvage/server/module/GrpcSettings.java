package io.selvage.server.module;

import io.selvage.server.config.Setting;
import io.selvage.server.proxy.BufferingOptions;
import io.selvage.server.proxy.Delivery;
import io.selvage.server.proxy.Http2Protocol;
import io.selvage.server.proxy.ProxyHandler;
import io.selvage.server.proxy.ProxyOptions;
import io.selvage.server.proxy.ProxyTarget;
import io.selvage.server.proxy.ProxyUrl;
import io.selvage.server.proxy.RequestBodyOptions;
import io.selvage.server.proxy.RequestFields;
import io.selvage.server.proxy.ResponseControls;
import io.selvage.server.proxy.SetField;
import io.selvage.server.proxy.TargetSelector;
import io.selvage.server.proxy.TempFolder;
import io.selvage.server.proxy.UpgradeProtocols;
import io.selvage.server.proxy.UpstreamProtocol;
import io.selvage.server.proxy.UriRewrite;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Peers that speak gRPC, which is HTTP/2 with trailers. Neither requests nor responses are buffered. As in nginx, idle
/// connections are kept to the peers of an `upstream` only.
///
/// @param bufferSize of the head of a response
/// @param fields of the request to the peer. One whose value comes out empty is not sent
record GrpcSettings(
        @Setting.Prefix("grpc") PassSettings.PassTimeouts timeouts,
        @Setting.Prefix("grpc") PassSettings.PassRetries retries,
        @Setting.Prefix("grpc") PassSettings.PassResponses responses,
        @Setting.Prefix("grpc") SocketSettings socket,
        @Setting.Prefix("grpc") PeerTlsSettings tls,
        @Setting(value = "grpc_buffer_size 4k", doc = "Limits the head of a response.") long bufferSize,
        @Setting(value = "grpc_set_header", doc = "Sets a field of requests to peers, replacing the client's.")
                List<SetField> fields) {
    GrpcSettings {
        fields = List.copyOf(fields);
    }

    /// Passes the requests of a location to the target.
    ProxyHandler handler(LocationBuilder location, PassTarget target) {
        RequestFields passed = new RequestFields(fields, true, location.state().loopMark(), UpgradeProtocols.NONE);
        boolean keepsIdle = !(target.peers() instanceof PassTarget.Destination.Single);
        UpstreamProtocol protocol = new Http2Protocol(passed, exchange -> exchange.routing().method().name(), keepsIdle);
        return new ProxyHandler(tls.secure(location, target, List.of("h2"), selector(location, target)),
                TraceModule.traced(location, protocol), options(location), location.errorLog());
    }

    private static TargetSelector selector(LocationBuilder location, PassTarget target) {
        if (target.peers() instanceof PassTarget.Destination.Computed(var address)) {
            return target.computed(location, exchange -> target.url(address.apply(exchange)));
        }
        return TargetSelector.of(new ProxyTarget(target.group(location),
                new ProxyUrl(target.scheme(), target.peers().toString(), ""),
                new UriRewrite.AsItCame()));
    }

    private ProxyOptions options(LocationBuilder location) {
        ServerModule.ClientBody client = location.get(ServerModule.ClientSettings.class).body();
        Set<String> ignored = new HashSet<>(responses.ignoredNames());
        ignored.add(PassSettings.ObeyedField.X_ACCEL_BUFFERING.toString());
        location.passes(ignored);
        TempFolder folder = new TempFolder(client.folder().folder(), client.folder().levels(), client.kept());
        return new ProxyOptions(
                new ProxyOptions.Wire(socket.connecting(), timeouts.options(),
                        new ProxyOptions.BufferSizes((int) bufferSize, (int) bufferSize)),
                new RequestBodyOptions(new RequestBodyOptions.Content.Passed(), false, (int) client.bufferSize(), folder),
                BufferingOptions.of(false, 1, bufferSize, 0, folder), retries.options(),
                ResponseControls.of(ignored, responses.intercepted(location)),
                responses.presentation(PassSettings.Changes.NONE, PassSettings.hints(location)),
                new Delivery(_ -> 0, false, true, Optional.empty()), false);
    }
}
