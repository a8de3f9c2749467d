package io.panal.node.containers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The `process` part of an OCI runtime specification: for a container's first process and for those executed in it.
///
/// @param arguments program first
/// @param directory absolute
record RuntimeProcess(
        List<String> arguments,
        List<String> environment,
        String directory,
        Accounts.Identity identity,
        List<String> capabilities,
        List<Limits.Ulimit> ulimits,
        boolean terminal,
        boolean noNewPrivileges) {
    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// The program and its arguments that plan and image lead to together.
    static List<String> arguments(ProcessPlan plan, ImageConfiguration.ImageProcess image) throws ContainersException {
        var arguments = new ArrayList<String>(plan.entrypoint().orElse(image.entrypoint()));
        arguments.addAll(plan.command().orElse(plan.entrypoint().isPresent() ? List.of() : image.command()));
        if (arguments.isEmpty()) {
            throw new ContainersException(ContainersException.Reason.INVALID, "no command specified");
        }
        return arguments;
    }

    /// Later ones replace earlier ones of the same name, in the earlier one's place; a name alone removes it.
    static List<String> environment(String hostname, boolean terminal, List<List<String>> layers) {
        var variables = new LinkedHashMap<String, String>();
        put(variables, PATH);
        put(variables, "HOSTNAME=" + hostname);
        if (terminal) {
            put(variables, "TERM=xterm");
        }
        for (var layer : layers) {
            for (var variable : layer) {
                if (variable.contains("=")) {
                    put(variables, variable);
                } else {
                    variables.remove(variable);
                }
            }
        }
        return List.copyOf(variables.values());
    }

    private static void put(Map<String, String> variables, String variable) {
        variables.put(variable.substring(0, variable.indexOf('=')), variable);
    }

    ObjectNode json() {
        var process = JsonMapper.shared().createObjectNode();
        process.put("terminal", terminal);
        var user = process.putObject("user");
        user.put("uid", identity.uid()).put("gid", identity.gid());
        var groups = user.putArray("additionalGids");
        identity.groups().forEach(groups::add);
        RuntimeSpecification.strings(process.putArray("args"), arguments);
        RuntimeSpecification.strings(process.putArray("env"), environment);
        process.put("cwd", directory);
        process.put("noNewPrivileges", noNewPrivileges);
        var sets = process.putObject("capabilities");
        boolean root = identity.uid() == 0;
        for (var set : List.of("bounding", "effective", "permitted")) {
            // Another user starts with none of its own, as with docker: it has what its programs' files give.
            RuntimeSpecification.strings(sets.putArray(set), root || set.equals("bounding") ? capabilities : List.of());
        }
        var limits = process.putArray("rlimits");
        for (var limit : ulimits) {
            var entry = limits.addObject();
            entry.put("type", "RLIMIT_" + limit.name().toUpperCase(java.util.Locale.ROOT));
            entry.put("hard", unsigned(limit.hard())).put("soft", unsigned(limit.soft()));
        }
        return process;
    }

    /// Those of a process as [#json] writes it.
    static List<Limits.Ulimit> ulimits(JsonNode process) {
        return process.path("rlimits")
                .valueStream()
                .map(entry -> new Limits.Ulimit(
                        entry.path("type")
                                .asString("")
                                .replaceFirst("RLIMIT_", "")
                                .toLowerCase(Locale.ROOT),
                        entry.path("soft").bigIntegerValue().longValue(),
                        entry.path("hard").bigIntegerValue().longValue()))
                .toList();
    }

    /// The specification counts unlimited as the largest unsigned number.
    private static java.math.BigInteger unsigned(long limit) {
        return new java.math.BigInteger(Long.toUnsignedString(limit));
    }
}
