package io.panal.node.work;

import io.panal.core.agent.Assignment;
import io.panal.core.agent.TaskTemplate;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.TaskSpec;
import io.panal.node.containers.ContainerPlan;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.HealthPlan;
import io.panal.node.containers.HostPlan;
import io.panal.node.containers.Limits;
import io.panal.node.containers.LogPlan;
import io.panal.node.containers.MountPlan;
import io.panal.node.containers.NamesPlan;
import io.panal.node.containers.NetworkPlan;
import io.panal.node.containers.ProcessPlan;
import io.panal.node.containers.SecurityPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// From a task's orders to its container.
///
/// Names and labels are Docker's (20.10): container `SERVICE.SLOT.TASKID`, labels `com.docker.swarm.*`.
final class ContainerPlans {
    static final String TASK_LABEL = "com.docker.swarm.task.id";
    private static final int ID_DIGITS = 12;

    private final Id<Node> node;
    private final Node.Description description;
    private final Path volumes;

    /// @param volumes where the local driver keeps volumes
    ContainerPlans(Id<Node> node, Node.Description description, Path volumes) {
        this.node = node;
        this.description = description;
        this.volumes = volumes;
    }

    /// @param containerId 64 hexadecimal digits
    /// @param image as the image store names it
    /// @param files the task's secrets and configs
    /// @param details see [TaskDetails]
    /// @throws ContainersException when the spec asks for what cannot be
    ContainerPlan plan(
            Assignment order,
            String containerId,
            String image,
            NetworkPlan network,
            NamesPlan names,
            List<MountPlan> files,
            String details)
            throws ContainersException {
        ContainerSpec spec = container(order);
        TaskTemplate template = new TaskTemplate(order, node, description);
        List<MountPlan> mounts = new ArrayList<>();
        for (ContainerSpec.Mount mount : spec.mounts()) {
            mounts.add(mount(mount, template));
        }
        mounts.addAll(files);
        HostPlan host = new HostPlan(
                names,
                network,
                security(spec),
                limits(order.spec(), spec),
                log(order.spec()),
                spec.init().orElse(false),
                spec.healthcheck().map(ContainerPlans::health));
        return ContainerPlan.of(containerId, TaskTemplate.taskName(order, node), image)
                .running(process(spec, template))
                .on(host)
                .mounting(mounts)
                .labelled(labels(order, spec))
                .described(details);
    }

    static ContainerSpec container(Assignment order) throws ContainersException {
        return order.spec()
                .containerSpec()
                .orElseThrow(() ->
                        new ContainersException(ContainersException.Reason.INVALID, "the task has no container spec"));
    }

    /// The host name that the task's container gets: its own, else the first digits of the container's id.
    String hostname(Assignment order, String containerId) throws ContainersException {
        String wanted = container(order).hostname();
        return wanted.isEmpty()
                ? containerId.substring(0, ID_DIGITS)
                : expand(new TaskTemplate(order, node, description), wanted);
    }

    private static ProcessPlan process(ContainerSpec spec, TaskTemplate template) throws ContainersException {
        List<String> environment = new ArrayList<>();
        for (String variable : spec.env()) {
            environment.add(expand(template, variable));
        }
        return new ProcessPlan(
                spec.command().isEmpty() ? Optional.empty() : Optional.of(spec.command()),
                spec.args().isEmpty() ? Optional.empty() : Optional.of(spec.args()),
                environment,
                filled(spec.dir()),
                filled(spec.user()),
                filled(spec.stopSignal()),
                spec.tty(),
                spec.openStdin());
    }

    private static Optional<String> filled(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String expand(TaskTemplate template, String text) throws ContainersException {
        return template.expand(text)
                .orElseThrow(() -> new ContainersException(
                        ContainersException.Reason.INVALID, "expanding template failed: \"%s\"".formatted(text)));
    }

    private static SecurityPlan security(ContainerSpec spec) {
        return new SecurityPlan(
                false,
                spec.readOnly(),
                spec.privileges().map(ContainerSpec.Privileges::noNewPrivileges).orElse(false),
                spec.privileges()
                        .flatMap(ContainerSpec.Privileges::seccomp)
                        .map(profile -> !profile.mode().equals("unconfined"))
                        .orElse(true),
                spec.capabilityAdd(),
                spec.capabilityDrop(),
                spec.groups(),
                spec.sysctls());
    }

    private static Limits limits(TaskSpec task, ContainerSpec spec) {
        TaskSpec.Limit limit =
                task.resources().flatMap(TaskSpec.ResourceRequirements::limits).orElse(new TaskSpec.Limit(0, 0, 0));
        Limits plain = Limits.of(limit.nanoCpus(), limit.memoryBytes(), limit.pids());
        return new Limits(
                plain.nanoCpus(),
                plain.memoryBytes(),
                plain.pids(),
                plain.sharedMemoryBytes(),
                spec.ulimits().stream()
                        .map(each -> new Limits.Ulimit(each.name(), each.soft(), each.hard()))
                        .toList());
    }

    private static HealthPlan health(ContainerSpec.HealthConfig wanted) {
        return new HealthPlan(
                wanted.test(),
                wanted.interval().orElse(Duration.ZERO),
                wanted.timeout().orElse(Duration.ZERO),
                wanted.startPeriod().orElse(Duration.ZERO),
                wanted.startInterval().orElse(Duration.ZERO),
                wanted.retries());
    }

    private static LogPlan log(TaskSpec task) throws ContainersException {
        if (task.logDriver().isEmpty()) {
            return LogPlan.standard();
        }
        TaskSpec.LogDriver driver = task.logDriver().get();
        return switch (driver.name()) {
            case "none" -> new LogPlan(false, 0, 1);
            case "", "json-file", "local" ->
                new LogPlan(true, Sizes.bytes(driver.options().getOrDefault("max-size", "0")), (int)
                        Sizes.bytes(driver.options().getOrDefault("max-file", "1")));
            default ->
                throw new ContainersException(
                        ContainersException.Reason.INVALID,
                        "logger: no log driver named '%s' is registered".formatted(driver.name()));
        };
    }

    private MountPlan mount(ContainerSpec.Mount mount, TaskTemplate template) throws ContainersException {
        String source = expand(template, mount.source());
        return switch (mount.type()) {
            case "bind" -> {
                if (!Files.exists(Path.of(source))) {
                    throw new ContainersException(
                            ContainersException.Reason.INVALID,
                            "invalid mount config for type \"bind\": bind source path does not exist: " + source);
                }
                yield new MountPlan.Bind(
                        source,
                        mount.target(),
                        mount.readOnly(),
                        mount.bindOptions()
                                .map(ContainerSpec.Mount.BindOptions::propagation)
                                .orElse(""));
            }
            case "volume", "" ->
                new MountPlan.Volume(
                        Volumes.directory(volumes, source).toString(),
                        mount.target(),
                        mount.readOnly(),
                        mount.volumeOptions().map(options -> !options.noCopy()).orElse(true));
            case "tmpfs" ->
                new MountPlan.Memory(
                        mount.target(),
                        mount.tmpfsOptions()
                                .map(ContainerSpec.Mount.TmpfsOptions::sizeBytes)
                                .orElse(0L),
                        mount.tmpfsOptions()
                                .map(ContainerSpec.Mount.TmpfsOptions::mode)
                                .orElse(0));
            default ->
                throw new ContainersException(
                        ContainersException.Reason.INVALID, "mount type unknown: \"%s\"".formatted(mount.type()));
        };
    }

    private Map<String, String> labels(Assignment order, ContainerSpec spec) {
        Map<String, String> labels = new TreeMap<>(spec.labels());
        labels.put("com.docker.swarm.node.id", node.value());
        labels.put("com.docker.swarm.service.id", order.service().id().value());
        labels.put("com.docker.swarm.service.name", order.service().name());
        labels.put("com.docker.swarm.task", "");
        labels.put(TASK_LABEL, order.task().value());
        labels.put("com.docker.swarm.task.name", TaskTemplate.taskName(order, node));
        return labels;
    }
}
