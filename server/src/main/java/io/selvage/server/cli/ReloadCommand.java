package io.selvage.server.cli;

import io.selvage.server.admin.AdminClient;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/// Makes a running server read its configuration again. Unlike the signal HUP, it says what came of it.
@Command(name = "reload", description = "Make a running server read its configuration again, and print its problems.")
final class ReloadCommand extends AdminCommand {
    @Override
    int ask(AdminClient client, PrintWriter out) throws IOException, AdminClient.Refused {
        JsonObject reloaded = client.post("/api/reload", JsonValue.EMPTY_JSON_OBJECT);
        print("warning: ", reloaded.getJsonArray("warnings"), out);
        out.println("reloaded; this is configuration number " + reloaded.getInt("generation"));
        return ExitCode.FINE;
    }

    private static void print(String before, JsonArray problems, PrintWriter out) {
        for (JsonObject problem : problems.getValuesAs(JsonObject.class)) {
            String line = problem.getInt("line") == 0 ? "" : ":" + problem.getInt("line") + ":" + problem.getInt("column");
            out.println(before + problem.getString("file") + line + ": " + problem.getString("message"));
        }
    }
}
