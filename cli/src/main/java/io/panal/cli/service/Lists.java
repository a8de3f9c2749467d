package io.panal.cli.service;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Failure;
import io.panal.cli.json.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Settings that are lists, in the API's form.
final class Lists {
    private Lists() {}

    /// `host:ip` becomes a line of a hosts file: `ip host`.
    static List<String> hosts(Arguments arguments, String flag) throws Failure {
        List<String> lines = new ArrayList<>();
        for (String value : arguments.all(flag)) {
            int colon = value.indexOf(':');
            int equals = value.indexOf('=');
            int separator = equals > 0 && (colon < 0 || equals < colon) ? equals : colon;
            if (separator <= 0 || separator == value.length() - 1) {
                throw arguments.invalid(flag, value, "bad format for add-host: \"" + value + "\"");
            }
            lines.add(value.substring(separator + 1) + " " + value.substring(0, separator));
        }
        return lines;
    }

    /// Variables, each with a name.
    static List<String> variables(Arguments arguments, String flag) throws Failure {
        for (String value : arguments.all(flag)) {
            if (KeyValues.key(value).isEmpty()) {
                throw arguments.invalid(flag, value, "invalid environment variable: " + value);
            }
        }
        return arguments.all(flag);
    }

    /// Capabilities by their whole names: `net_admin` becomes `CAP_NET_ADMIN`.
    static Set<String> capabilities(List<String> values) {
        var names = new TreeSet<String>();
        for (String value : values) {
            String name = value.strip().toUpperCase(Locale.ROOT);
            boolean whole = name.startsWith("CAP_") || name.equals("ALL") || name.equals("RESET");
            names.add(whole ? name : "CAP_" + name);
        }
        return names;
    }

    /// `spread=node.labels.zone`.
    static List<Tree> preferences(Arguments arguments, String flag) throws Failure {
        List<Tree> preferences = new ArrayList<>();
        for (String value : arguments.all(flag)) {
            if (value.indexOf('=') < 0) {
                throw arguments.invalid(flag, value, "placement preference must be of the format \"<strategy>=<arg>\"");
            }
            if (!KeyValues.key(value).equals("spread")) {
                throw arguments.invalid(
                        flag,
                        value,
                        "unsupported placement preference " + KeyValues.key(value) + " (only spread is supported)");
            }
            preferences.add(Tree.empty().put("Spread", Tree.empty().put("SpreadDescriptor", KeyValues.value(value))));
        }
        return preferences;
    }

    /// `nofile=1000:2000`.
    static List<Tree> limits(Arguments arguments, String flag) throws Failure {
        List<Tree> limits = new ArrayList<>();
        for (String value : arguments.all(flag)) {
            String bounds = KeyValues.value(value);
            int colon = bounds.indexOf(':');
            String soft = colon < 0 ? bounds : bounds.substring(0, colon);
            String hard = bounds.substring(colon + 1);
            try {
                if (value.indexOf('=') < 0) {
                    throw arguments.invalid(flag, value, "invalid ulimit argument: " + value);
                }
                limits.add(Tree.empty()
                        .put("Name", KeyValues.key(value))
                        .put("Hard", Long.parseLong(hard))
                        .put("Soft", Long.parseLong(soft)));
            } catch (NumberFormatException _) {
                throw arguments.invalid(flag, value, "strconv.ParseInt: parsing \"" + bounds + "\": invalid syntax");
            }
        }
        limits.sort((one, other) -> one.text("Name").compareTo(other.text("Name")));
        return limits;
    }

    /// `gpu=2` counts, `gpu=a,gpu=b` names.
    static List<Tree> genericResources(List<String> values) throws Failure {
        List<Tree> resources = new ArrayList<>();
        for (String value : values) {
            for (String resource : value.split(",", -1)) {
                if (resource.indexOf('=') < 0) {
                    throw Failure.because(
                            "invalid generic-resource request `" + resource + "`, expected format is 'kind=value'");
                }
                resources.add(genericResource(KeyValues.key(resource), KeyValues.value(resource)));
            }
        }
        return resources;
    }

    private static Tree genericResource(String kind, String value) {
        try {
            Tree counted = Tree.empty().put("Kind", kind).put("Value", Long.parseLong(value));
            return Tree.empty().put("DiscreteResourceSpec", counted);
        } catch (NumberFormatException _) {
            Tree named = Tree.empty().put("Kind", kind).put("Value", value);
            return Tree.empty().put("NamedResourceSpec", named);
        }
    }
}
