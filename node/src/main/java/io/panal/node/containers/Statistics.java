package io.panal.node.containers;

import com.google.protobuf.InvalidProtocolBufferException;
import io.panal.containerd.tasks.MetricsRequest;
import io.panal.containerd.types.Metric;
import java.time.Instant;

/// What a container has used. Counters grow from its start on.
///
/// @param cpuNanos          time of all cores
/// @param kernelNanos       of it, in the kernel
/// @param memoryBytes       used now, without what the kernel could drop from its cache at once
/// @param memoryLimitBytes  of the group; a very large number where there is none
/// @param pids              processes and threads now
/// @param readBytes         from block devices
/// @param writtenBytes      to block devices
public record Statistics(
        Instant at,
        long cpuNanos,
        long kernelNanos,
        long memoryBytes,
        long memoryLimitBytes,
        long pids,
        long readBytes,
        long writtenBytes) {
    private static final long NANOS_PER_MICRO = 1000;

    static Statistics of(Containerd containerd, String id) throws ContainersException {
        var request = MetricsRequest.newBuilder().addFilters("id==" + id).build();
        var metrics = Containerd.call(() -> containerd.tasks().metrics(request)).getMetricsList();
        if (metrics.isEmpty()) {
            throw new ContainersException(
                    ContainersException.Reason.MISSING, "container %s has nothing to measure now".formatted(id));
        }
        try {
            return of(metrics.getFirst());
        } catch (InvalidProtocolBufferException broken) {
            throw new ContainersException(
                    ContainersException.Reason.FAILED,
                    "containerd's metrics are not understood: " + broken.getMessage());
        }
    }

    private static Statistics of(Metric metric) throws InvalidProtocolBufferException {
        var at = Records.instant(metric.getTimestamp());
        return metric.getData().getTypeUrl().contains("cgroups.v2")
                ? of(
                        at,
                        io.panal.containerd.cgroups2.Metrics.parseFrom(
                                metric.getData().getValue()))
                : of(
                        at,
                        io.panal.containerd.cgroups1.Metrics.parseFrom(
                                metric.getData().getValue()));
    }

    private static Statistics of(Instant at, io.panal.containerd.cgroups1.Metrics metrics) {
        var memory = metrics.getMemory();
        long read = 0;
        long written = 0;
        for (var entry : metrics.getBlkio().getIoServiceBytesRecursiveList()) {
            read += entry.getOp().equals("Read") ? entry.getValue() : 0;
            written += entry.getOp().equals("Write") ? entry.getValue() : 0;
        }
        return new Statistics(
                at,
                metrics.getCpu().getUsage().getTotal(),
                metrics.getCpu().getUsage().getKernel(),
                memory.getUsage().getUsage() - memory.getTotalInactiveFile(),
                memory.getUsage().getLimit(),
                metrics.getPids().getCurrent(),
                read,
                written);
    }

    private static Statistics of(Instant at, io.panal.containerd.cgroups2.Metrics metrics) {
        long read = 0;
        long written = 0;
        for (var entry : metrics.getIo().getUsageList()) {
            read += entry.getRbytes();
            written += entry.getWbytes();
        }
        return new Statistics(
                at,
                metrics.getCpu().getUsageUsec() * NANOS_PER_MICRO,
                metrics.getCpu().getSystemUsec() * NANOS_PER_MICRO,
                metrics.getMemory().getUsage() - metrics.getMemory().getInactiveFile(),
                metrics.getMemory().getUsageLimit(),
                metrics.getPids().getCurrent(),
                read,
                written);
    }
}
