package io.panal.cli.service;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Failure;
import io.panal.cli.json.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Published ports in docker's two notations: `8080:80/tcp` and `published=8080,target=80,protocol=tcp,mode=host`.
final class Ports {
    private final Arguments arguments;
    private final String flag;

    Ports(Arguments arguments, String flag) {
        this.arguments = arguments;
        this.flag = flag;
    }

    /// All ports the option gives, as the API writes them.
    List<Tree> all() throws Failure {
        List<Tree> ports = new ArrayList<>();
        for (String value : arguments.all(flag)) {
            if (value.indexOf('=') > 0) {
                ports.add(spelled(value));
            } else {
                ports.addAll(brief(value));
            }
        }
        return ports;
    }

    private Tree spelled(String value) throws Failure {
        long target = 0;
        long published = 0;
        String protocol = "tcp";
        String mode = "ingress";
        for (String field : Fields.of(value)) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw arguments.invalid(flag, value, "invalid field: " + field);
            }
            String key = field.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            String text = field.substring(equals + 1).strip();
            switch (key) {
                case "protocol" -> protocol = protocol(value, text);
                case "mode" -> mode = mode(value, text);
                case "target" -> target = number(value, key, text);
                case "published" -> published = text.isEmpty() ? 0 : number(value, key, text);
                default -> throw arguments.invalid(flag, value, "invalid field key: " + key);
            }
        }
        if (target == 0) {
            throw arguments.invalid(flag, value, "missing mandatory field 'target'");
        }
        return port(protocol, target, published, mode);
    }

    private String protocol(String whole, String text) throws Failure {
        String protocol = text.toLowerCase(Locale.ROOT);
        return switch (protocol) {
            case "tcp", "udp", "sctp" -> protocol;
            default -> throw arguments.invalid(flag, whole, "invalid protocol value '" + protocol + "'");
        };
    }

    private String mode(String whole, String text) throws Failure {
        String mode = text.toLowerCase(Locale.ROOT);
        return switch (mode) {
            case "ingress", "host" -> mode;
            default -> throw arguments.invalid(flag, whole, "invalid publish mode value '" + mode + "'");
        };
    }

    private long number(String whole, String key, String text) throws Failure {
        long number = parse(text);
        if (number < 0) {
            String problem = isDigits(text) ? "value out of range" : "invalid syntax";
            throw arguments.invalid(
                    flag,
                    whole,
                    "invalid " + key + " port value '" + text + "': strconv.ParseUint: parsing \"" + text + "\": "
                            + problem);
        }
        return number;
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// @return negative when the text is no port
    private static long parse(String text) {
        if (!isDigits(text) || text.length() > 5) {
            return -1;
        }
        long number = Long.parseLong(text);
        return number <= 65_535 ? number : -1;
    }

    private List<Tree> brief(String value) throws Failure {
        int slash = value.indexOf('/');
        String protocol = slash < 0 ? "tcp" : value.substring(slash + 1).toLowerCase(Locale.ROOT);
        if (!protocol.equals("tcp") && !protocol.equals("udp") && !protocol.equals("sctp")) {
            throw arguments.invalid(flag, value, "invalid proto: " + protocol);
        }
        String ports = slash < 0 ? value : value.substring(0, slash);
        int colon = ports.lastIndexOf(':');
        String container = ports.substring(colon + 1);
        String host = colon < 0 ? "" : ports.substring(0, colon);
        if (host.indexOf(':') >= 0) {
            throw arguments.invalid(flag, value, "hostip is not supported");
        }
        if (container.isEmpty()) {
            throw arguments.invalid(flag, value, "no port specified: " + value + "<empty>");
        }
        long[] target = range(container);
        if (target.length == 0) {
            throw arguments.invalid(flag, value, "invalid containerPort: " + container);
        }
        long[] published = host.isEmpty() ? new long[] {0, 0} : range(host);
        if (published.length == 0) {
            throw arguments.invalid(flag, value, "invalid hostPort: " + host);
        }
        long count = target[1] - target[0];
        if (!host.isEmpty() && published[1] - published[0] != count && count != 0) {
            throw arguments.invalid(
                    flag,
                    value,
                    "invalid ranges specified for container and host Ports: " + container + " and " + host);
        }
        List<Tree> all = new ArrayList<>();
        for (long i = 0; i <= count; i++) {
            all.add(port(protocol, target[0] + i, host.isEmpty() ? 0 : published[0] + i, "ingress"));
        }
        return all;
    }

    private static long[] range(String text) {
        int dash = text.indexOf('-');
        long start = parse(dash < 0 ? text : text.substring(0, dash));
        long end = dash < 0 ? start : parse(text.substring(dash + 1));
        return start < 0 || end < start ? new long[0] : new long[] {start, end};
    }

    private static Tree port(String protocol, long target, long published, String mode) {
        Tree port = Tree.empty().put("Protocol", protocol).put("TargetPort", target);
        if (published != 0) {
            port.put("PublishedPort", published);
        }
        return port.put("PublishMode", mode);
    }

    /// The ports as they stand in a request.
    static List<Map<String, @Nullable Object>> json(List<Tree> ports) {
        List<Map<String, @Nullable Object>> json = new ArrayList<>();
        for (Tree port : ports) {
            json.add(port.map());
        }
        return json;
    }

    /// What makes two ports the same when one is added.
    static String identity(Tree port) {
        return port.number("PublishedPort") + ":" + port.number("TargetPort") + "/" + port.text("Protocol") + "/"
                + port.text("PublishMode");
    }

    /// Whether a port is the one to remove: same target, protocol and mode.
    static boolean isSame(Tree port, Tree removed) {
        return port.number("TargetPort") == removed.number("TargetPort")
                && port.text("Protocol").equals(removed.text("Protocol"))
                && port.text("PublishMode").equals(removed.text("PublishMode"));
    }
}
