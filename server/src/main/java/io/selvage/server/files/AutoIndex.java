package io.selvage.server.files;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;

/// Answers with the content of a folder (`autoindex`).
///
/// @param format how it is written
/// @param exactSize true to show sizes in bytes on the page (`autoindex_exact_size`)
/// @param zone of the times on the page (`autoindex_localtime`)
/// @param types choose the pictures on the page
public record AutoIndex(ListingFormat format, boolean exactSize, ZoneId zone, MimeTypes types) {
    private static final Pattern CALLBACK = Pattern.compile("[\\w.]{1,128}");
    private static final String JSON = "application/json";

    /// @param folder its file name, a slash at the end or not
    /// @param log where a folder with too many files is reported
    /// @throws IOException if the folder cannot be read
    Answer answer(Exchange exchange, String folder, MissingFileLog log) throws IOException {
        String query = exchange.routing().query();
        String callback = format == ListingFormat.JSONP ? argument(query, "callback") : "";
        if (!callback.isEmpty() && !CALLBACK.matcher(callback).matches()) {
            return new Answer.StatusOnly(Status.BAD_REQUEST);
        }
        String path = exchange.routing().path();
        Path place = ByteText.path(folder);
        return BlockingExecutor.call(() -> {
            List<ListedFile> files = FolderReader.read(place);
            if (files.size() == FolderReader.MOST) {
                log.listingCut(exchange, path);
            }
            return written(path, query, callback, files);
        });
    }

    private Answer written(String path, String query, String callback, List<ListedFile> files) {
        return switch (format) {
            case XML -> reply("text/xml; charset=utf-8", ListingText.xml(files));
            case JSON -> reply(JSON, ListingText.json(files));
            case JSONP -> callback.isEmpty() ? reply(JSON, ListingText.json(files))
                    : reply("application/javascript", "/* callback */\r\n" + callback + "(" + ListingText.json(files) + ");");
            case HTML -> reply("text/html", new ListingPage(path, order(query), exactSize, zone, types).text(files));
        };
    }

    private static Answer reply(String type, String text) {
        return new Answer.Reply(new ResponseHead(Status.OK, Headers.of("Content-Type", type)), Body.text(text));
    }

    /// The order that the client chose on the page.
    private static ListingOrder order(String query) {
        return new ListingOrder(ListingOrder.Column.of(argument(query, "sort")), argument(query, "order").equals("desc"));
    }

    private static String argument(String query, String name) {
        for (String pair : query.split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return "";
    }
}
