package io.panal.node.dataplane;

import io.panal.node.kernel.Notices;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;

/// Whether the kernel still holds what is wanted: told by its notices, then compared and mended by the matchers
/// themselves.
final class Comparison implements Closeable {
    private static final System.Logger LOG = System.getLogger(Dataplane.class.getName());

    private final Dataplane.Place place;
    private final Overlays overlays;
    private final Attachments.Hardware hardware;
    private final Attachments attachments;
    private final Told told;
    /// Whether something was changed since the last comparison that came to its end.
    private boolean touched;
    /// Why the last repair was not done.
    private String failure = "";
    private boolean closed;

    /// What the kernel tells of the host's own namespace.
    record Told(Notices notices, TableWatch tables) {}

    Comparison(
            Dataplane.Place place,
            Overlays overlays,
            Attachments.Hardware hardware,
            Attachments attachments,
            Told told) {
        this.place = place;
        this.overlays = overlays;
        this.hardware = hardware;
        this.attachments = attachments;
        this.told = told;
    }

    /// Compares wanted with real, and mends on the way what needs nothing but this. Nothing is wanted before it is
    /// known by orders, or by what this host's own containers need.
    void run(LocalTasks tasks, List<String> found, Findings findings) throws IOException {
        if (!isKnown()) {
            return;
        }
        hardware.forward(findings);
        if (attachments.state().isPresent()) {
            overlays.match(attachments.state().get(), tasks, found, findings);
        }
        if (isGatewayWanted()) {
            hardware.gateway().match(subnets(), findings);
        }
        hardware.bridges().match(found, findings);
        hardware.cables().match(tasks.readyPlans(), place, found, findings);
        if (findings.isDeep() && attachments.isSettled()) {
            if (findings.isThorough() || told.tables().isTouched()) {
                hardware.ports().check(findings);
                told.tables().looked();
            }
            tasks.matchInside(attachments::wayOut, found, findings);
        }
    }

    private boolean isKnown() {
        return isGatewayWanted() || !hardware.bridges().wanted().isEmpty();
    }

    private boolean isGatewayWanted() {
        return attachments.state().isPresent() || hardware.gateway().isMade();
    }

    /// Of the overlays.
    private List<Cidr> subnets() {
        return attachments.state().map(NetworkState::subnets).orElse(List.of()).stream()
                .map(Cidr::of)
                .toList();
    }

    /// What is done after a change.
    @FunctionalInterface
    interface Mending {
        void mend(Findings findings) throws IOException;
    }

    /// Mends if anything was changed since the last time; what fails is tried again with the next look.
    void look(LocalTasks tasks, Mending mending) {
        try {
            touched |= !closed && isKnown() && isTouched(tasks);
            if (touched && !closed) {
                try (Findings findings = Findings.deep()) {
                    mending.mend(findings);
                }
                touched = false;
                failure = "";
            }
        } catch (IOException refused) {
            String reason = String.valueOf(refused.getMessage());
            if (!reason.equals(failure)) {
                LOG.log(Level.WARNING, () -> "network not repaired, trying again reason=" + reason);
            }
            failure = reason;
        }
    }

    private boolean isTouched(LocalTasks tasks) throws IOException {
        boolean any = told.notices().any();
        any |= told.tables().isTouched();
        any |= overlays.isTouched();
        any |= tasks.isTouched();
        any |= hardware.settings().isTouched();
        return any;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        told.notices().close();
    }
}
