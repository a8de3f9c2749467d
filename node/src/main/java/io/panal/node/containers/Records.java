package io.panal.node.containers;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.panal.containerd.containers.Container.Runtime;
import io.panal.containerd.containers.CreateContainerRequest;
import io.panal.containerd.containers.DeleteContainerRequest;
import io.panal.containerd.containers.GetContainerRequest;
import io.panal.containerd.containers.ListContainersRequest;
import io.panal.containerd.containers.UpdateContainerRequest;
import io.panal.containerd.runc.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Containers as containerd's records: the plan lies in each as an extension, so nothing else need be kept.
final class Records {
    /// Of every object that is ours in a namespace that others might write to.
    static final String EXTENSION = "io.panal.container";

    static final String SPECIFICATION_TYPE = "types.containerd.io/opencontainers/runtime-spec/1/Spec";
    static final String PROCESS_TYPE = "types.containerd.io/opencontainers/runtime-spec/1/Process";
    static final String RESOURCES_TYPE = "types.containerd.io/opencontainers/runtime-spec/1/LinuxResources";

    private static final String OPTIONS_TYPE = "containerd.runc.v1.Options";
    private static final String RUNTIME = "io.containerd.runc.v2";

    /// What the extension holds.
    record Kept(ContainerPlan plan, String image) {}

    /// A record read back.
    record Found(Kept kept, Instant createdAt) {}

    private final Containerd containerd;
    private final Any options;

    Records(Containerd containerd, Path runtimeRoot) {
        this.containerd = containerd;
        this.options = Any.newBuilder()
                .setTypeUrl(OPTIONS_TYPE)
                .setValue(Options.newBuilder()
                        .setRoot(runtimeRoot.toString())
                        .build()
                        .toByteString())
                .build();
    }

    /// Options of the runtime for each task.
    Any options() {
        return options;
    }

    static Any any(String type, byte[] json) {
        return Any.newBuilder()
                .setTypeUrl(type)
                .setValue(ByteString.copyFrom(json))
                .build();
    }

    /// @return when containerd says it was created
    Instant create(Kept kept, byte[] specification) throws ContainersException {
        var record = io.panal.containerd.containers.Container.newBuilder()
                .setId(kept.plan().id())
                .setImage(kept.plan().image())
                .setRuntime(Runtime.newBuilder().setName(RUNTIME).setOptions(options))
                .setSpec(any(SPECIFICATION_TYPE, specification))
                .setSnapshotter(Containerd.SNAPSHOTTER)
                .setSnapshotKey(kept.plan().id())
                .putExtensions(EXTENSION, any(EXTENSION, JsonMapper.shared().writeValueAsBytes(kept)))
                .build();
        var request = CreateContainerRequest.newBuilder().setContainer(record).build();
        var created = Containerd.call(() -> containerd.containers().create(request));
        return instant(created.getContainer().getCreatedAt());
    }

    void update(Kept kept) throws ContainersException {
        var record = io.panal.containerd.containers.Container.newBuilder()
                .setId(kept.plan().id())
                .putExtensions(EXTENSION, any(EXTENSION, JsonMapper.shared().writeValueAsBytes(kept)))
                .build();
        var request = UpdateContainerRequest.newBuilder().setContainer(record);
        request.getUpdateMaskBuilder().addPaths("extensions." + EXTENSION);
        var _ = Containerd.call(() -> containerd.containers().update(request.build()));
    }

    void delete(String id) throws ContainersException {
        var request = DeleteContainerRequest.newBuilder().setId(id).build();
        Containerd.remove(() -> containerd.containers().delete(request));
    }

    /// Ours, and no others that someone put there.
    List<Found> list() throws IOException {
        var found = new ArrayList<Found>();
        var request = ListContainersRequest.getDefaultInstance();
        for (var record :
                Containerd.call(() -> containerd.containers().list(request)).getContainersList()) {
            var extension = record.getExtensionsMap().get(EXTENSION);
            if (extension != null) {
                var kept = JsonMapper.shared().readValue(extension.getValue().toByteArray(), Kept.class);
                found.add(new Found(kept, instant(record.getCreatedAt())));
            }
        }
        return found;
    }

    /// The specification that a container was created with.
    JsonNode specification(String id) throws ContainersException {
        var request = GetContainerRequest.newBuilder().setId(id).build();
        var record = Containerd.call(() -> containerd.containers().get(request)).getContainer();
        return JsonMapper.shared().readTree(record.getSpec().getValue().toByteArray());
    }

    static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
