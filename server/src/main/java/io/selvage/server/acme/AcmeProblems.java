package io.selvage.server.acme;

import io.selvage.server.acme.AcmeFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;

/// Turns what goes wrong with an ACME server into one line for the operator: its own words, and what to do.
final class AcmeProblems {
    private static final int LONGEST = 1000;
    private static final String PREFIX = "urn:ietf:params:acme:error:";
    /// Problems (RFC 8555 §6.7) that the same configuration will always meet.
    private static final Set<String> HOPELESS = Set.of("externalAccountRequired", "invalidContact", "unsupportedContact",
            "unsupportedIdentifier", "rejectedIdentifier", "badPublicKey", "badSignatureAlgorithm", "invalidProfile");

    private AcmeProblems() {
    }

    /// The failure behind an exception of acme4j.
    static AcmeFailure failure(IssuerSpec issuer, Exception e) {
        return switch (e) {
            case AcmeLazyLoadingException lazy when lazy.getCause() instanceof Exception cause -> failure(issuer, cause);
            case AcmeRateLimitedException limited -> new AcmeFailure(Kind.RATE_LIMITED, says(limited.getProblem()),
                    limited.getRetryAfter().orElse((Instant) null), e);
            case AcmeUserActionRequiredException action -> new AcmeFailure(Kind.HOPELESS, says(action.getProblem())
                    + "; the ACME server asks you to visit " + action.getInstance(), null, e);
            case AcmeServerException server -> refused(issuer, server.getProblem());
            case AcmeNetworkException network -> unreachable(issuer, network.getCause());
            case IOException io -> new AcmeFailure(Kind.UNREACHABLE, text(io), null, e);
            default -> new AcmeFailure(Kind.UNREACHABLE, "the answer of the ACME server " + issuer.directory()
                    + " is not understood: " + text(e) + "; is it the URL of a directory?", null, e);
        };
    }

    private static AcmeFailure unreachable(IssuerSpec issuer, @Nullable Throwable cause) {
        String why = switch (cause) {
            case null -> "no answer";
            case ConnectException e when isUnresolved(e) -> "its host is not found";
            case ConnectException _ -> "connection refused";
            case SSLException tls -> text(tls) + "; \"ssl_trusted_certificate\" in the acme_issuer names other authorities";
            default -> text(cause);
        };
        return new AcmeFailure(Kind.UNREACHABLE, "the ACME server " + issuer.directory() + " cannot be reached: " + why, null,
                cause);
    }

    private static boolean isUnresolved(Throwable e) {
        return e instanceof UnresolvedAddressException || e.getCause() != null && isUnresolved(e.getCause());
    }

    /// A request or an order that the server has refused.
    static AcmeFailure refused(IssuerSpec issuer, Problem problem) {
        String type = type(problem);
        Kind kind = HOPELESS.contains(type) ? Kind.HOPELESS : type.equals("serverInternal") ? Kind.UNREACHABLE : Kind.REFUSED;
        String hint = switch (type) {
            case "externalAccountRequired" -> "; set \"external_account_key\" in the acme_issuer \"" + issuer.name() + "\"";
            case "invalidContact", "unsupportedContact" -> "; correct \"contact\" in the acme_issuer \"" + issuer.name() + "\"";
            case "unsupportedIdentifier", "rejectedIdentifier" -> "; this server gives no certificate for such a name";
            case "caa" -> "; the CAA records of the domain must permit this server";
            default -> "";
        };
        return new AcmeFailure(kind, says(problem) + hint);
    }

    /// A name that could not be proven.
    static AcmeFailure unproven(IssuerSpec issuer, String name, Problem problem) {
        String hint = switch (issuer.challenge()) {
            case HTTP_01 -> "; the name must lead to this server, and its port 80 must be reachable from there";
            case TLS_ALPN_01 -> "; the name must lead to this server, and its port 443 must be reachable from there";
        };
        return new AcmeFailure(Kind.REFUSED, name + " could not be verified by " + issuer.challenge() + ": " + says(problem)
                + hint);
    }

    static AcmeFailure termsNotAccepted(IssuerSpec issuer, URI terms, AcmeServerException e) {
        return new AcmeFailure(Kind.HOPELESS, says(e.getProblem()) + "; read " + terms
                + " and set \"accept_terms_of_service\" in the acme_issuer \"" + issuer.name() + "\"", null, e);
    }

    static AcmeFailure notInTime(Status status) {
        return new AcmeFailure(Kind.UNREACHABLE, "the ACME server has not completed the order in time; it is still "
                + status.toString().toLowerCase(Locale.ROOT));
    }

    /// The last part of the type, such as `rateLimited`.
    static String type(Problem problem) {
        String type = problem.getType().toString();
        return type.startsWith(PREFIX) ? type.substring(PREFIX.length()) : type;
    }

    private static String says(Problem problem) {
        String detail = problem.getDetail().or(problem::getTitle).orElse("no reason given");
        String parts = problem.getSubProblems().stream()
                .map(part -> part.getIdentifier().map(id -> id.getValue() + ": ").orElse("")
                        + part.getDetail().orElse(type(part)))
                .collect(Collectors.joining("; "));
        return plain("the ACME server says \"" + detail + "\" (" + type(problem) + ")" + (parts.isEmpty() ? "" : ": " + parts));
    }

    /// One line without control characters, of bounded length.
    private static String plain(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    private static String text(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : plain(e.getMessage());
    }
}
