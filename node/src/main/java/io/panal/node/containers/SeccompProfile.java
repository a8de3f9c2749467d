package io.panal.node.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The system calls a container may make: docker's default, which depends on its capabilities.
final class SeccompProfile {
    private static final String MACHINE = System.getProperty("os.arch");
    private static final Map<String, List<String>> LISTS = read();
    private static final long NEW_NAMESPACES = 0x7E020000L;
    private static final int NO_SUCH_CALL = 38;
    private static final int SOCKET_FAMILY_VSOCK = 40;

    /// Linux, Linux with 32 bits, and "tell me": the personalities that old programs ask for.
    private static final List<Long> PERSONALITIES = List.of(0x0L, 0x0008L, 0x20000L, 0x20008L, 0xffffffffL);

    private SeccompProfile() {}

    private static Map<String, List<String>> read() {
        try (var in = SeccompProfile.class.getResourceAsStream("seccomp.txt")) {
            var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            var lists = new LinkedHashMap<String, List<String>>();
            text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                var words = List.of(line.split(" "));
                lists.put(words.getFirst(), words.subList(1, words.size()));
            });
            return lists;
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read our own seccomp.txt", failed);
        }
    }

    static ObjectNode forCapabilities(List<String> capabilities) {
        var profile = JsonMapper.shared().createObjectNode();
        profile.put("defaultAction", "SCMP_ACT_ERRNO");
        RuntimeSpecification.strings(profile.putArray("architectures"), architectures());
        var calls = profile.putArray("syscalls");
        var names = new ArrayList<String>(LISTS.getOrDefault("always", List.of()));
        names.addAll(LISTS.getOrDefault(MACHINE, List.of()));
        for (var capability : capabilities) {
            names.addAll(LISTS.getOrDefault(capability, List.of()));
        }
        RuntimeSpecification.strings(allow(calls).putArray("names"), names);
        for (var personality : PERSONALITIES) {
            allow(calls, "personality", personality, "SCMP_CMP_EQ");
        }
        allow(calls, "socket", SOCKET_FAMILY_VSOCK, "SCMP_CMP_NE");
        if (!capabilities.contains("CAP_SYS_ADMIN")) {
            allow(calls, "clone", NEW_NAMESPACES, "SCMP_CMP_MASKED_EQ");
            // The C library falls back to clone when it hears that there is no clone3.
            var refused = calls.addObject().put("action", "SCMP_ACT_ERRNO").put("errnoRet", NO_SUCH_CALL);
            refused.putArray("names").add("clone3");
        }
        return profile;
    }

    private static ObjectNode allow(ArrayNode calls) {
        return calls.addObject().put("action", "SCMP_ACT_ALLOW");
    }

    private static void allow(ArrayNode calls, String name, long value, String operator) {
        var call = allow(calls);
        call.putArray("names").add(name);
        call.putArray("args")
                .addObject()
                .put("index", 0)
                .put("value", value)
                .put("valueTwo", 0)
                .put("op", operator);
    }

    /// Without x32, which no distribution's kernel has on: docker lists it, and runc compiles the whole list for it.
    private static List<String> architectures() {
        return MACHINE.equals("aarch64")
                ? List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM")
                : List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
    }
}
