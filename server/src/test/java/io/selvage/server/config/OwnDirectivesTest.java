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
import static org.junit.jupiter.api.Assertions.assertThrows;

/// The language knows no directive: it reads those of any feature, here of a kitchen.
class OwnDirectivesTest {
    private static final Context KITCHEN = new Context("kitchen");
    private static final Context OVEN = new Context("oven");

    enum Fuel { GAS, WOOD, COAL }

    record Dish(String name, int minutes) {
    }

    record Baking(
            @Setting(value = "heat 200", least = 50, most = 300, doc = "How hot it gets.") int heat,
            @Setting(value = "fuel gas", choices = "gas wood", doc = "What burns.") Fuel fuel,
            @Setting(value = "dish", doc = "What is in it.", or = @Setting.Or(value = "leftover", doc = "What was.", in = "oven"))
                    List<Dish> dishes,
            @Setting(value = "lit", in = "oven", inherited = false, doc = "Whether it burns.") boolean lit,
            @Setting.Prefix("door") Timing door) {
    }

    record Timing(
            @Setting(value = "*_open 1s", arguments = "1-2", doc = "How long it stays open.") Duration open,
            @Setting(value = "*_note", doc = "What is written on it.") Optional<String> note) {
    }

    private static final Language LANGUAGE = new Language(List.of(new Directives()
            .block("kitchen", Shape.of(0, 0), "A room.", Context.MAIN)
            .block("oven", Shape.of(0, 1).repeated(), "A thing in it.", KITCHEN, OVEN)
            .settings(Baking.class, KITCHEN, OVEN)
            .codec(Dish.class, Codec.line(1, 2,
                    line -> new Dish(line.argument(0).name(), line.count() > 1 ? line.argument(1).number(0, 99) : 10),
                    dish -> List.of(dish.name(), Integer.toString(dish.minutes()))))
            .table("[meaningless: no such thing here]\nsteam kitchen oven\n[known]\ngrill oven\n")),
            _ -> Optional.empty(), new Language.Surroundings(KITCHEN, Map.of(), _ -> Optional.empty()));

    @Test
    void settingsComeFromTheNearestBlock() throws ConfigProblems {
        Section kitchen = LANGUAGE.parse("""
                kitchen {
                    heat 100; dish soup 20; dish stew 90; door_note "mind the step"; steam;
                    oven small { fuel wood; leftover rice 5; lit; oven { } }
                    oven { }
                }
                """).block(KITCHEN);
        Timing door = new Timing(Duration.ofSeconds(1), Optional.of("mind the step"));
        List<Dish> dishes = List.of(new Dish("soup", 20), new Dish("stew", 90));
        Section small = kitchen.inside(OVEN).getFirst();
        assertEquals(new Baking(100, Fuel.WOOD, List.of(new Dish("rice", 5)), true, door), small.get(Baking.class));
        assertEquals("small", small.line().argument(0).text());
        assertEquals(new Baking(100, Fuel.WOOD, List.of(new Dish("rice", 5)), false, door),
                small.inside(OVEN).getFirst().get(Baking.class));
        assertEquals(new Baking(100, Fuel.GAS, dishes, false, door), kitchen.inside(OVEN).getLast().get(Baking.class));
    }

    @Test
    void bareFileStartsInItsBlock() throws ConfigProblems {
        assertEquals(LANGUAGE.parse("kitchen { oven { lit; } }"), LANGUAGE.parse("oven { lit; }"));
        assertNotEquals(LANGUAGE.parse("oven { lit; }"), LANGUAGE.parse("oven { }"));
    }

    @Test
    void printedConfigurationOmitsInheritedSettings() throws ConfigProblems {
        String text = """
                kitchen {
                    heat 100;
                    oven small {
                        fuel wood;
                        dish soup 20;
                        lit;
                        door_open 2s;
                        oven {
                            dish off;
                        }
                    }
                }
                """;
        assertEquals(text, LANGUAGE.print(LANGUAGE.parse(text)));
    }

    @Test
    void wrongDeclarationsAreReported() {
        assertEquals("""
                configuration:1:6: "heat" needs a number from 50 to 300, got "10"
                configuration:1:15: "fuel" needs "gas", "wood", got "coal"
                configuration:1:21: "lit" is not allowed here (allowed in oven)
                configuration:1:26: "dish" needs one or two arguments, got 3
                configuration:1:38: "door_open" needs one or two arguments, got 3
                configuration:1:63: "grill" is known, but not built yet
                configuration:1:70: unknown directive "lita" (did you mean "lit"?)
                7 problems; nothing was started""",
                assertThrows(ConfigProblems.class, () -> LANGUAGE.parse(
                        "heat 10; fuel coal; lit; dish a 1 2; door_open 1s 2s 3s; oven{grill; lita; }")).getMessage());
    }

    @Test
    void catalogueContainsDeclaredDirectives() {
        assertEquals(Set.of("dish", "door_note", "door_open 1s", "fuel gas", "heat 200", "kitchen", "leftover", "lit", "oven"),
                LANGUAGE.catalogue().built().stream().map(entry -> (entry.name() + " " + entry.standard()).strip())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }
}
