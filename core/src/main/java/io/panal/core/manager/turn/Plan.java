package io.panal.core.manager.turn;

import io.panal.core.model.Id;
import io.panal.core.model.Stored;
import io.panal.core.store.Change;
import io.panal.core.store.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a reconciler decided.
///
/// @param askAgain when it is to be asked again though nothing happened; empty when only changes matter
public record Plan(List<Change> changes, Optional<Instant> askAgain) {
    public static final Plan NOTHING = new Plan(List.of(), Optional.empty());

    public Plan {
        changes = List.copyOf(changes);
    }

    /// A plan in the making.
    ///
    /// What does not fit into the turn any more is left out, and asked for again at once.
    public static final class Draftsman {
        private final int room;
        private final Instant now;
        private final List<Change> changes = new ArrayList<>();
        private Optional<Instant> askAgain = Optional.empty();

        Draftsman(int room, Instant now) {
            this.room = room;
            this.now = now;
        }

        /// Whether the turn takes more; when not, the plan's key is asked again in the next turn.
        public boolean hasRoom() {
            if (changes.size() >= room) {
                askAt(now);
                return false;
            }
            return true;
        }

        public void put(Stored<?> object) {
            changes.add(new Change.Put(object));
        }

        public <T extends Stored<T>> void delete(Kind<T> kind, Id<T> id) {
            changes.add(new Change.Delete(kind.name(), id.value()));
        }

        /// The earliest of all that were asked for counts.
        public void askAt(Instant when) {
            if (askAgain.filter(known -> !known.isAfter(when)).isEmpty()) {
                askAgain = Optional.of(when);
            }
        }

        public Plan plan() {
            return new Plan(changes, askAgain);
        }
    }
}
