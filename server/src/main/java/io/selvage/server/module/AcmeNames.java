package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Section;
import io.selvage.server.net.AddressText;
import io.selvage.server.route.SiteName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The names that a certificate is ordered for.
final class AcmeNames {
    private static final String ADDRESS = "\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*";
    private static final String HOST = "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*";

    private AcmeNames() {
    }

    /// The names that one word of `acme_certificate` or `server_name` stands for: `.example.org` for two.
    static List<String> read(Argument argument) {
        String name = argument.text().toLowerCase(Locale.ROOT);
        if (name.startsWith(".") && name.substring(1).matches(HOST)) {
            return List.of("www" + name, name.substring(1));
        }
        if (name.contains("*")) {
            argument.problem("\"acme_certificate\" cannot have \"" + argument.text()
                    + "\": neither http-01 nor tls-alpn-01 verifies names with an asterisk");
        } else if (name.matches(ADDRESS) ? AddressText.parse(name).isEmpty() : name.length() > 253 || !name.matches(HOST)) {
            argument.problem("\"acme_certificate\" cannot have \"" + argument.text() + "\": it is no name of a host");
        }
        return List.of(name);
    }

    /// The names of a site, as far as a certificate can have them.
    static List<String> of(Section server) {
        List<String> names = new ArrayList<>();
        for (SiteName name : server.get(ServerModule.SiteSettings.class).names()) {
            switch (name) {
                case SiteName.Exact(String host) when isNoHost(host) -> { }
                case SiteName.Exact(String host) -> names.add(host);
                case SiteName.Under(String suffix, boolean itselfToo) when itselfToo -> {
                    names.add("www." + suffix);
                    names.add(suffix);
                }
                case SiteName.Under _, SiteName.Starting _, SiteName.Matching _ -> { }
            }
        }
        return names;
    }

    /// Reports the names of a site that no certificate can have. The empty name and `_`, which are no hosts, are left out.
    static void check(Section server) {
        for (Argument argument : written(server)) {
            if (argument.text().startsWith("~")) {
                argument.warning("\"acme_certificate\" leaves out the expression \"" + argument.text() + "\" of \"server_name\"");
            } else if (!isNoHost(argument.text())) {
                read(argument);
            }
        }
    }

    private static boolean isNoHost(String name) {
        return name.isEmpty() || name.equals("_");
    }

    private static List<Argument> written(Section server) {
        return server.scope().here("server_name").stream().flatMap(line -> line.arguments().stream()).toList();
    }
}
