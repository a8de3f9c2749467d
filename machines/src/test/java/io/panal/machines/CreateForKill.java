package io.panal.machines;

import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachinePlan;
import io.panal.machines.model.Site;
import io.panal.machines.model.Subnet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A creation in a process of its own, whose daemon never answers: waits to be killed.
public final class CreateForKill {
    private CreateForKill() {}

    public static void main(String[] arguments) throws Exception {
        var site = new Site(Path.of(arguments[0]), List.of("/bin/sleep", "1000", "--"), List.of(), Map.of());
        Machines.at(site)
                .create(
                        MachinePlan.plain(MachineName.of(arguments[1]), Subnet.parse(arguments[2])),
                        (_, step) -> System.out.println(step));
    }
}
