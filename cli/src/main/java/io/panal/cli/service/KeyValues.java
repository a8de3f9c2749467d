package io.panal.cli.service;

import io.panal.cli.command.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values of the form `key=value`: labels, variables, options.
final class KeyValues {
    private KeyValues() {}

    static String key(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? pair : pair.substring(0, equals);
    }

    static String value(String pair) {
        return pair.substring(Math.min(pair.length(), key(pair).length() + 1));
    }

    /// The last value of each key, in the order keys were first given.
    static Map<String, String> map(List<String> pairs) {
        var map = new LinkedHashMap<String, String>();
        for (String pair : pairs) {
            map.put(key(pair), value(pair));
        }
        return map;
    }

    /// Variables from files and options; a later one replaces an earlier one and stands at the end.
    ///
    /// @param environment where a name without a value gets its value
    static List<String> environment(List<String> files, List<String> given, Variables environment) throws Failure {
        List<String> all = new ArrayList<>();
        for (String file : files) {
            all.addAll(file(file, environment));
        }
        for (String pair : given) {
            all.add(completed(pair, environment));
        }
        List<String> last = new ArrayList<>();
        for (String pair : all) {
            last.removeIf(other -> !other.equals(pair) && other.startsWith(key(pair) + "="));
            if (!last.contains(pair)) {
                last.add(pair);
            }
        }
        return last;
    }

    /// The variables of the process.
    @FunctionalInterface
    interface Variables {
        /// Empty when it is not set.
        String value(String name);
    }

    static String completed(String pair, Variables environment) {
        boolean named = pair.indexOf('=') < 0 && !environment.value(pair).isEmpty();
        return named ? pair + "=" + environment.value(pair) : pair;
    }

    private static List<String> file(String path, Variables environment) throws Failure {
        List<String> pairs = new ArrayList<>();
        for (String line : lines(path)) {
            String text = line.stripLeading();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            if (key(text).isEmpty() || key(text).indexOf(' ') >= 0) {
                throw Failure.because(
                        "invalid env file (" + path + "): variable '" + key(text) + "' contains whitespaces");
            }
            if (text.indexOf('=') >= 0) {
                pairs.add(text);
            } else if (!environment.value(text).isEmpty()) {
                pairs.add(completed(text, environment));
            }
        }
        return pairs;
    }

    private static List<String> lines(String path) throws Failure {
        try {
            return Files.readAllLines(Path.of(path));
        } catch (NoSuchFileException _) {
            throw Failure.because("open " + path + ": no such file or directory");
        } catch (IOException unreadable) {
            throw Failure.because("open " + path + ": " + unreadable.getMessage());
        }
    }
}
