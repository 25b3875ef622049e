package io.selvage.perf.race;

import io.selvage.perf.input.Complaint;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How the targets of a race are driven.
///
/// @param saturation whether to drive each target as fast as it answers
/// @param percents rates as parts of the slowest target's peak; they need `saturation`
/// @param rates rates per second
public record Loads(boolean saturation, List<Long> percents, List<Long> rates) {
    private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,8})(%|/s)?");

    public Loads {
        percents = List.copyOf(percents);
        rates = List.copyOf(rates);
    }

    /// What is written on a command line: `saturation`, a percentage such as `50` or `50%`, and a rate such as `400/s`.
    public static Loads parse(List<String> words) throws Complaint {
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
                throw new Complaint("a load is \"saturation\", a percentage such as 50 or a rate such as 400/s, not \"" + word
                        + "\"");
            }
        }
        if (!percents.isEmpty() && !saturation) {
            throw new Complaint("a percentage is a part of the peak, which needs the load \"saturation\"");
        }
        return new Loads(saturation, percents, rates);
    }
}
