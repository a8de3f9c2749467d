package io.panal.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A command's options and operands as they were given.
public final class Arguments {
    private final Usage usage;
    private final Map<String, List<String>> values;
    private final List<String> operands;

    private Arguments(Usage usage, Map<String, List<String>> values, List<String> operands) {
        this.usage = usage;
        this.values = values;
        this.operands = operands;
    }

    /// @throws Failure with docker's words when an option or the number of operands is wrong
    static Arguments read(Usage usage, List<String> words) throws Failure {
        var reader = new Reader(usage.flags(), usage.arity().optionsFirst());
        try {
            reader.read(words);
        } catch (Failure wrong) {
            throw Failure.exiting(125, wrong.text() + "\n\n" + usage.line() + "\n\n" + more("Run", usage));
        }
        return new Arguments(usage, reader.values, reader.operands);
    }

    /// @throws Failure with docker's words when there are too many operands or too few
    void checkArity() throws Failure {
        int least = usage.arity().least();
        int most = usage.arity().most();
        int count = operands.size();
        if (count >= least && count <= most) {
            return;
        }
        String wanted;
        if (most == 0) {
            wanted = "accepts no arguments";
        } else if (least == most) {
            wanted = "requires " + counted(least);
        } else if (most == Integer.MAX_VALUE) {
            wanted = "requires at least " + counted(least);
        } else if (least == 0) {
            wanted = "requires at most " + counted(most);
        } else {
            wanted = "requires at least " + least + " and at most " + counted(most);
        }
        // The docker client says "See" here and "Run" everywhere else.
        String verb = most == Integer.MAX_VALUE ? "See" : "Run";
        String program = usage.path().substring(0, usage.path().indexOf(' '));
        throw Failure.because(
                program + ": '" + usage.path() + "' " + wanted + "\n\n" + usage.line() + "\n\n" + more(verb, usage));
    }

    private static String counted(int count) {
        return count + (count == 1 ? " argument" : " arguments");
    }

    private static String more(String verb, Usage usage) {
        return verb + " '" + usage.path() + " --help' for more information";
    }

    /// Whether the option was given.
    public boolean has(String flag) {
        return values.containsKey(flag);
    }

    /// Whether a switch is on: given, and not as `--flag=false`.
    public boolean isOn(String flag) {
        return Values.isTrue(text(flag));
    }

    /// The last value given; empty when the option was not given.
    public String text(String flag) {
        List<String> all = values.get(flag);
        return all == null ? "" : all.getLast();
    }

    /// The last value given, or the one stated.
    public String text(String flag, String otherwise) {
        List<String> all = values.get(flag);
        return all == null ? otherwise : all.getLast();
    }

    /// All values given, in order.
    public List<String> all(String flag) {
        return values.getOrDefault(flag, List.of());
    }

    /// The values of `--filter` by name.
    ///
    /// @throws Failure when one is not `name=value`
    public Map<String, List<String>> filters() throws Failure {
        Map<String, List<String>> filters = new TreeMap<>();
        for (String filter : all("filter")) {
            int equals = filter.indexOf('=');
            if (equals < 0) {
                throw invalid("filter", filter, "bad format of filter (expected name=value)");
            }
            String name = filter.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            List<String> values = filters.get(name);
            if (values == null) {
                values = new ArrayList<>(2);
                filters.put(name, values);
            }
            values.add(filter.substring(equals + 1).strip());
        }
        return filters;
    }

    public List<String> operands() {
        return operands;
    }

    /// The operand at a place that [Usage.Arity] promises.
    public String operand(int at) {
        return operands.get(at);
    }

    public Usage usage() {
        return usage;
    }

    /// The failure docker shows for a value that an option does not take.
    public Failure invalid(String flag, String value, String why) {
        for (Flag known : usage.flags()) {
            if (known.name().equals(flag)) {
                return Failure.exiting(
                        125,
                        Reader.invalid(known, value, why).text() + "\n\n" + usage.line() + "\n\n" + more("Run", usage));
            }
        }
        throw new IllegalStateException("no such flag: " + flag);
    }

    /// Splits words into options and operands.
    static final class Reader {
        private final Map<String, List<String>> values = new LinkedHashMap<>();
        private final List<String> operands = new ArrayList<>();
        private final List<Flag> flags;
        private final boolean optionsFirst;

        Reader(List<Flag> flags, boolean optionsFirst) {
            this.flags = flags;
            this.optionsFirst = optionsFirst;
        }

        Map<String, List<String>> values() {
            return values;
        }

        List<String> operands() {
            return operands;
        }

        void read(List<String> words) throws Failure {
            int at = 0;
            while (at < words.size()) {
                String word = words.get(at);
                if (word.equals("--")) {
                    operands.addAll(words.subList(at + 1, words.size()));
                    return;
                }
                if (word.startsWith("--")) {
                    at += longFlag(words, at);
                } else if (word.startsWith("-") && word.length() > 1) {
                    at += shorthands(words, at);
                } else {
                    operands.add(word);
                    at++;
                    if (optionsFirst) {
                        operands.addAll(words.subList(at, words.size()));
                        return;
                    }
                }
            }
        }

        private int longFlag(List<String> words, int at) throws Failure {
            String word = words.get(at).substring(2);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            Flag flag = find(name);
            if (flag == null) {
                throw Failure.because("unknown flag: --" + name);
            }
            if (equals >= 0) {
                put(flag, word.substring(equals + 1));
                return 1;
            }
            if (flag.isSwitch()) {
                put(flag, "true");
                return 1;
            }
            if (at + 1 >= words.size()) {
                throw Failure.because("flag needs an argument: --" + name);
            }
            put(flag, words.get(at + 1));
            return 2;
        }

        private int shorthands(List<String> words, int at) throws Failure {
            String letters = words.get(at).substring(1);
            for (int i = 0; i < letters.length(); i++) {
                Flag flag = findShort(letters.substring(i, i + 1));
                if (flag == null) {
                    throw Failure.because(
                            "unknown shorthand flag: '" + letters.charAt(i) + "' in -" + letters.substring(i));
                }
                String rest = letters.substring(i + 1);
                if (rest.startsWith("=")) {
                    put(flag, rest.substring(1));
                    return 1;
                }
                if (flag.isSwitch()) {
                    put(flag, "true");
                } else if (!rest.isEmpty()) {
                    put(flag, rest);
                    return 1;
                } else if (at + 1 < words.size()) {
                    put(flag, words.get(at + 1));
                    return 2;
                } else {
                    throw Failure.because("flag needs an argument: '" + letters.charAt(i) + "' in -" + letters);
                }
            }
            return 1;
        }

        private void put(Flag flag, String value) throws Failure {
            String wrong = Values.refusal(flag.type(), value);
            if (!wrong.isEmpty()) {
                throw invalid(flag, value, wrong);
            }
            List<String> all = values.get(flag.name());
            if (all == null) {
                all = new ArrayList<>(2);
                values.put(flag.name(), all);
            }
            all.add(value);
        }

        static Failure invalid(Flag flag, String value, String why) {
            return Failure.because("invalid argument \"" + value + "\" for \"" + flag.called() + "\" flag: " + why);
        }

        private @Nullable Flag find(String name) {
            for (Flag flag : flags) {
                if (flag.name().equals(name)) {
                    return flag;
                }
            }
            return null;
        }

        private @Nullable Flag findShort(String letter) {
            for (Flag flag : flags) {
                if (flag.shorthand().equals(letter)) {
                    return flag;
                }
            }
            return null;
        }
    }
}
