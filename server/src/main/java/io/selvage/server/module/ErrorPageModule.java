package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Setting;
import io.selvage.server.route.ErrorPage;
import io.selvage.server.route.ErrorPage.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Error pages.
final class ErrorPageModule implements Module {

    record ErrorPageSettings(
            @Setting(value = "error_page", also = "if", doc = "Replaces errors with a page, another location or a redirect.")
                    List<ErrorPage> pages,
            @Setting(value = "recursive_error_pages off", doc = "Lets an error page have an error page.") boolean recursive) {
        ErrorPageSettings {
            pages = List.copyOf(pages);
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(ErrorPageSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(ErrorPage.class, Codec.line(2, Integer.MAX_VALUE, ErrorPageModule::read, ErrorPageModule::words));
    }

    @Override
    public void assemble(LocationBuilder location) {
        ErrorPageSettings set = location.get(ErrorPageSettings.class);
        location.errorPages(set.pages, set.recursive);
    }

    private static ErrorPage read(Line line) {
        List<Argument> before = line.arguments().subList(0, line.count() - 1);
        Argument last = before.getLast();
        Shown shown = new Shown.Original();
        if (last.text().startsWith("=")) {
            before = before.subList(0, before.size() - 1);
            Argument code = last.with(last.text().substring(1));
            shown = code.text().isEmpty() ? new Shown.Own() : new Shown.Fixed(code.status(0, 999));
        }
        if (before.isEmpty()) {
            line.problem("\"error_page\" needs a status code");
        }
        Argument page = line.argument(line.count() - 1);
        List<Integer> codes = before.stream().map(code -> code.number(300, 599)).toList();
        if (codes.contains(499)) {
            line.problem("\"error_page\" cannot answer 499, for the client is gone");
        }
        return new ErrorPage(codes.stream().collect(Collectors.toSet()), shown, page.template());
    }

    private static List<String> words(ErrorPage page) {
        List<String> words = new ArrayList<>(page.codes().stream().sorted().map(code -> Integer.toString(code)).toList());
        switch (page.shown()) {
            case Shown.Original() -> { }
            case Shown.Own() -> words.add("=");
            case Shown.Fixed(var status) -> words.add("=" + status.code());
        }
        words.add(page.target().toString());
        return words;
    }
}
