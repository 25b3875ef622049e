package io.selvage.perf.race;

import io.selvage.perf.input.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The loads of a race.
///
/// @param saturation true to drive each target as fast as it answers
/// @param percents rates in percent of the peak of the slowest target; they need `saturation`
/// @param rates rates per second
public record Loads(boolean saturation, List<Long> percents, List<Long> rates) {
    private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,8})(%|/s)?");

    public Loads {
        percents = List.copyOf(percents);
        rates = List.copyOf(rates);
    }

    /// Parses words of a command line: `saturation`, a percentage such as `50` or `50%`, and a rate such as `400/s`.
    public static Loads parse(List<String> words) throws UserError {
        boolean saturation = false;
        var percents = new ArrayList<Long>();
        var rates = new ArrayList<Long>();
        for (String word : words) {
            Matcher rate = RATE.matcher(word);
            if (word.equals("saturation")) {
                saturation = true;
            } else if (rate.matches()) {
                ("/s".equals(rate.group(2)) ? rates : percents).add(Long.parseLong(rate.group(1)));
            } else {
                throw new UserError("a load is \"saturation\", a percentage such as 50 or a rate such as 400/s, not \"" + word
                        + "\"");
            }
        }
        if (!percents.isEmpty() && !saturation) {
            throw new UserError("a percentage needs the load \"saturation\", whose peak it refers to");
        }
        return new Loads(saturation, percents, rates);
    }
}
