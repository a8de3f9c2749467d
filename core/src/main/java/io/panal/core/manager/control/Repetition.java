package io.panal.core.manager.control;

import io.panal.core.model.Id;
import io.panal.core.model.Stored;
import io.panal.core.store.Table;
import io.panal.core.store.View;
import java.util.Optional;
import java.util.function.Predicate;

/// Asking again for what a lost leader may have done already.
///
/// Ids are made by who asks, and changes name the version that they change, so doing something twice is refused; the
/// state tells then whether it was our own first attempt that did it.
public final class Repetition {
    private Repetition() {}

    /// Whether a second attempt does no harm where the first one succeeded.
    public static boolean isHarmless(Command command) {
        return switch (command) {
            case Command.CreateService _,
                    Command.UpdateService _,
                    Command.RemoveService _,
                    Command.CreateNetwork _,
                    Command.RemoveNetwork _,
                    Command.HostGuest _,
                    Command.DropGuests _,
                    Command.CreateSecret _,
                    Command.UpdateSecret _,
                    Command.RemoveSecret _,
                    Command.CreateConfig _,
                    Command.UpdateConfig _,
                    Command.RemoveConfig _,
                    Command.UpdateNode _,
                    Command.RemoveNode _ -> true;
            case Command.CreateCluster _,
                    Command.ForceNewCluster _,
                    Command.UpdateCluster _,
                    Command.AdmitNode _,
                    Command.EnlistMember _,
                    Command.PartNode _,
                    Command.FarewellNode _ -> false;
        };
    }

    /// What came of a command that was asked for more than once.
    ///
    /// @param last the answer to the last attempt, after one of which nothing is known
    /// @param now a state at least as new as that answer
    public static Answer settled(Command command, Answer last, View now) {
        return switch (command) {
            case Command.CreateService created -> made(last, now.services(), created.id());
            case Command.CreateNetwork created -> made(last, now.networks(), created.id());
            case Command.CreateSecret created -> made(last, now.secrets(), created.id());
            case Command.CreateConfig created -> made(last, now.configs(), created.id());
            case Command.RemoveService removed -> gone(last, removed.id(), now);
            case Command.RemoveNetwork removed -> gone(last, removed.id(), now);
            case Command.RemoveSecret removed -> gone(last, removed.id(), now);
            case Command.RemoveConfig removed -> gone(last, removed.id(), now);
            case Command.RemoveNode removed -> gone(last, removed.id(), now);
            case Command.UpdateService changed ->
                changed(
                        last,
                        now.services(),
                        changed.id(),
                        found -> found.spec().equals(changed.spec()));
            case Command.UpdateNode changed ->
                changed(last, now.nodes(), changed.id(), found -> found.spec().equals(changed.spec()));
            case Command.UpdateSecret changed ->
                changed(
                        last,
                        now.secrets(),
                        changed.id(),
                        found -> found.spec().labels().equals(changed.labels()));
            case Command.UpdateConfig changed ->
                changed(
                        last,
                        now.configs(),
                        changed.id(),
                        found -> found.spec().labels().equals(changed.labels()));
            case Command.HostGuest _,
                    Command.DropGuests _,
                    Command.CreateCluster _,
                    Command.ForceNewCluster _,
                    Command.UpdateCluster _,
                    Command.AdmitNode _,
                    Command.EnlistMember _,
                    Command.PartNode _,
                    Command.FarewellNode _ -> last;
        };
    }

    private static <T extends Stored<T>> Answer made(Answer last, Table<T> objects, Id<T> id) {
        Optional<T> found = objects.find(id);
        return last instanceof Answer.Conflict && found.isPresent()
                ? Answers.done(id, found.get().meta().version().index())
                : last;
    }

    private static Answer gone(Answer last, Id<?> id, View now) {
        return last instanceof Answer.Missing ? Answers.done(id, now.version()) : last;
    }

    private static <T extends Stored<T>> Answer changed(
            Answer last, Table<T> objects, Id<T> id, Predicate<T> isAsAsked) {
        Optional<T> found = objects.find(id).filter(isAsAsked);
        return last instanceof Answer.OutOfSequence && found.isPresent()
                ? Answers.done(id, found.get().meta().version().index())
                : last;
    }
}
