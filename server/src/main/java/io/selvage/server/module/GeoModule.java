package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.config.Word;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.net.AddressText;
import io.selvage.server.route.ComputedVariable;
import io.selvage.server.route.GeoAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.stream.Stream;

/// Variables whose values depend on the address of the client (`geo`).
final class GeoModule implements Module {

    record GeoSettings(
            @Setting(value = "geo", doc = "Defines a variable whose value depends on an address.") List<GeoBlock> blocks) {
        GeoSettings {
            blocks = List.copyOf(blocks);
        }
    }

    /// One `geo`, as it is written.
    ///
    /// @param arguments the variable, and before it the one that has the address, if any; with dollar signs
    /// @param lines the words of each line inside
    record GeoBlock(List<String> arguments, List<List<String>> lines) {
        GeoBlock {
            arguments = List.copyOf(arguments);
            lines = List.copyOf(lines);
        }

        Directive written() {
            return Directive.block("geo", arguments,
                    lines.stream().map(line -> Directive.of(line.getFirst(), line.subList(1, line.size()))).toList());
        }
    }

    @Override
    public Directives directives() {
        Shape shape = Shape.of(1, 2).repeated().opening(Shape.Inside.ANYTHING);
        return new Directives()
                .settings(GeoSettings.class, Contexts.HTTP)
                .codec(GeoBlock.class, Codec.lines(shape, lines -> read(lines.getLast()), (_, geo) -> List.of(geo.written())));
    }

    private static GeoBlock read(Line line) {
        GeoLines inside = new GeoLines();
        line.directive().block().forEach(inner -> inside.read(new Line(inner, line.scope())));
        Argument variable = line.argument(line.count() - 1);
        GeoAddress address = new GeoAddress(line.count() == 1 ? Exchange::remote : addressOf(line.argument(0)), inside.proxies());
        var table = inside.table();
        variable.define(new ComputedVariable(variable.variableName(), true, exchange -> table.find(address.of(exchange))));
        return new GeoBlock(words(line.directive().arguments()),
                line.directive().block().stream().map(GeoModule::words).toList());
    }

    private static GeoAddress.Source addressOf(Argument argument) {
        argument.variableName();
        Text text = argument.template();
        return exchange -> AddressText.parse(text.apply(exchange)).map(GeoModule::socketAddress).orElse(GeoAddress.UNKNOWN);
    }

    private static SocketAddress socketAddress(InetAddress address) {
        return new InetSocketAddress(address, 0);
    }

    private static List<String> words(Directive line) {
        return Stream.concat(Stream.of(line.name()), line.arguments().stream())
                .map(Word::text).toList();
    }

    private static List<String> words(List<Word> words) {
        return words.stream().map(Word::text).toList();
    }
}
