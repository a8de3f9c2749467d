package io.panal.simulator;

import io.panal.core.manager.control.Answer;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Id;
import io.panal.core.model.Service;
import io.panal.core.store.View;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What users were told is done.
final class Acknowledged {
    private final TreeSet<Id<Service>> created = new TreeSet<>();
    private final Map<Id<Service>, Long> updatedFrom = new TreeMap<>();
    private final TreeSet<Id<Service>> asked = new TreeSet<>();
    private final TreeSet<Id<Service>> removed = new TreeSet<>();

    /// A removal may be done though nobody was told so.
    void asked(Command command) {
        if (command instanceof Command.RemoveService(Id<Service> id)) {
            asked.add(id);
        }
    }

    /// @param view the newest committed state
    /// @throws BrokenLaw when the state is older than the answer
    void add(Command command, Answer answer, View view) {
        if (!(answer instanceof Answer.Done done)) {
            return;
        }
        if (view.version() < done.version()) {
            throw new BrokenLaw("an acknowledged write is in the log: %s is not".formatted(command));
        }
        if (command instanceof Command.CreateService create) {
            created.add(create.id());
        } else if (command instanceof Command.UpdateService update) {
            updatedFrom.merge(update.id(), update.version(), Math::max);
        } else if (command instanceof Command.RemoveService(Id<Service> id)) {
            removed.add(id);
        }
        check(view);
    }

    void check(View view) {
        for (Id<Service> id : created) {
            if (!asked.contains(id) && view.services().find(id).isEmpty()) {
                throw new BrokenLaw("no acknowledged write is lost: service %s is gone".formatted(id));
            }
        }
        updatedFrom.forEach((id, version) -> {
            boolean isAsItWas = view.services()
                    .find(id)
                    .filter(service -> service.meta().version().index() <= version)
                    .isPresent();
            if (isAsItWas) {
                throw new BrokenLaw("no acknowledged write is lost: service %s is as it was".formatted(id));
            }
        });
        for (Id<Service> id : removed) {
            if (view.services().find(id).isPresent()) {
                throw new BrokenLaw("no acknowledged write is lost: service %s is back".formatted(id));
            }
        }
    }
}
