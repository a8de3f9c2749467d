package io.panal.machines;

import io.panal.machines.model.MachineName;
import io.panal.machines.model.Site;
import java.nio.file.Path;

/// The lock files of a storage. A machine's own is always taken before the shared one.
record Locks(Site site) {
    /// Held while something is done to one machine.
    Path own(MachineName name) {
        return site.runDirectory().resolve("locks").resolve(name.text());
    }

    /// Held while addresses, networks or certificates are given or taken.
    Path shared() {
        return site.runDirectory().resolve("lock");
    }
}
