package io.panal.node.engine;

import io.panal.node.build.Build;
import io.panal.node.build.BuildException;
import io.panal.node.containers.Attachment;
import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerPlan;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.containers.HealthPlan;
import io.panal.node.containers.HostPlan;
import io.panal.node.containers.LogPlan;
import io.panal.node.containers.NetworkPlan;
import io.panal.node.containers.OutputReceiver;
import io.panal.node.containers.ProcessPlan;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Runs the commands of builds, each in a container of its own that goes when it was looked at.
final class BuildRuns implements Build.Runs {
    private static final Logger LOG = System.getLogger(BuildRuns.class.getName());
    private static final HealthPlan UNASKED =
            new HealthPlan(List.of("NONE"), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Containers containers;
    private final ContainerNetworks networks;
    private final String mode;

    /// @param mode of the network, as `docker build --network` has it
    BuildRuns(HostParts host, String mode) {
        this.containers = host.containers();
        this.networks = host.networks();
        this.mode = mode;
    }

    @Override
    public <T> T run(Build.Command command, Build.Telling telling, Build.After<T> after)
            throws IOException, InterruptedException {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        String brief = id.substring(0, 12);
        try {
            Container _ = containers.create(plan(id, brief, command));
            telling.text(" ---> Running in %s\n".formatted(brief));
            int code = runs(id, telling.output());
            if (code != 0) {
                throw new BuildException(
                        "The command '%s' returned a non-zero code: %d"
                                .formatted(String.join(" ", command.arguments()), code),
                        code);
            }
            T seen = after.look(id);
            telling.text("Removing intermediate container %s\n".formatted(brief));
            return seen;
        } finally {
            remove(id);
        }
    }

    private ContainerPlan plan(String id, String brief, Build.Command command) throws IOException {
        ProcessPlan process = new ProcessPlan(
                Optional.of(command.arguments()),
                Optional.of(List.of()),
                command.environment(),
                Optional.empty(),
                command.user(),
                Optional.empty(),
                false,
                false);
        NetworkPlan network = switch (mode) {
            case "none" -> new NetworkPlan.Isolated();
            case "host" -> new NetworkPlan.Host();
            default -> networks.attachByDefault(id, brief);
        };
        return ContainerPlan.of(
                        id,
                        ContainerNames.fresh(
                                RANDOM, name -> containers.named(name).isPresent()),
                        command.image())
                .running(process)
                .on(HostPlan.standard(id)
                        .connected(network)
                        .logging(new LogPlan(false, 0, 1))
                        .watched(Optional.of(UNASKED)));
    }

    private int runs(String id, OutputReceiver output) throws IOException, InterruptedException {
        try (Attachment attachment = containers.attach(id)) {
            Thread reader = Thread.ofVirtual().name("build-output").start(() -> forward(attachment, output));
            boolean _ = containers.start(id);
            ContainerState ended = containers.await(id);
            reader.join();
            return ended instanceof ContainerState.Exited exited ? exited.code() : 1;
        }
    }

    private static void forward(Attachment attachment, OutputReceiver output) {
        try {
            attachment.forward(output);
        } catch (IOException failed) {
            LOG.log(Level.DEBUG, "what a build step printed was not passed on", failed);
        }
    }

    private void remove(String id) {
        try {
            if (containers.find(id).isPresent()) {
                containers.remove(id, true);
            }
            networks.detach(id);
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "container of a build not removed id=" + id, failed);
        }
    }
}
