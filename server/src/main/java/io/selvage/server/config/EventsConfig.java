package io.selvage.server.config;

/// How much may go on at once.
///
/// @param workerConnections open connections of one worker, to clients and to peers together
public record EventsConfig(@Setting(value = "worker_connections 512", least = 1) int workerConnections) {}
