package io.panal.core.manager.turn;

import io.panal.core.model.Id;
import io.panal.core.model.Service;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which services are to be looked at: those that something happened to, and those that asked for a time.
public final class Agenda {
    private record Alarm(Instant at, Id<Service> service) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : service.compareTo(other.service);
        }
    }

    private final NavigableSet<Id<Service>> awake = new TreeSet<>();
    private final NavigableSet<Alarm> alarms = new TreeSet<>();
    private final TreeMap<Id<Service>, Instant> times = new TreeMap<>();

    public void wake(Id<Service> service) {
        awake.add(service);
    }

    /// A later time than one already asked for changes nothing.
    public void askAgain(Id<Service> service, Instant at) {
        Instant known = times.get(service);
        if (known != null && !known.isAfter(at)) {
            return;
        }
        if (known != null) {
            alarms.remove(new Alarm(known, service));
        }
        times.put(service, at);
        alarms.add(new Alarm(at, service));
    }

    /// Wakes those whose time has come.
    public void advanceTo(Instant now) {
        while (!alarms.isEmpty() && !alarms.first().at().isAfter(now)) {
            Alarm due = alarms.removeFirst();
            times.remove(due.service());
            awake.add(due.service());
        }
    }

    public boolean isIdle() {
        return awake.isEmpty();
    }

    public Optional<Id<Service>> next() {
        return Optional.ofNullable(awake.pollFirst());
    }

    public Optional<Instant> wakeAt() {
        return alarms.isEmpty() ? Optional.empty() : Optional.of(alarms.first().at());
    }
}
