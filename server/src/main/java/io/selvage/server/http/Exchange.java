package io.selvage.server.http;

import io.selvage.server.net.AddressText;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request and its one answer, on its way through the handlers.
///
/// What came from the client does not change. What changes on the way (the path after an internal redirect, variables,
/// attempts at
/// peers) is changed by the thread of the connection only.
public final class Exchange {
    /// The most internal redirects of one exchange.
    public static final int MAX_REDIRECTS = 10;

    private final RequestHead request;
    private final Client client;
    private final long startedNanos;
    private final long startedMillis;
    private final List<Consumer<Exchange>> whenDone = new ArrayList<>(2);

    private RequestBody body;
    private ClientOptions rules;
    private Method method;
    private String path;
    private String query;
    private int redirects;
    private boolean pathReplaced;
    private boolean closing;
    private long rate;
    private long rateAfter;
    private List<String> captures = List.of();
    private List<Attempt> attempts = List.of();
    private @Nullable BitSet anew;                         // attempts before which the path was changed, once there are any
    private int redirectsAtAttempt;
    private String siteName = "";
    private Folder folder = Folder.NONE;
    private @Nullable SocketAddress believed;              // where a trusted proxy tells of another client
    private @Nullable Authority authority;                 // once a site was looked for, where the client named one
    private @Nullable Authority proxied;                   // once a proxy has the exchange
    private @Nullable ResponseHead peerHead;               // once a peer has answered
    private @Nullable ResponseHead answering;              // once the answer's head is known
    private @Nullable Status pageStatus;                   // while an error page is looked for
    private Headers carried = Headers.EMPTY;
    private @Nullable Map<String, String> variables;       // created by the first one that is set
    private @Nullable Refusal refusal;                     // set where the head could not be understood
    private @Nullable Sent sent;                           // set at the end

    /// @param startedNanos [System#nanoTime()] when its first byte came
    /// @param startedMillis the time of day then, in milliseconds since 1970
    public Exchange(RequestHead request, Client client, RequestBody body, ClientOptions rules, long startedNanos, long
            startedMillis) {
        this.request = request;
        this.client = client;
        this.body = body;
        this.rules = rules;
        this.startedNanos = startedNanos;
        this.startedMillis = startedMillis;
        this.method = request.method();
        this.path = request.target().path();
        this.query = request.target().query();
    }

    public RequestHead request() {
        return request;
    }

    /// The method as it is now: the client's, or GET once an error page is looked for; `$request_method`.
    public Method method() {
        return method;
    }

    public void method(Method changed) {
        method = changed;
    }

    public Headers headers() {
        return request.headers();
    }

    public Client client() {
        return client;
    }

    public RequestBody body() {
        return body;
    }

    /// Puts one that can still be read in the place of one that was received, for whoever the exchange goes to next.
    public void body(RequestBody received) {
        body = received;
    }

    /// Where the request comes from: the other end of the connection, or what a trusted proxy in front of it says.
    public SocketAddress remote() {
        return believed == null ? client.remote() : believed;
    }

    /// The host of [#remote] as people write it; `$remote_addr`.
    public String remoteHost() {
        return believed == null ? client.remoteHost() : AddressText.host(believed);
    }

    public void remote(SocketAddress told) {
        believed = told;
    }

    /// The host the client asked for, from an absolute-form target or else the `Host` field; empty where it named none.
    public Optional<Authority> authority() {
        return Optional.ofNullable(authority);
    }

    public void authority(Authority asked) {
        authority = asked;
    }

    /// The first name of the site, empty for one without; `$server_name`.
    public String siteName() {
        return siteName;
    }

    public void siteName(String name) {
        siteName = name;
    }

    /// Where the files of the current location lie.
    public Folder folder() {
        return folder;
    }

    public void folder(Folder changed) {
        folder = changed;
    }

    public long startedNanos() {
        return startedNanos;
    }

    public long startedMillis() {
        return startedMillis;
    }

    /// The decoded, normalised path as it is now; `$uri`.
    public String path() {
        return path;
    }

    /// The query as it is now, without its question mark; `$args`.
    public String query() {
        return query;
    }

    /// Goes on with another path inside the site.
    ///
    /// @throws Failure after [#MAX_REDIRECTS] of them: they turn in a circle
    public void redirect(String newPath, String newQuery) throws Failure {
        countRedirect();
        pathReplaced = false;
        path = newPath;
        query = newQuery;
    }

    /// Counts a step that does not change the path, such as one to a named location.
    public void countRedirect() throws Failure {
        if (++redirects > MAX_REDIRECTS) {
            throw Failure.here(Failure.What.REFUSED, "internal redirects turn in a circle at \"" + path + "\"");
        }
    }

    /// Replaces the path without looking for its location again, as `try_files` does for a file that it found.
    public void path(String newPath) {
        path = newPath;
        pathReplaced = true;
    }

    /// Whether the path was replaced since its location was found, so that it need not start with the location's name.
    public boolean isPathReplaced() {
        return pathReplaced;
    }

    /// Whether the current path is not the client's own but a redirect's.
    public boolean isInternal() {
        return redirects > 0;
    }

    public ClientOptions rules() {
        return rules;
    }

    public void rules(ClientOptions changed) {
        rules = changed;
    }

    /// Groups of the last regular expression that matched: `$0` at 0, `$1` at 1.
    public List<String> captures() {
        return captures;
    }

    public void captures(List<String> groups) {
        captures = groups;
    }

    /// A variable that was set on the way: a named group, or one by a directive.
    public Optional<String> variable(String name) {
        return variables == null ? Optional.empty() : Optional.ofNullable(variables.get(name));
    }

    public void variable(String name, String value) {
        Map<String, String> known = variables;
        if (known == null) {
            known = new HashMap<>();
            variables = known;
        }
        known.put(name, value);
    }

    /// The tries at peers until now, oldest first.
    public List<Attempt> attempts() {
        return attempts;
    }

    public void attempted(Attempt attempt) {
        if (redirects > redirectsAtAttempt) {
            BitSet known = anew == null ? new BitSet() : anew;
            known.set(attempts.size());
            anew = known;
        }
        redirectsAtAttempt = redirects;
        List<Attempt> longer = new ArrayList<>(attempts.size() + 1);
        longer.addAll(attempts);
        longer.add(attempt);
        attempts = longer;
    }

    /// Puts a fuller record in the place of the last one, when its body has been carried over.
    public void attemptEnded(Attempt attempt) {
        attempts.set(attempts.size() - 1, attempt);
    }

    /// Whether an internal redirect lies between this attempt, counted from 0, and the one before it.
    public boolean startsAnew(int attempt) {
        return attempt > 0 && anew != null && anew.get(attempt);
    }

    /// The host and port a proxy passes the exchange to, as configured; `$proxy_host`, `$proxy_port`.
    public Optional<Authority> proxied() {
        return Optional.ofNullable(proxied);
    }

    public void proxied(Authority to) {
        proxied = to;
    }

    /// The head of the last peer's answer as it came; `$upstream_http_*`.
    public Optional<ResponseHead> peerHead() {
        return Optional.ofNullable(peerHead);
    }

    public void peerHead(ResponseHead head) {
        peerHead = head;
    }

    /// Fields that take the place of those of the answer, whatever handler makes it: what a peer said about the file to which its
    /// `X-Accel-Redirect` leads.
    public Headers carried() {
        return carried;
    }

    public void carry(Headers fields) {
        carried = fields;
    }

    /// The head about to be sent, as far as it is known, and in the end the one that was sent; `$sent_http_*`.
    public Optional<ResponseHead> answerHead() {
        return sent == null ? Optional.ofNullable(answering) : Optional.of(sent.head());
    }

    /// The status of [#answerHead], which need not be put together for it.
    public Optional<Status> answerStatus() {
        return sent == null ? Optional.ofNullable(answering).map(ResponseHead::status) : Optional.of(sent.status());
    }

    public void answering(ResponseHead head) {
        answering = head;
    }

    /// The status that the answer gets whatever its handler says, because it is an error page. Conditions and
    /// ranges of the request do not count then.
    public Optional<Status> pageStatus() {
        return Optional.ofNullable(pageStatus);
    }

    public void pageStatus(Optional<Status> status) {
        pageStatus = status.orElse(null);
    }

    /// Bytes a second, 0 for no bound (`limit_rate`).
    public long rate() {
        return rate;
    }

    /// Bytes sent before the bound begins (`limit_rate_after`).
    public long rateAfter() {
        return rateAfter;
    }

    public void rate(long bytesPerSecond, long after) {
        rate = bytesPerSecond;
        rateAfter = after;
    }

    /// The connection ends with this exchange.
    public void closeAfter() {
        closing = true;
    }

    public boolean isClosing() {
        return closing;
    }

    /// Why the head was refused, where it was: such an exchange is answered with that status and nothing else.
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    public void refuse(Refusal why) {
        refusal = why;
    }

    /// Registers what is to be done when the exchange is over, whatever came of it: log it, give back what was
    /// reserved. The last one
    /// registered runs first.
    public void whenDone(Consumer<Exchange> action) {
        whenDone.add(action);
    }

    /// Ends the exchange: runs what was registered, each once.
    public void done(Sent outcome) {
        sent = outcome;
        for (int last = whenDone.size() - 1; last >= 0; last--) {
            whenDone.remove(last).accept(this);
        }
    }

    /// What was sent, once the exchange is over.
    public Optional<Sent> sent() {
        return Optional.ofNullable(sent);
    }
}
