package io.panal.node.build;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `HEALTHCHECK`.
final class Healthchecks {
    private static final Pattern SPAN = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|ms|s|m|h)");
    private static final Map<String, Double> NANOS =
            Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);

    private Healthchecks() {}

    static ObjectNode of(Instruction instruction) throws BuildException {
        ObjectNode check = JsonNodeFactory.instance.objectNode();
        ArrayNode test = check.putArray("Test");
        String[] parts = instruction.rest().split("\\s+", 2);
        if (parts[0].equalsIgnoreCase("NONE")) {
            test.add("NONE");
            return check;
        }
        if (!parts[0].equalsIgnoreCase("CMD") || parts.length < 2) {
            throw instruction.refuse("Unknown type \"%s\" in HEALTHCHECK (try CMD)".formatted(parts[0]));
        }
        Instruction command = Dockerfile.instruction(instruction.line(), "CMD " + parts[1]);
        if (command.list().isPresent()) {
            test.add("CMD");
            command.list().get().forEach(test::add);
        } else {
            test.add("CMD-SHELL").add(command.rest());
        }
        span(instruction, "interval", check, "Interval");
        span(instruction, "timeout", check, "Timeout");
        span(instruction, "start-period", check, "StartPeriod");
        span(instruction, "start-interval", check, "StartInterval");
        String retries = instruction.flags().getOrDefault("retries", "");
        if (!retries.isEmpty()) {
            if (!retries.matches("[0-9]{1,6}")) {
                throw instruction.refuse("--retries must be a number, not " + retries);
            }
            check.put("Retries", Integer.parseInt(retries));
        }
        return check;
    }

    private static void span(Instruction instruction, String flag, ObjectNode check, String key) throws BuildException {
        String text = instruction.flags().getOrDefault(flag, "");
        if (text.isEmpty()) {
            return;
        }
        Matcher span = SPAN.matcher(text);
        double nanos = 0;
        int end = 0;
        while (span.find() && span.start() == end) {
            nanos += Double.parseDouble(span.group(1)) * NANOS.getOrDefault(span.group(2), 0.0);
            end = span.end();
        }
        if (end != text.length()) {
            throw instruction.refuse("time: invalid duration \"%s\"".formatted(text));
        }
        check.put(key, (long) nanos);
    }
}
