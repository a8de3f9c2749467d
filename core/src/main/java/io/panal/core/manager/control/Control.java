package io.panal.core.manager.control;

import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.Kind;
import java.util.NavigableSet;

/// Checks a command and brings it into the draft. What is refused changes nothing.
public final class Control {
    private Control() {}

    /// @param members who takes part in consensus
    /// @return what to answer once the turn is committed
    public static Answer apply(Command command, Turn turn, NavigableSet<Id<Node>> members) {
        return switch (command) {
            case Command.CreateCluster create -> ClusterControl.create(create, turn);
            case Command.ForceNewCluster anew -> ClusterControl.forceNew(anew, turn);
            case Command.UpdateCluster update -> ClusterControl.update(update, turn);
            case Command.AdmitNode admit -> NodeControl.admit(admit, turn);
            case Command.EnlistMember enlist -> NodeControl.enlist(enlist, turn);
            case Command.PartNode part -> NodeControl.part(part, turn);
            case Command.FarewellNode farewell -> NodeControl.farewell(farewell, turn, members);
            case Command.UpdateNode update -> NodeControl.update(update, turn, members);
            case Command.RemoveNode remove -> NodeControl.remove(remove, turn, members);
            case Command.CreateService create -> ServiceControl.create(create, turn);
            case Command.UpdateService update -> ServiceControl.update(update, turn);
            case Command.RemoveService remove -> ServiceControl.remove(remove, turn);
            case Command.CreateNetwork create -> NetworkControl.create(create, turn);
            case Command.RemoveNetwork remove -> NetworkControl.remove(remove, turn);
            case Command.HostGuest host -> GuestControl.host(host, turn);
            case Command.DropGuests drop -> GuestControl.drop(drop, turn);
            case Command.CreateSecret create -> FileControl.create(create, turn);
            case Command.CreateConfig create -> FileControl.create(create, turn);
            case Command.UpdateSecret update ->
                FileControl.relabel(
                        "secret",
                        turn.view().secrets().find(update.id()),
                        update.id(),
                        update.version(),
                        secret -> turn.put(secret.relabelled(update.labels())));
            case Command.UpdateConfig update ->
                FileControl.relabel(
                        "config",
                        turn.view().configs().find(update.id()),
                        update.id(),
                        update.version(),
                        config -> turn.put(config.relabelled(update.labels())));
            case Command.RemoveSecret remove ->
                FileControl.remove(
                        "secret",
                        turn.view()
                                .secrets()
                                .find(remove.id())
                                .map(secret -> secret.spec().name()),
                        remove.id(),
                        Kind.SECRET,
                        turn);
            case Command.RemoveConfig remove ->
                FileControl.remove(
                        "config",
                        turn.view()
                                .configs()
                                .find(remove.id())
                                .map(config -> config.spec().name()),
                        remove.id(),
                        Kind.CONFIG,
                        turn);
        };
    }
}
