package io.panal.node.work;

import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.agent.Assignment;
import io.panal.core.agent.NetworkOrders;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.dataplane.Sandbox;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// The host's network: as it was ordered last, and tasks put on it.
///
/// What cannot be done is tried again until it can be, or is no longer wanted; a task that needs it hears why not.
final class NetworkWork implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NetworkWork.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Dataplane dataplane;
    /// One thread: a task is attached after the network that was ordered before it.
    private final OneByOne thread = new OneByOne("network");

    /// @param done told when the kernel is as ordered
    private record Wanted(NetworkOrders orders, Runnable done) {}

    private final AtomicReference<Optional<Wanted>> ordered = new AtomicReference<>(Optional.empty());
    /// Of the thread alone, as what follows.
    private final KnownServices known = new KnownServices();

    private NetworkOrders last = NetworkOrders.NONE;

    NetworkWork(Dataplane dataplane) {
        this.dataplane = dataplane;
    }

    /// Orders that came while others were being carried out are carried out as one: the last.
    ///
    /// @param done told when the kernel is as ordered, or as these or later orders want it
    void connect(NetworkOrders orders, Runnable done) {
        ordered.set(Optional.of(new Wanted(orders, done)));
        thread.perform(() -> ordered.getAndSet(Optional.empty()).ifPresent(newest -> apply(newest, FIRST_PAUSE)));
    }

    private void apply(Wanted wanted, Duration pause) {
        last = wanted.orders();
        if (!isAsOrdered(wanted)) {
            thread.performAfter(pause, () -> again(wanted, pause));
        }
    }

    /// A port that another program holds is tried again, but keeps nobody waiting: nothing comes in by it.
    private boolean isAsOrdered(Wanted wanted) {
        try {
            boolean isWhole =
                    dataplane.apply(NetworkPlans.state(wanted.orders(), known)).isEmpty();
            wanted.done().run();
            return isWhole;
        } catch (IOException failed) {
            LOG.log(WARNING, "network not as ordered, trying again", failed);
            return false;
        }
    }

    private void again(Wanted wanted, Duration pause) {
        if (last.equals(wanted.orders())) {
            apply(wanted, pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause);
        }
    }

    /// @param networks names of the networks that this node takes part in, by their ids
    record Attached(Sandbox sandbox, Map<String, String> networks) {}

    /// @throws IOException with the reason that a user is to see
    Attached attach(Assignment order, String hostname) throws IOException, InterruptedException {
        return thread.await(() -> new Attached(
                dataplane.attach(NetworkPlans.task(order, hostname, last)),
                last.overlays().stream()
                        .collect(Collectors.toMap(overlay -> overlay.id().value(), NetworkOrders.Overlay::name))));
    }

    /// Safe to repeat.
    void detach(String task) throws IOException {
        dataplane.detach(task);
    }

    @Override
    public void close() {
        thread.close();
    }
}
