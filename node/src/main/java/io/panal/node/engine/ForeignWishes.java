package io.panal.node.engine;

import io.panal.node.containers.ContainersException;
import io.panal.node.containers.Signals;
import io.panal.node.http.Refusal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a client may ask of a container that is not done here. A container without what it was asked for would fail
/// later and elsewhere: so it is refused. A share of the processor or of a disk it can do without: that is told.
///
/// Source of the fields: Docker's Engine API, `HostConfig` of `POST /containers/create`.
final class ForeignWishes {
    private record Wish(String field, String option) {}

    private static final List<Wish> LISTS = List.of(
            new Wish("Devices", "--device"),
            new Wish("DeviceRequests", "--gpus"),
            new Wish("VolumesFrom", "--volumes-from"),
            new Wish("Links", "--link"));
    private static final List<Wish> SPACES = List.of(
            new Wish("PidMode", "--pid"),
            new Wish("IpcMode", "--ipc"),
            new Wish("UTSMode", "--uts"),
            new Wish("CgroupnsMode", "--cgroupns"));
    private static final List<Wish> SHARES = List.of(
            new Wish("CpuShares", "--cpu-shares"),
            new Wish("CpusetCpus", "--cpuset-cpus"),
            new Wish("CpusetMems", "--cpuset-mems"),
            new Wish("BlkioWeight", "--blkio-weight"));

    private ForeignWishes() {}

    /// @param body of the client, with its `HostConfig`
    /// @throws Refusal naming the option
    /// @throws ContainersException for a stop signal that is none
    static void refuse(JsonNode body) throws Refusal, ContainersException {
        JsonNode host = body.path("HostConfig");
        for (Wish wish : LISTS) {
            if (!host.path(wish.field()).isEmpty()) {
                throw refusal(wish.option());
            }
        }
        for (Wish wish : SPACES) {
            String space = host.path(wish.field()).asString("");
            if (space.equals("host") || space.startsWith("container:")) {
                throw refusal(wish.option() + " " + space);
            }
        }
        String signal = body.path("StopSignal").asString("");
        if (!signal.isEmpty()) {
            Signals.parse(signal);
        }
    }

    // Not 404 nor 501: clients of Docker make nothing of a refusal but its text.
    private static Refusal refusal(String option) {
        return new Refusal(400, option + " is not supported: run the container without it");
    }

    /// What the client prints after `WARNING: `.
    static List<String> warnings(JsonNode host) {
        List<String> warnings = new ArrayList<>();
        for (Wish wish : SHARES) {
            JsonNode wanted = host.path(wish.field());
            if (wanted.isString() ? !wanted.asString("").isEmpty() : wanted.asLong(0) != 0) {
                warnings.add(wish.option() + " is not supported and was left out.");
            }
        }
        return warnings;
    }
}
