package io.panal.node.containers;

import io.panal.containerd.tasks.UpdateTaskRequest;
import java.io.IOException;
import tools.jackson.databind.json.JsonMapper;

/// What may be changed of a container that is there.
final class PlanChanges {
    private final Containerd containerd;
    private final Records records;
    private final TrackedContainers tracked;
    private final HostFacts host;

    PlanChanges(Containerd containerd, Records records, TrackedContainers tracked, HostFacts host) {
        this.containerd = containerd;
        this.records = records;
        this.tracked = tracked;
        this.host = host;
    }

    void rename(String id, String name) throws IOException {
        var container = tracked.known(id);
        tracked.claim(name, id);
        var plan = container.plan();
        replan(
                container,
                new ContainerPlan(
                        plan.id(),
                        name,
                        plan.image(),
                        plan.process(),
                        plan.host(),
                        plan.mounts(),
                        plan.labels(),
                        plan.details()));
        tracked.release(plan.name(), id);
    }

    void limit(String id, Limits limits) throws IOException {
        var container = tracked.known(id);
        if (container.state().isRunning()) {
            var json = JsonMapper.shared().writeValueAsBytes(RuntimeSpecification.limits(limits, host));
            var request = UpdateTaskRequest.newBuilder()
                    .setContainerId(id)
                    .setResources(Records.any(Records.RESOURCES_TYPE, json))
                    .build();
            var _ = Containerd.call(() -> containerd.tasks().update(request));
        }
        replan(container, container.plan().on(container.plan().host().limited(limits)));
    }

    void name(String id, NamesPlan names) throws IOException {
        var container = tracked.known(id);
        HostFiles.write(container.directory, names);
        replan(container, container.plan().on(container.plan().host().named(names)));
    }

    void describe(String id, String details) throws IOException {
        var container = tracked.known(id);
        replan(container, container.plan().described(details));
    }

    private void replan(Tracked container, ContainerPlan plan) throws IOException {
        container.lock.lock();
        try {
            records.update(new Records.Kept(plan, container.image));
            container.replanned(plan);
        } finally {
            container.lock.unlock();
        }
    }
}
