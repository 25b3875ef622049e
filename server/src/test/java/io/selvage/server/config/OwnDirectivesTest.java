package io.selvage.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// The language knows no directive: it reads those of any feature, here of a server for news feeds.
class OwnDirectivesTest {
    private static final Context FEED = new Context("feed");
    private static final Context CHANNEL = new Context("channel");

    enum Format { ATOM, RSS, JSON }

    record Link(String page, int weight) {
    }

    record Feed(
            @Setting(value = "max_items 200", least = 50, most = 300, doc = "Limits the items.") int maxItems,
            @Setting(value = "format atom", choices = "atom rss", doc = "Sets the format.") Format format,
            @Setting(value = "link", doc = "A page.", or = @Setting.Or(value = "mirror", doc = "A copy.", in = "channel"))
                    List<Link> links,
            @Setting(value = "private", in = "channel", inherited = false, doc = "Hides it.") boolean hidden,
            @Setting.Prefix("hub") Hub hub) {
    }

    record Hub(
            @Setting(value = "*_timeout 1s", arguments = "1-2", doc = "Limits the wait.") Duration timeout,
            @Setting(value = "*_name", doc = "Sets the name.") Optional<String> name) {
    }

    private static final Language LANGUAGE = new Language(List.of(new Directives()
            .block("feed", Shape.of(0, 0), "A feed.", Context.MAIN)
            .block("channel", Shape.of(0, 1).repeated(), "A part of it.", FEED, CHANNEL)
            .settings(Feed.class, FEED, CHANNEL)
            .codec(Link.class, Codec.line(1, 2,
                    line -> new Link(line.argument(0).name(), line.count() > 1 ? line.argument(1).number(0, 99) : 10),
                    link -> List.of(link.page(), Integer.toString(link.weight()))))
            .meaningless("[no such protocol]\ngopher feed channel : on|off?\n").known("push channel\n")),
            KnownVariables.NONE, new Language.Surroundings(FEED, Map.of(), _ -> Optional.empty()));

    @Test
    void settingsComeFromTheNearestBlock() throws ConfigProblems {
        Section feed = LANGUAGE.parse("""
                feed {
                    max_items 100; link news 20; link talk 90; hub_name "the hub"; gopher;
                    channel small { format rss; mirror old 5; private; channel { } }
                    channel { }
                }
                """).block(FEED);
        Hub hub = new Hub(Duration.ofSeconds(1), Optional.of("the hub"));
        List<Link> links = List.of(new Link("news", 20), new Link("talk", 90));
        Section small = feed.inside(CHANNEL).getFirst();
        assertEquals(new Feed(100, Format.RSS, List.of(new Link("old", 5)), true, hub), small.get(Feed.class));
        assertEquals("small", small.line().argument(0).text());
        assertEquals(new Feed(100, Format.RSS, List.of(new Link("old", 5)), false, hub),
                small.inside(CHANNEL).getFirst().get(Feed.class));
        assertEquals(new Feed(100, Format.ATOM, links, false, hub), feed.inside(CHANNEL).getLast().get(Feed.class));
    }

    /// Thousands of blocks in which little is set would be slow to read, and large, if each had records of its own.
    @Test
    void blockSharesTheRecordsOfWhichItSetsNothing() throws ConfigProblems {
        Section feed = LANGUAGE.parse("feed { hub_name a; channel { format rss; } channel { hub_timeout 2s; } }").block(FEED);
        Hub around = feed.get(Feed.class).hub();
        assertSame(around, feed.inside(CHANNEL).getFirst().get(Feed.class).hub());
        assertEquals(new Hub(Duration.ofSeconds(2), Optional.of("a")), feed.inside(CHANNEL).getLast().get(Feed.class).hub());
    }

    /// A directive and another one with the same meaning are read as one list.
    @Test
    void linesOfSeveralNamesKeepTheirOrder() throws ConfigProblems {
        Section feed = LANGUAGE.parse("feed { link page; channel { mirror b; link a; max_items 60; mirror c 5; } }").block(FEED);
        assertEquals(List.of(new Link("b", 10), new Link("a", 10), new Link("c", 5)),
                feed.inside(CHANNEL).getFirst().get(Feed.class).links());
    }

    @Test
    void bareFileStartsInItsBlock() throws ConfigProblems {
        assertEquals(LANGUAGE.parse("feed { channel { private; } }"), LANGUAGE.parse("channel { private; }"));
        assertNotEquals(LANGUAGE.parse("channel { private; }"), LANGUAGE.parse("channel { }"));
    }

    @Test
    void printedConfigurationOmitsInheritedSettings() throws ConfigProblems {
        String text = """
                feed {
                    max_items 100;
                    channel small {
                        format rss;
                        link news 20;
                        private;
                        hub_timeout 2s;
                        channel {
                            link off;
                        }
                    }
                }
                """;
        assertEquals(text, LANGUAGE.print(LANGUAGE.parse(text)));
    }

    @Test
    void wrongDeclarationsAreReported() {
        assertEquals("""
                configuration:1:11: "max_items" needs a number from 50 to 300, got "10"
                configuration:1:22: "format" needs "atom", "rss", got "json"
                configuration:1:28: "private" is not allowed here (allowed in channel)
                configuration:1:37: "link" needs one or two arguments, got 3
                configuration:1:49: "hub_timeout" needs one or two arguments, got 3
                configuration:1:79: "push" is known, but not built yet
                configuration:1:85: unknown directive "privat" (did you mean "private"?)
                7 problems; nothing was started""",
                assertThrows(ConfigProblems.class, () -> LANGUAGE.parse("max_items 10; format json; private; "
                        + "link a 1 2; hub_timeout 1s 2s 3s; channel{push; privat; }")).getMessage());
    }

    @Test
    void catalogueContainsDeclaredDirectives() {
        assertEquals(Set.of("link", "hub_name", "hub_timeout 1s", "format atom", "max_items 200", "feed", "mirror", "private",
                "channel"),
                LANGUAGE.catalogue().built().stream().map(entry -> (entry.name() + " " + entry.standard()).strip())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }
}
