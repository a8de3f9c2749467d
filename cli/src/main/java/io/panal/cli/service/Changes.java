package io.panal.cli.service;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What `service update` adds to, takes from and sets in a spec.
final class Changes {
    private final Arguments given;
    private final Session session;
    private final Spec spec;

    Changes(Arguments given, Session session, Spec spec) {
        this.given = given;
        this.session = session;
        this.spec = spec;
    }

    void apply() throws Failure, IOException {
        labels("label", spec.tree(), true);
        labels("container-label", spec.container(), false);
        labels("sysctl", spec.container(), false);
        environment();
        if (given.has("args")) {
            Spec.put(spec.container(), "Args", ShellWords.split(given.text("args")));
        }
        spec.set(given);
        mode();
        mounts();
        placement();
        names();
        capabilities();
        limits();
        files(References.Kind.SECRET, "secret", "Secrets");
        files(References.Kind.CONFIG, "config", "Configs");
        networks();
        ports();
        if (given.isOn("force")) {
            spec.task().put("ForceUpdate", spec.task().number("ForceUpdate") + 1);
        }
    }

    private boolean touches(String flag) {
        return given.has(flag + "-add") || given.has(flag + "-rm");
    }

    private void labels(String flag, Tree holder, boolean keepEmpty) {
        if (!touches(flag)) {
            return;
        }
        String name = flag.equals("sysctl") ? "Sysctls" : "Labels";
        Map<String, String> labels = new LinkedHashMap<>(holder.strings(name));
        given.all(flag + "-rm").forEach(labels::remove);
        labels.putAll(KeyValues.map(given.all(flag + "-add")));
        if (keepEmpty) {
            holder.put(name, labels);
        } else {
            Spec.put(holder, name, labels);
        }
    }

    private void environment() throws Failure {
        if (!touches("env")) {
            return;
        }
        Map<String, String> byKey = new LinkedHashMap<>();
        for (String pair : spec.container().texts("Env")) {
            byKey.put(KeyValues.key(pair), pair);
        }
        given.all("env-rm").forEach(byKey::remove);
        for (String pair : Lists.variables(given, "env-add")) {
            byKey.put(KeyValues.key(pair), KeyValues.completed(pair, session::variable));
        }
        Spec.put(spec.container(), "Env", List.copyOf(byKey.values()));
    }

    private void mode() throws Failure {
        Tree mode = spec.tree().tree("Mode");
        if (given.has("replicas")) {
            if (mode.has("Replicated")) {
                mode.tree("Replicated").put("Replicas", Long.parseLong(given.text("replicas")));
            } else if (mode.has("ReplicatedJob")) {
                mode.tree("ReplicatedJob").put("TotalCompletions", Long.parseLong(given.text("replicas")));
            } else {
                throw Failure.because("replicas can only be used with replicated or replicated-job mode");
            }
        }
        if (given.has("max-concurrent")) {
            if (!mode.has("ReplicatedJob")) {
                throw Failure.because("max-concurrent can only be used with replicated-job mode");
            }
            mode.tree("ReplicatedJob").put("MaxConcurrent", Long.parseLong(given.text("max-concurrent")));
        }
    }

    private void mounts() throws Failure {
        if (!touches("mount")) {
            return;
        }
        Map<String, Tree> byTarget = new LinkedHashMap<>();
        for (Tree mount : new Mounts(given, "mount-add").all()) {
            if (byTarget.put(mount.text("Target"), mount) != null) {
                throw Failure.because("duplicate mount target");
            }
        }
        for (Tree mount : spec.container().trees("Mounts")) {
            byTarget.putIfAbsent(mount.text("Target"), mount);
        }
        given.all("mount-rm").forEach(byTarget::remove);
        List<Tree> mounts = new ArrayList<>(byTarget.values());
        mounts.sort(Comparator.comparing((Tree mount) -> mount.text("Source"))
                .thenComparing(mount -> mount.text("Target")));
        Spec.putAll(spec.container(), "Mounts", mounts);
    }

    private void placement() throws Failure {
        Tree placement = spec.placement();
        if (touches("constraint")) {
            List<String> constraints = new ArrayList<>(placement.texts("Constraints"));
            constraints.addAll(given.all("constraint-add"));
            constraints.removeAll(given.all("constraint-rm"));
            constraints.sort(Comparator.naturalOrder());
            Spec.put(placement, "Constraints", constraints);
        }
        if (touches("placement-pref")) {
            Set<Tree> removed = new HashSet<>(Lists.preferences(given, "placement-pref-rm"));
            List<Tree> preferences = new ArrayList<>(placement.trees("Preferences"));
            preferences.removeIf(removed::contains);
            preferences.addAll(Lists.preferences(given, "placement-pref-add"));
            Spec.putAll(placement, "Preferences", preferences);
        }
        if (touches("generic-resource")) {
            Tree reservations = spec.task().make("Resources.Reservations");
            List<Tree> resources = new ArrayList<>(reservations.trees("GenericResources"));
            List<String> removed = given.all("generic-resource-rm");
            resources.removeIf(resource -> removed.contains(resource.text("DiscreteResourceSpec.Kind"))
                    || removed.contains(resource.text("NamedResourceSpec.Kind")));
            resources.addAll(Lists.genericResources(given.all("generic-resource-add")));
            Spec.putAll(reservations, "GenericResources", resources);
        }
    }

    private void names() throws Failure {
        Tree names = spec.container().make("DNSConfig");
        strings("dns", names, "Nameservers");
        strings("dns-search", names, "Search");
        strings("dns-option", names, "Options");
        strings("group", spec.container(), "Groups");
        if (touches("host")) {
            Set<String> hosts = new TreeSet<>(spec.container().texts("Hosts"));
            List<String> removed = given.all("host-rm");
            hosts.removeIf(line -> isRemoved(line, removed));
            hosts.addAll(Lists.hosts(given, "host-add"));
            Spec.put(spec.container(), "Hosts", List.copyOf(hosts));
        }
    }

    /// A line `ip host` goes by `host:ip` and by `host` alone.
    private static boolean isRemoved(String line, List<String> removed) {
        int blank = line.indexOf(' ');
        String ip = line.substring(0, Math.max(0, blank));
        String host = line.substring(blank + 1);
        return removed.contains(host + ":" + ip) || removed.contains(host);
    }

    private void strings(String flag, Tree holder, String name) {
        if (touches(flag)) {
            Set<String> all = new TreeSet<>(holder.texts(name));
            given.all(flag + "-rm").forEach(all::remove);
            all.addAll(given.all(flag + "-add"));
            Spec.put(holder, name, List.copyOf(all));
        }
    }

    private void capabilities() {
        if (!given.has("cap-add") && !given.has("cap-drop")) {
            return;
        }
        Tree container = spec.container();
        Set<String> added = Lists.capabilities(given.all("cap-add"));
        Set<String> dropped = Lists.capabilities(given.all("cap-drop"));
        dropped.removeAll(added);
        TreeSet<String> had = new TreeSet<>(container.texts("CapabilityAdd"));
        TreeSet<String> lacked = new TreeSet<>(container.texts("CapabilityDrop"));
        if (added.remove("RESET")) {
            had.clear();
        }
        if (dropped.remove("RESET")) {
            lacked.clear();
        }
        // Adding what was dropped first takes the drop back, and the other way round.
        TreeSet<String> back = new TreeSet<>(lacked);
        back.retainAll(added);
        TreeSet<String> gone = new TreeSet<>(had);
        gone.retainAll(dropped);
        lacked.removeAll(added);
        had.removeAll(dropped);
        added.removeAll(back);
        dropped.removeAll(gone);
        had.addAll(added);
        lacked.addAll(dropped);
        Spec.put(container, "CapabilityAdd", List.copyOf(had));
        Spec.put(container, "CapabilityDrop", List.copyOf(lacked));
    }

    private void limits() throws Failure {
        if (!touches("ulimit")) {
            return;
        }
        Map<String, Tree> byName = new TreeMap<>();
        for (Tree limit : spec.container().trees("Ulimits")) {
            byName.put(limit.text("Name"), limit);
        }
        given.all("ulimit-rm").forEach(byName::remove);
        for (Tree limit : Lists.limits(given, "ulimit-add")) {
            byName.put(limit.text("Name"), limit);
        }
        Spec.putAll(spec.container(), "Ulimits", List.copyOf(byName.values()));
    }

    private void files(References.Kind kind, String flag, String name) throws Failure, IOException {
        if (!touches(flag)) {
            return;
        }
        List<Tree> files = new ArrayList<>(spec.container().trees(name));
        List<String> removed = given.all(flag + "-rm");
        files.removeIf(file -> removed.contains(file.text(kind.nameMember())));
        files.addAll(References.files(kind, given, flag + "-add", session.engine()));
        Spec.putAll(spec.container(), name, files);
    }

    private void networks() throws Failure, IOException {
        if (!touches("network")) {
            return;
        }
        Set<String> removed = new HashSet<>();
        for (String network : given.all("network-rm")) {
            removed.add(References.networkId(session.engine(), network));
        }
        List<Tree> networks = new ArrayList<>(spec.task().trees("Networks"));
        networks.removeIf(network -> removed.contains(network.text("Target")));
        for (Tree added : References.networks(given, "network-add", session.engine())) {
            networks.removeIf(network -> network.text("Target").equals(added.text("Target")));
            networks.add(added);
        }
        networks.sort(Comparator.comparing(network -> network.text("Target")));
        Spec.putAll(spec.task(), "Networks", networks);
    }

    private void ports() throws Failure {
        if (!touches("publish")) {
            return;
        }
        Tree endpoint = spec.tree().make("EndpointSpec");
        List<Tree> removed = new Ports(given, "publish-rm").all();
        Map<String, Tree> byIdentity = new LinkedHashMap<>();
        for (Tree port : endpoint.trees("Ports")) {
            boolean goes = false;
            for (Tree other : removed) {
                goes |= Ports.isSame(port, other);
            }
            if (!goes) {
                byIdentity.put(Ports.identity(port), port);
            }
        }
        for (Tree port : new Ports(given, "publish-add").all()) {
            byIdentity.putIfAbsent(Ports.identity(port), port);
        }
        List<Tree> ports = new ArrayList<>(byIdentity.values());
        ports.sort(Comparator.comparing(Ports::identity));
        Spec.putAll(endpoint, "Ports", ports);
    }
}
