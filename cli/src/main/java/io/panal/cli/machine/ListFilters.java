package io.panal.cli.machine;

import io.panal.cli.command.Failure;
import io.panal.machines.model.Listing;
import io.panal.machines.model.MachineName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The conditions of `ls --filter`: of one kind any must hold, of different kinds all.
record ListFilters(
        List<String> drivers, List<String> states, List<Pattern> names, List<String> labels, List<String> roles) {
    static ListFilters parse(List<String> texts) throws Failure {
        var drivers = new ArrayList<String>();
        var states = new ArrayList<String>();
        var names = new ArrayList<Pattern>();
        var labels = new ArrayList<String>();
        var roles = new ArrayList<String>();
        for (var text : texts) {
            var equals = text.indexOf('=');
            if (equals < 0) {
                throw Failure.because("Unsupported filter syntax.");
            }
            var value = text.substring(equals + 1);
            switch (text.substring(0, equals)) {
                case "driver" -> drivers.add(value);
                case "state" -> states.add(value);
                case "name" -> names.add(pattern(value));
                case "label" -> labels.add(value);
                case "swarm" -> roles.add(value);
                default -> throw Failure.because("Unsupported filter key '%s'".formatted(text.substring(0, equals)));
            }
        }
        return new ListFilters(
                List.copyOf(drivers), List.copyOf(states), List.copyOf(names), List.copyOf(labels), List.copyOf(roles));
    }

    private static Pattern pattern(String text) throws Failure {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException wrong) {
            throw Failure.because("error parsing regexp: %s: `%s`".formatted(wrong.getDescription(), text));
        }
    }

    boolean needNoListing() {
        return drivers.isEmpty() && states.isEmpty() && labels.isEmpty() && roles.isEmpty();
    }

    boolean acceptName(MachineName name) {
        return names.isEmpty()
                || names.stream()
                        .anyMatch(pattern -> pattern.matcher(name.text()).find());
    }

    boolean accept(Listing listing) {
        return acceptName(listing.name())
                && (roles.isEmpty() || roles.contains(ListCommand.role(listing)))
                && (drivers.isEmpty()
                        || (drivers.contains("local") && listing.machine().isPresent()))
                && (states.isEmpty()
                        || states.stream()
                                .anyMatch(state ->
                                        state.equalsIgnoreCase(listing.state().text())))
                && (labels.isEmpty()
                        || listing
                                .machine()
                                .map(machine -> machine.plan().engine().labels())
                                .orElse(List.of())
                                .stream()
                                .anyMatch(labels::contains));
    }
}
