package io.panal.cli.service;

import io.panal.cli.client.Engine;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.progress.Convergence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `service create`.
final class ServiceCreate implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal service create",
            "[OPTIONS] IMAGE [COMMAND] [ARG...]",
            "Create a new service",
            CreateOptions.TEXT,
            new Usage.Arity(1, Integer.MAX_VALUE, true));

    private ServiceCreate() {}

    static Command command() {
        return new Command.Leaf(USAGE, new ServiceCreate());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Spec spec = spec(arguments, session);
        Registry.Answer answer = Registry.resolve(session, spec, arguments);
        Tree created = session.engine().post("/services/create", spec.tree().map(), answer.headers());
        List<String> warnings = new ArrayList<>(answer.warnings());
        warnings.addAll(created.texts("Warnings"));
        if (!created.text("Warning").isEmpty()) {
            warnings.add(created.text("Warning"));
        }
        Updates.warn(session, warnings);
        session.out().println(created.text("ID"));
        if (!arguments.isOn("detach")) {
            Convergence.await(session, created.text("ID"), arguments.isOn("quiet"));
        }
        return 0;
    }

    private static Spec spec(Arguments given, Session session) throws Failure, IOException {
        var spec = new Spec(Tree.empty());
        spec.tree().put("Name", given.text("name")).put("Labels", KeyValues.map(given.all("label")));
        spec.task().put("ForceUpdate", 0L);
        Tree mode = mode(given);
        container(given, session, spec);
        spec.task().make("Resources").make("Limits");
        spec.task().make("Resources.Reservations");
        placement(given, spec);
        spec.tree().put("Mode", mode);
        spec.tree().make("EndpointSpec").put("Mode", "vip");
        spec.set(given);
        Spec.putAll(spec.tree().make("EndpointSpec"), "Ports", new Ports(given, "publish").all());
        Engine engine = session.engine();
        Spec.putAll(spec.task(), "Networks", References.networks(given, "network", engine));
        Spec.putAll(spec.container(), "Secrets", References.files(References.Kind.SECRET, given, "secret", engine));
        Spec.putAll(spec.container(), "Configs", References.files(References.Kind.CONFIG, given, "config", engine));
        return spec;
    }

    private static void container(Arguments given, Session session, Spec spec) throws Failure {
        Tree container = spec.container();
        List<String> operands = given.operands();
        container.put("Image", operands.getFirst());
        Spec.put(container, "Labels", KeyValues.map(given.all("container-label")));
        Spec.put(container, "Args", List.copyOf(operands.subList(1, operands.size())));
        Spec.put(
                container,
                "Env",
                KeyValues.environment(given.all("env-file"), Lists.variables(given, "env"), session::variable));
        Spec.put(container, "Groups", given.all("group"));
        container.put("Init", false);
        Spec.putAll(container, "Mounts", new Mounts(given, "mount").all());
        Spec.put(container, "Hosts", Lists.hosts(given, "host"));
        Tree names = container.make("DNSConfig");
        Spec.put(names, "Nameservers", given.all("dns"));
        Spec.put(names, "Search", given.all("dns-search"));
        Spec.put(names, "Options", given.all("dns-option"));
        Spec.put(container, "Sysctls", KeyValues.map(given.all("sysctl")));
        Set<String> added = Lists.capabilities(given.all("cap-add"));
        Set<String> dropped = Lists.capabilities(given.all("cap-drop"));
        dropped.removeAll(added);
        Spec.put(container, "CapabilityAdd", List.copyOf(added));
        Spec.put(container, "CapabilityDrop", List.copyOf(dropped));
        Spec.putAll(container, "Ulimits", Lists.limits(given, "ulimit"));
    }

    private static void placement(Arguments given, Spec spec) throws Failure {
        Tree placement = spec.placement();
        Spec.put(placement, "Constraints", given.all("constraint"));
        Spec.putAll(placement, "Preferences", Lists.preferences(given, "placement-pref"));
        List<Tree> resources = Lists.genericResources(given.all("generic-resource"));
        Spec.putAll(spec.task().make("Resources.Reservations"), "GenericResources", resources);
    }

    private static Tree mode(Arguments given) throws Failure {
        String mode = given.text("mode", "replicated");
        boolean replicated = mode.equals("replicated") || mode.equals("replicated-job");
        if (!replicated && given.has("replicas")) {
            throw Failure.because("replicas can only be used with replicated or replicated-job mode");
        }
        if (!replicated && given.has("replicas-max-per-node")) {
            throw Failure.because("replicas-max-per-node can only be used with replicated or replicated-job mode");
        }
        if (!mode.equals("replicated-job") && given.has("max-concurrent")) {
            throw Failure.because("max-concurrent can only be used with replicated-job mode");
        }
        Tree count = Tree.empty();
        return switch (mode) {
            case "global" -> Tree.empty().put("Global", count);
            case "global-job" -> Tree.empty().put("GlobalJob", count);
            case "replicated" -> {
                putNumber(given, "replicas", count, "Replicas");
                yield Tree.empty().put("Replicated", count);
            }
            case "replicated-job" -> {
                putNumber(given, given.has("max-concurrent") ? "max-concurrent" : "replicas", count, "MaxConcurrent");
                putNumber(given, "replicas", count, "TotalCompletions");
                yield Tree.empty().put("ReplicatedJob", count);
            }
            default -> throw Failure.because("Unknown mode: " + mode + ", only replicated and global supported");
        };
    }

    private static void putNumber(Arguments given, String flag, Tree holder, String name) {
        if (given.has(flag)) {
            holder.put(name, Long.parseLong(given.text(flag)));
        }
    }
}
