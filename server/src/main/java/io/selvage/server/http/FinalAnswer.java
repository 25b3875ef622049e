package io.selvage.server.http;

/// What a connection can send: an answer after which nothing is left to decide.
public sealed interface FinalAnswer extends Answer permits Answer.Reply, Answer.Upgraded, Answer.CloseSilently {
}
