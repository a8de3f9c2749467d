package io.panal.node.containers;

import io.panal.node.containers.ContainersException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Makes containers out of plans: the record, the files, the writable layer.
final class Creation {
    private final ContainersSettings settings;
    private final HostFacts host;
    private final LayerFiles layers;
    private final Records records;
    private final Lifecycle lifecycle;
    private final StreamPump pump;

    Creation(
            Containerd containerd,
            ContainersSettings settings,
            HostFacts host,
            Records records,
            Lifecycle lifecycle,
            StreamPump pump) {
        this.settings = settings;
        this.host = host;
        this.layers = new LayerFiles(containerd);
        this.records = records;
        this.lifecycle = lifecycle;
        this.pump = pump;
    }

    Tracked create(ContainerPlan wanted, StoredImage image) throws IOException {
        var plan = wanted.on(wanted.host().watched(health(wanted, image.configuration())));
        var mistake = RuntimeSpecification.mistake(plan);
        if (mistake.isPresent()) {
            throw new ContainersException(Reason.INVALID, mistake.get());
        }
        var chain = ImageDocuments.chain(image.configuration().layers());
        var top = chain.isEmpty() ? "" : chain.getLast();
        var directory = settings.directory(plan.id());
        var process = process(plan, image.configuration().process(), layers.accounts(top));
        Files.createDirectories(directory);
        try {
            HostFiles.write(directory, plan.host().names());
            var specification =
                    new RuntimeSpecification(plan, process, host, directory, settings.cgroup(plan.id())).json();
            var createdAt = records.create(new Records.Kept(plan, image.digest()), specification);
            var mounts = lifecycle.prepare(plan.id(), top);
            VolumeCopy.fill(plan, () -> layers.layers(top));
            var container = track(plan, image.digest(), createdAt);
            container.mountedBy(mounts);
            return container;
        } catch (IOException failed) {
            records.delete(plan.id());
            Directories.delete(directory);
            throw failed;
        }
    }

    private static Optional<HealthPlan> health(ContainerPlan plan, ImageConfiguration image) {
        return plan.host()
                .health()
                .map(own -> own.over(image.health().orElse(HealthPlan.OF_IMAGE)))
                .or(image::health)
                .filter(HealthPlan::isOn);
    }

    /// One that exists, as this daemon is to know it.
    Tracked track(ContainerPlan plan, String image, Instant createdAt) throws IOException {
        var directory = settings.directory(plan.id());
        Files.createDirectories(directory);
        return new Tracked(plan, image, createdAt, directory, new ContainerOutput(pump, directory, plan));
    }

    private RuntimeProcess process(ContainerPlan plan, ImageConfiguration.ImageProcess image, Accounts accounts)
            throws ContainersException {
        var wanted = plan.process();
        var security = plan.host().security();
        return new RuntimeProcess(
                arguments(plan, image),
                RuntimeProcess.environment(
                        plan.host().names().hostname(),
                        wanted.terminal(),
                        List.of(image.environment(), wanted.environment())),
                wanted.directory().orElse(image.directory().isEmpty() ? "/" : image.directory()),
                accounts.resolve(wanted.user().orElse(image.user()), security.groups()),
                Capabilities.of(security, host.capabilities()),
                plan.host().limits().ulimits(),
                wanted.terminal(),
                security.noNewPrivileges());
    }

    private static List<String> arguments(ContainerPlan plan, ImageConfiguration.ImageProcess image)
            throws ContainersException {
        var arguments = RuntimeProcess.arguments(plan.process(), image);
        if (!plan.host().init()) {
            return arguments;
        }
        if (InitProgram.find().isEmpty()) {
            throw new ContainersException(
                    Reason.INVALID, "no init program on this host; install one, on Debian: apt-get install tini");
        }
        return Stream.concat(Stream.of(InitProgram.INSIDE, "--"), arguments.stream())
                .toList();
    }
}
