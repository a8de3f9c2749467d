package io.panal.node.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Instructions that change no file, but what an image says of itself.
final class Metadata {
    /// An image's own command is forgotten with its entry point, unless the Dockerfile gives one.
    private boolean hasCommand;

    /// Does what an instruction says.
    ///
    /// @return the instruction as `docker history` shows it
    String apply(Instruction instruction, Draft draft, Map<String, String> variables) throws BuildException {
        return switch (instruction.word()) {
            case "ENV" -> {
                Map<String, String> pairs = pairs(instruction, variables);
                pairs.forEach(draft::environment);
                yield "ENV" + shown(pairs);
            }
            case "LABEL" -> {
                Map<String, String> pairs = pairs(instruction, variables);
                pairs.forEach(draft::label);
                yield "LABEL" + shown(pairs);
            }
            case "CMD" -> {
                hasCommand = true;
                draft.words("Cmd", words(instruction, draft));
                yield "CMD " + words(instruction, draft);
            }
            case "ENTRYPOINT" -> {
                draft.words("Entrypoint", words(instruction, draft));
                if (!hasCommand) {
                    draft.words("Cmd", List.of());
                }
                yield "ENTRYPOINT " + words(instruction, draft);
            }
            case "SHELL" -> {
                List<String> shell = instruction
                        .list()
                        .orElseThrow(() -> instruction.refuse("SHELL requires the arguments to be in JSON form"));
                draft.words("Shell", shell);
                yield instruction.text();
            }
            default -> plain(instruction, draft, variables);
        };
    }

    private static String plain(Instruction instruction, Draft draft, Map<String, String> variables)
            throws BuildException {
        return switch (instruction.word()) {
            case "WORKDIR" -> {
                String directory = Words.fill(instruction.rest(), variables);
                Path from = Path.of(draft.text("WorkingDir").isEmpty() ? "/" : draft.text("WorkingDir"));
                draft.text("WorkingDir", from.resolve(directory).normalize().toString());
                yield "WORKDIR " + draft.text("WorkingDir");
            }
            case "USER" -> {
                draft.text("User", Words.fill(instruction.rest(), variables));
                yield "USER " + draft.text("User");
            }
            case "STOPSIGNAL" -> {
                draft.text("StopSignal", Words.fill(instruction.rest(), variables));
                yield "STOPSIGNAL " + draft.text("StopSignal");
            }
            case "EXPOSE" -> {
                List<String> ports = Words.split(instruction.rest(), variables);
                for (String port : ports) {
                    expose(port, draft);
                }
                yield "EXPOSE " + String.join(" ", ports);
            }
            case "VOLUME" -> {
                List<String> volumes = instruction.list().isPresent()
                        ? instruction.list().get()
                        : Words.split(instruction.rest(), variables);
                volumes.forEach(volume -> draft.member("Volumes", volume));
                yield "VOLUME " + volumes;
            }
            case "HEALTHCHECK" -> {
                draft.set("Healthcheck", Healthchecks.of(instruction));
                yield instruction.text();
            }
            case "ONBUILD" -> {
                Instruction later = Dockerfile.instruction(instruction.line(), instruction.rest());
                if (Set.of("FROM", "MAINTAINER", "ONBUILD").contains(later.word())) {
                    throw new BuildException("%s isn't allowed as an ONBUILD trigger".formatted(later.word()));
                }
                draft.trigger(instruction.rest());
                yield instruction.text();
            }
            case "MAINTAINER" -> {
                draft.author(instruction.rest());
                yield instruction.text();
            }
            default -> throw instruction.refuse(instruction.word() + " is not a valid change command");
        };
    }

    private static void expose(String port, Draft draft) throws BuildException {
        String[] parts = port.split("/", 2);
        String[] ends = parts[0].split("-", 2);
        if (!parts[0].matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
            throw new BuildException("Invalid containerPort: " + port);
        }
        for (int each = Integer.parseInt(ends[0]); each <= Integer.parseInt(ends[ends.length - 1]); each++) {
            draft.member("ExposedPorts", each + "/" + (parts.length == 2 ? parts[1] : "tcp"));
        }
    }

    /// `A=1 B=2`, or `A the rest` in the old form.
    private static Map<String, String> pairs(Instruction instruction, Map<String, String> variables)
            throws BuildException {
        Map<String, String> pairs = new LinkedHashMap<>();
        String first = instruction.rest().split("\\s+", 2)[0];
        if (!first.contains("=")) {
            String[] old = instruction.rest().split("\\s+", 2);
            if (old.length < 2) {
                throw instruction.refuse(instruction.word() + " must have two arguments");
            }
            pairs.put(Words.fill(old[0], variables), Words.fill(old[1], variables));
            return pairs;
        }
        for (String word : Words.split(instruction.rest(), variables)) {
            String[] parts = word.split("=", 2);
            if (parts.length < 2) {
                throw instruction.refuse(
                        "Syntax error - can't find = in \"%s\". Must be of the form: name=value".formatted(word));
            }
            pairs.put(parts[0], parts[1]);
        }
        return pairs;
    }

    private static String shown(Map<String, String> pairs) {
        StringBuilder shown = new StringBuilder();
        pairs.forEach((key, value) -> shown.append(" %s=%s".formatted(key, value)));
        return shown.toString();
    }

    /// A command's words; one that is no list is for the shell.
    static List<String> words(Instruction instruction, Draft draft) {
        if (instruction.list().isPresent()) {
            return instruction.list().get();
        }
        List<String> words = new ArrayList<>(draft.shell());
        words.add(instruction.rest());
        return words;
    }
}
