package io.selvage.server.route;

import io.selvage.server.auth.Passwords;
import io.selvage.server.http.Answer;
import io.selvage.server.http.BasicCredentials;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.net.ByteText;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/// Asks for a user name and a password (`auth_basic`, RFC 7617).
///
/// @param realm what the password is for, in the words of the client's dialogue; `off` asks for nothing
/// @param file the name of the file with the users
/// @param passwords verifies them
/// @param errors gets a line for each refusal, in the words of nginx, which fail2ban looks for
public record BasicAuthentication(Text realm, Text file, Passwords passwords, ErrorLog errors) implements AccessCheck {
    private static final Verdict.Denied FORBIDDEN = new Verdict.Denied(new Answer.StatusOnly(Status.FORBIDDEN), "");

    @Override
    public Verdict check(Exchange exchange) throws Failure {
        String name = realm.apply(exchange);
        if (name.equals("off")) {
            return Verdict.SILENT;
        }
        Optional<BasicCredentials> credentials = BasicCredentials.of(exchange.headers());
        if (credentials.isEmpty()) {
            errors.log(Severity.INFO, exchange, "no user/password was provided for basic authentication");
            return ask(name);
        }
        String path = file.apply(exchange);
        String user = credentials.get().user();
        try {
            return switch (passwords.verify(ByteText.path(path), user, credentials.get().password())) {
                case MATCH -> Verdict.ALLOWED;
                case MISMATCH -> refuse(exchange, name, "user \"" + user + "\": password mismatch");
                case UNKNOWN_USER -> refuse(exchange, name, "user \"" + user + "\" was not found in \"" + path + "\"");
                case UNKNOWN_HASH -> refuse(exchange, name,
                        "user \"" + user + "\": the hash of the password in \"" + path + "\" is of an unknown kind");
                case OVERLOADED -> throw Failure.here(Failure.What.OVERLOADED, "too many passwords are being verified");
            };
        } catch (NoSuchFileException _) {
            errors.log(Severity.ERROR, exchange, "open() \"" + path + "\" failed (2: No such file or directory)");
            return FORBIDDEN;
        } catch (IOException | InvalidPathException e) {
            errors.log(Severity.CRIT, exchange, "open() \"" + path + "\" failed (" + e.getMessage() + ")");
            throw Failure.here(Failure.What.REFUSED, "no passwords").asLogged();
        }
    }

    @Override
    public Verdict explain(Exchange exchange, Explanation into) throws Failure {
        Verdict verdict = check(exchange);
        into.add("check", "auth_basic \"" + realm.apply(exchange) + "\"", switch (verdict) {
            case Verdict.Allowed() -> "user and password are right";
            case Verdict.Silent() -> "is off";
            case Verdict.Denied denied -> BasicCredentials.of(exchange.headers()).isEmpty() ? "the request has no password"
                    : "refused: " + denied.answer().status().code();
        });
        return verdict;
    }

    private Verdict refuse(Exchange exchange, String name, String why) {
        errors.log(Severity.ERROR, exchange, why);
        return ask(name);
    }

    private static Verdict ask(String name) {
        return new Verdict.Denied(new Answer.StatusOnly(Status.UNAUTHORIZED,
                Headers.of("WWW-Authenticate", "Basic realm=\"" + name + "\"")), "");
    }
}
