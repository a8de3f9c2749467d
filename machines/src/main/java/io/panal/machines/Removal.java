package io.panal.machines;

import io.panal.machines.host.LocalHost;
import io.panal.machines.model.MachineFailure;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.Site;
import io.panal.machines.model.Subnet;
import io.panal.machines.store.Exclusive;
import io.panal.machines.store.Storage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashSet;

/// Takes machines away, and after the last one what all shared.
final class Removal {
    private static final System.Logger log = System.getLogger(Removal.class.getName());

    private final Site site;
    private final Storage storage;

    Removal(Site site, Storage storage) {
        this.site = site;
        this.storage = storage;
    }

    /// @param own the machine's lock, which goes with it
    void forget(MachineName name, Exclusive own) throws IOException {
        new LocalHost(site, name, storage.folder(name)).delete();
        own.lastUse();
        dropWhatNobodyUses();
    }

    /// Removes networks without machines; without any machine, certificates, run directory and storage too.
    void dropWhatNobodyUses() throws IOException {
        Exclusive.during(new Locks(site).shared(), shared -> {
            var names = storage.names();
            var used = new HashSet<Subnet>();
            for (var name : names) {
                try {
                    storage.load(name).map(machine -> machine.plan().subnet()).ifPresent(used::add);
                } catch (MachineFailure unreadable) {
                    // Such a machine may use any of the networks: all stay until it is removed.
                    log.log(Level.WARNING, () -> "networks kept reason=" + unreadable.getMessage());
                    return;
                }
            }
            LocalHost.removeNetworks(site, used);
            if (names.isEmpty()) {
                LocalHost.removeShared(storage);
                LocalHost.removeRunDirectory(site);
                shared.lastUse();
            }
        });
    }
}
